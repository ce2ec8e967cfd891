"""Which columns a line has and how wide they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.render.panes.columns import ROLE, USUAL, ColumnNeeds, columns_for
from ctui.render.panes.event_lines import titles
from ctui.render.text.spans import plain, width

DEMO = {"event": 25, "user": 19, ROLE: 32, "ip": 14, "source": 14, "resource": 27, "region": 0, "error": 12}
"""What a page of the demo needs."""


def shown(cells: int, **changed: int) -> dict[str, int]:
    """The columns and their widths for the demo's rows."""
    return {place.name: place.cells for place in columns_for(cells, {**DEMO, **changed}).places}


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (76, "event user error"),
        (85, "event user ip resource error"),
        (96, "event user ip resource error"),
        (118, "event user ip resource error"),
        (156, "event user ip source resource error"),
    ],
)
def test_wider_lines_say_more(cells: int, names: str) -> None:
    assert " ".join(shown(cells)) == names


@given(st.integers(96, 300), st.dictionaries(st.sampled_from([*USUAL, ROLE]), st.integers(0, 60)))
def test_from_a_terminal_of_100_cells_on_the_source_ip_is_there(cells: int, needs: dict[str, int]) -> None:
    assert "ip" in columns_for(cells, {**needs, "ip": 12}).names


@pytest.mark.parametrize("cells", [76, 85, 118])
def test_a_column_without_a_value_leaves_its_room_to_others(cells: int) -> None:
    assert "error" not in shown(cells, error=0)
    assert "ip" in shown(76, error=0)
    assert shown(118, region=9)["region"] == 9
    assert "region" not in shown(96, region=9), "no name is cut for it"


@pytest.mark.parametrize(
    ("cells", "names", "region"),
    [
        (76, "event user account", None),
        (96, "event user ip account region error", 11),
        (118, "event user ip resource account region error", 14),
    ],
)
def test_rows_of_several_accounts_say_which_and_where(cells: int, names: str, region: int | None) -> None:
    columns = shown(cells, account=15, region=14)
    assert " ".join(columns) == names
    assert columns.get("region") == region, "a Region that is cut may be one of several"


def test_error_and_resource_share_what_event_user_and_ip_leave() -> None:
    columns = shown(110, error=40, resource=60)
    assert (columns["event"], columns["ip"], columns["resource"], columns["error"]) == (25, 14, 16, 21)
    wider = shown(160, error=60, resource=60)
    assert (wider["resource"], wider["error"]) == (32, 37), (
        "22 and 16 first, then the person's role, then the same to each"
    )


def test_nothing_is_cut_where_there_is_room() -> None:
    assert {name: cells for name, cells in shown(190).items() if name != "user"} == {
        name: DEMO[name] for name in USUAL if name not in ("user", "account", "region")
    }
    assert shown(190)["user"] == DEMO[ROLE]


@given(
    st.integers(0, 260),
    st.dictionaries(st.sampled_from([*USUAL, ROLE, "requestParameters.name"]), st.integers(0, 300)),
    st.permutations([*USUAL, "requestParameters.name"]),
)
def test_columns_stand_one_behind_the_other_within_the_width(
    cells: int, needs: dict[str, int], names: list[str]
) -> None:
    columns = columns_for(cells, needs, names)
    end = 10
    for place in columns.places:
        assert place.start > end
        assert place.cells > 0
        end = place.start + place.cells
    assert end <= max(cells, 10)
    assert width(titles(columns)) == columns.width == cells
    if cells >= 14:
        assert {"event", "user"} <= set(columns.names), "what and who are always there"


def test_needs_only_grow() -> None:
    needs = ColumnNeeds()
    for each in ({"event": 9, "user": 4}, {"event": 7, "ip": 12}):
        needs.add(each)
    assert needs.cells == {"event": 9, "user": 4, "ip": 12}


def test_a_path_is_titled_by_its_last_part() -> None:
    columns = columns_for(100, {"requestParameters.bucketName": 4}, ("event", "requestParameters.bucketName"))
    assert plain(titles(columns)).split() == ["time", "UTC", "event", "bucketName"]
