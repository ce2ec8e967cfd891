"""`make bench`: what it measures is asked as people ask it, and its table says what was measured. No seconds here."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bench.figure import Figure, Limit, Peer, Value, number
from bench.filtering import filtering
from bench.log_files import files_of, records, write
from bench.run import Run
from bench.table import BEGIN, END, README, TITLES, as_markdown, as_text, write_readme
from bench.trees.tree_peers import beside
from bench.trees.tree_questions import questions

from ctui.files.event_of_record import event_of, region_of
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter


def figure(limit: Limit | None = None, *peers: Peer, at: int | None = None) -> Figure:
    return Figure("is:error", "ms", {1000: Value(2.0), 10_000: Value(30.0, 12.5)}, list(peers), limit, at)


@pytest.mark.parametrize(
    ("limit", "peers", "at", "ratio", "met"),
    [
        (None, (), None, None, None),
        (Limit(30), (), None, None, True),
        (Limit(29), (), None, None, False),
        (Limit(31, at_least=True), (), None, None, False),
        (Limit(30), (), 1_000_000, None, None),
        (Limit(30), (Peer("jq", 60.0), Peer("grep", 15.0)), None, 2.0, True),
        (Limit(30), (Peer("jq", 1.0, at=1000), Peer("grep", 15.0)), None, 2.0, True),
        (None, (Peer("jq", 1.0, at=1000),), None, 2.0, None),
        (None, (Peer("jq", 1.0, at=500),), None, None, None),
        (Limit(2, "jq"), (Peer("jq", 15.0), Peer("grep", 1.0)), None, 2.0, True),
        (Limit(2, "jq"), (Peer("jq", why="not installed"), Peer("grep", 1.0)), None, None, None),
    ],
)
def test_a_ratio_compares_the_same_number_of_events(
    limit: Limit | None, peers: tuple[Peer, ...], at: int | None, ratio: float | None, met: bool | None
) -> None:
    measured = figure(limit, *peers, at=at)
    assert (measured.ratio, measured.met) == (ratio, met)


def test_the_table_says_what_was_measured_and_what_is_missing() -> None:
    line = figure(Limit(150), Peer("jq", 60.0, at=1000), Peer("lnav", why="not installed"), at=1_000_000)
    cells = as_markdown([line, Figure("broken", "", why="failed: no /proc")], "Here.").splitlines()
    assert [cell.strip() for cell in cells[4].strip("|").split("|")] == [
        "is:error", "30 ms at 10⁴", "12.5", "jq 60 ms at 10³, lnav not installed", "0.03 ×", "≤ 150 ms at 10⁶", "",
        "2 · 30",
    ]  # fmt: skip
    assert "failed: no /proc" in cells[5]
    assert all(title in as_text([line]).splitlines()[0] for title in TITLES)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0042, "0.0042"), (0.5, "0.5"), (2.345, "2.35"), (12.04, "12"), (43.21, "43.2"), (12_600, "12,600")],
)
def test_a_number_has_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_the_readme_has_one_place_for_the_table(tmp_path: Path) -> None:
    assert re.findall(f"^(?:{BEGIN}|{END})$", README.read_text(encoding="utf-8"), re.MULTILINE) == [BEGIN, END]
    copy = tmp_path / "README.md"
    copy.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        write_readme([figure()], "Here.", copy)
    assert copy.read_text(encoding="utf-8") == f"before\n{BEGIN}\n{as_markdown([figure()], 'Here.')}\n{END}\nafter\n"


def test_a_line_is_measured_as_it_is_typed(tmp_path: Path) -> None:
    run = Run(tmp_path, (100, 300), 1, port=1, only="a word in the oldest record alone")
    measured = {each.name: each for each in filtering(run)}
    [line] = [each for name, each in measured.items() if run.wants(name)]
    assert sorted(line.values) == sorted(measured["all ids into view, from a closed store"].values) == [100, 300]
    assert [peer.name for peer in line.peers] == ["grep", "lnav"]


def test_other_programs_are_asked_for_the_same_events(tmp_path: Path) -> None:
    tree, size = tmp_path / "tree", 300
    files = list(files_of(size))
    for file in files:
        write(tree, file)
    texts = [text for file in files for text in records(file)]
    now, run = datetime(2026, 12, 1, tzinfo=UTC), Run(tmp_path, (size,), 1, port=1)
    for question in questions(tree):
        matches = compile_filter(parse_filter(question.line), now)
        found = {size: sum(matches(event_of(text), region_of(text)) for text in texts)}
        peers = list(beside(run, question, {size: tree}, found))
        assert peers
        assert {peer.why for peer in peers} <= {"", "not installed"}, (question.line, peers)
