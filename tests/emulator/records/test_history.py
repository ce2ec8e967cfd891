"""Event history: what comes back is what went in, once, and it stays."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ctui.emulator.records.adding import AddResult
from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.errors import StoreError
from ctui.model.event.event import Resource
from ctui.model.lookup.lookup import Category

EVENT = Recorded(
    account="111111111111",
    region="eu-west-1",
    event_id="id-1",
    time=1000,
    available=1000.5,
    name="CreateUser",
    source="iam.amazonaws.com",
    username="[bold]\x1b[31m\u202e",
    read_only="false",
    access_key_id="AKIAEXAMPLE",
    resources=(Resource("AWS::IAM::User", "x\x00y"), Resource(None, "n"), Resource("T", None)),
    record='{"eventName" : "CreateUser", "b":"\\ud800", "a":1.0}',
    origin=Origin.LOADED,
    category=Category.INSIGHT,
)
EVERYTHING = Query(EVENT.account, EVENT.region, 0, 2**53, 2.0**60, 2**53, category=Category.INSIGHT)


def test_an_event_comes_back_as_it_went_in_and_survives_the_process(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    history.add([EVENT])
    # No close: a process that is killed does not say goodbye either.
    again = EventHistory(tmp_path / "state.db")
    assert again.page(EVERYTHING, None, 50) == ([EVENT], None)
    again.close()
    history.close()


def test_one_event_id_is_one_event_and_the_first_stays(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    other_text, elsewhere = replace(EVENT, record="{}"), replace(EVENT, region="us-east-1")
    nameless = replace(EVENT, event_id=None)
    assert history.add([EVENT, EVENT, other_text, elsewhere, nameless, nameless]) == AddResult(
        new=3, same=2, clashing=1
    )
    assert history.page(EVERYTHING, None, 50)[0] == [nameless, EVENT]
    history.close()


def test_nothing_is_available_before_it_happened(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    history.add([replace(EVENT, available=1.0)])
    for horizon, count in ((999.9, 0), (1000.0, 1)):
        assert len(history.page(replace(EVERYTHING, horizon=horizon), None, 50)[0]) == count
    history.close()


@pytest.mark.parametrize("value", ["createuser", "CreateUser ", "Create", "", "\ud800"])
def test_values_match_exactly_and_case_sensitively(value: str, tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    history.add([EVENT])
    assert history.page(replace(EVERYTHING, attribute=("EventName", value)), None, 50) == ([], None)
    assert history.page(replace(EVERYTHING, attribute=("EventName", "CreateUser")), None, 50) == ([EVENT], None)
    history.close()


@pytest.mark.parametrize(
    ("read_only", "name", "writes"),
    [
        ("false", "GetUser", True),
        ("true", "CreateUser", False),
        (None, "DescribeTrails", False),
        (None, "ConsoleLogin", True),
        (None, None, True),
    ],
)
def test_what_writes_is_what_the_record_says_or_else_the_name(
    read_only: str | None, name: str | None, writes: bool
) -> None:
    assert replace(EVENT, read_only=read_only, name=name).writes is writes


def test_a_file_that_is_no_database_is_a_plain_error(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("this is a diary, not a database " * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        EventHistory(path)
    with pytest.raises(StoreError, match="cannot be opened"):
        EventHistory(tmp_path / "no" / "such" / "folder" / "state.db")


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    assert (tmp_path / "state.db").stat().st_mode & 0o077 == 0
    history.close()


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        (None, ["live", "loaded", "read"]),
        ((), ["loaded"]),
        (((1000.0, 1001.0),), ["live", "loaded", "read"]),
        (((900.0, 1000.0),), ["loaded"]),
        (((999.5, 1000.5),), ["live", "loaded", "read"]),
        (((1000.5, 2000.0),), ["loaded"]),
        (((10.0, 20.0), (990.0, 2.0**60)), ["live", "loaded", "read"]),
        (((990.0, 1005.0), (0.0, 1001.0)), ["live", "loaded", "read"]),
    ],
)
def test_the_edition_of_2015_knows_loaded_events_and_what_trails_logged(
    stretches: tuple[tuple[float, float], ...] | None, expected: list[str], tmp_path: Path
) -> None:
    history = EventHistory(tmp_path / "state.db")
    live = replace(EVENT, event_id="live", origin=Origin.LIVE)
    history.add([live, replace(EVENT, event_id="loaded"), replace(live, event_id="read", read_only="true")])
    query = replace(EVERYTHING, stretches=stretches)
    assert sorted(event.event_id or "" for event in history.page(query, None, 50)[0]) == expected
    written = history.page(replace(query, write_only=True), None, 50)[0]
    assert sorted(event.event_id or "" for event in written) == [name for name in expected if name != "read"]
    history.close()


def test_a_history_of_the_version_before_is_opened_and_its_events_are_found_by_their_id(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    history.add([EVENT])
    history.close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as state, state:
        state.execute("UPDATE history_meta SET value = '1' WHERE name = 'schema'")
    history = EventHistory(tmp_path / "state.db")
    only = replace(EVERYTHING, attribute=("EventId", "id-1"))
    assert history.page(only, None, 50) == ([EVENT], None)
    assert history.page(replace(only, start=1001), None, 50) == ([], None)
    assert history.page(replace(only, category=Category.MANAGEMENT), None, 50) == ([], None)
    assert history.page(only, (1000, 1), 50) == ([], None)
    history.close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as state, state:
        state.execute("UPDATE history_meta SET value = '3' WHERE name = 'schema'")
    with pytest.raises(StoreError, match="another version"):
        EventHistory(tmp_path / "state.db")


def test_a_batch_with_known_events_stores_the_others(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    many = [replace(EVENT, event_id=f"id-{number}", time=1000 + number) for number in range(1200)]
    assert history.add(many[::3]) == AddResult(new=400)
    assert history.add([*many, replace(many[0], record="{}")]) == AddResult(new=800, same=400, clashing=1)
    page, _ = history.page(EVERYTHING, None, 2000)
    assert page == many[::-1]
    found = history.page(replace(EVERYTHING, attribute=("Username", EVENT.username or "")), None, 2000)[0]
    assert found == page
    history.close()
