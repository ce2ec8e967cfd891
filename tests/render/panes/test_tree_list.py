"""Accounts and Regions that have log files: one a line, and in full."""

from datetime import UTC, datetime

import pytest
from support.trees import DAY, HOLE, START, TREE, tree

from ctui.model.log_files.tree_state import Deliveries, TreePhase
from ctui.render.panes.hole_line import HoleWords, hole_line
from ctui.render.panes.tree_list import delivery_row, delivery_titles, tree_lines, tree_summary
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
NAMES = {"222222222222": "shop-production"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            36,
            [
                "▲ 111111111111   us-east-1       300",
                "· shop-producti… eu-central-1      9",
                "· not known      not known         3",
            ],
        ),
        (24, ["▲ 111111111111       300", "· shop-production      9", "· not known            3"]),
    ],
)
def test_a_line_says_how_many_files_and_whether_some_may_be_missing(cells: int, said: list[str]) -> None:
    lines = [delivery_row(one, NAMES, NOW, cells) for one in TREE.deliveries]
    assert [plain(line) for line in lines] == said
    assert delivery_titles(cells) == ()


def test_with_room_there_are_columns() -> None:
    titles, *lines = (delivery_titles(110), *(delivery_row(one, NAMES, NOW, 110) for one in TREE.deliveries))
    assert {width(line) for line in (titles, *lines)} == {110}
    assert plain(titles).split() == ["Account", "Region", "files", "events", "from", "to", "holes"]
    first, second, third = (plain(line).split() for line in lines)
    assert first == ["▲", "111111111111", "us-east-1", "300", "200,000", "1", "Nov", "00:05", "21", "Nov", "00:05", "1"]
    assert second[:3] == ["·", "shop-production", "eu-central-1"]
    assert third == ["·", "not", "known", "not", "known", "3", "3"]
    # Numbers stand below their titles.
    assert plain(titles).index("events") + len("events") == plain(lines[0]).index("200,000") + len("200,000")


def test_the_chosen_one_and_the_tree_are_told_in_full() -> None:
    lines = [
        plain(line)
        for line in tree_lines([tree(waiting=40, phase=TreePhase.INDEXING)], TREE.deliveries[0], {}, NOW, 120)
    ]
    assert lines == [
        "111111111111 us-east-1",
        "files   300",
        "events  200,000",
        "from    2026-11-01 00:05 UTC",
        "to      2026-11-21 00:05 UTC",
        "no file, possible holes:",
        "▲ 4 Nov 00:05 to 5 Nov 00:05",
        "  24 h · StopLogging may explain it",
        "",
        "/data/logs",
        "files   312, 40 to be read",
        "events  200,123",
        "from    2026-11-01 00:05 UTC",
        "to      2026-11-21 00:05 UTC",
        "completeness unknown: quiet Regions deliver no files",
        "not read: ctui files check",
        "     12 a folder",
        "      3 no CloudTrail records in it",
    ]


def test_in_80_columns_the_number_of_holes_gives_way() -> None:
    line = plain(delivery_row(TREE.deliveries[0], NAMES, NOW, 76))
    assert line.split()[-6:] == ["1", "Nov", "00:05", "21", "Nov", "00:05"]
    assert plain(delivery_titles(76)).split()[-1] == "to"


def test_many_holes_end_with_their_number() -> None:
    holes = tuple(HOLE.__class__("1", "x", START + number * DAY, START + number * DAY + 9) for number in range(23))
    one = Deliveries("1", "x", 3, START, START + DAY, 3, holes)
    lines = [plain(line) for line in tree_lines([], one, {}, NOW, 120)]
    assert lines[-1] == "and 3 older ones"


@pytest.mark.parametrize("cells", [1, 8, 20, 36, 80, 160])
def test_names_of_files_cannot_fool_a_terminal(cells: int) -> None:
    bad = "\x1b[2J[red]\u202e日本語\udcff" * 600
    hostile = tree(path=bad, error=bad, unread=((bad, 1),), deliveries=(Deliveries(bad, bad, 1, None, None, 1),))
    lines = [
        *tree_lines([hostile], hostile.deliveries[0], {}, NOW, cells),
        delivery_row(hostile.deliveries[0], {}, NOW, cells),
        tree_summary([hostile], cells),
        hole_line(HoleWords("a", "b", "1 h", (bad, bad), (bad,)), cells),
    ]
    assert all(width(line) <= max(cells, 9) for line in lines)
    assert not {"\x1b", "\u202e", "\udcff"} & set("".join(map(plain, lines)))


HOLE_WORDS = HoleWords("14 Nov 23:50", "16 Nov 00:05", "24 h", ("shop us-east-1",), ("StopLogging",))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            140,
            "possible hole: no file of shop us-east-1 from 14 Nov 23:50 to 16 Nov 00:05 UTC (24 h)"
            " · StopLogging may explain it",
        ),
        (110, "possible hole: no file of shop us-east-1 from 14 Nov 23:50 to 16 Nov 00:05 UTC (24 h) · StopLogging?"),
        (100, "possible hole: no file of shop us-east-1 from 14 Nov 23:50 to 16 Nov 00:05 · StopLogging?"),
        (76, "possible hole: no file from 14 Nov 23:50 to 16 Nov 00:05 · StopLogging?"),
        (56, "possible hole: no file for 24 h · StopLogging?"),
    ],
)  # fmt: skip
def test_a_line_between_events_says_where_files_may_be_missing(cells: int, said: str) -> None:
    line = hole_line(HOLE_WORDS, cells)
    assert plain(line).strip(" ─…") == said
    assert width(line) == cells


def test_many_accounts_and_regions_are_counted() -> None:
    words = HoleWords("a", "b", "24 h", tuple(f"shop r-{number}" for number in range(24)))
    assert "no file of 24 accounts and Regions from a to b UTC" in plain(hole_line(words, 120))
