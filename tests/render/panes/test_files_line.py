"""What the line under the panes says of log files: never that they are complete, whatever room there is."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.trees import START, tree

from ctui.model.log_files.tree_state import Deliveries, TreePhase, TreeState
from ctui.render.panes.files_line import brief_forms, files_facts, files_line, span_of
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.roles import Role
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LOADING = ((("loading …", Role.ACCENT),),)
DAY = 86_400


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            160,
            "files from 2026-11-01 00:05 to 2026-11-21 00:05 UTC, completeness unknown · 1 possible hole, A where"
            " · 15 not read: ctui files check",
        ),
        (
            120,
            "files 1 Nov 00:05 to 21 Nov 00:05, completeness unknown · 1 possible hole, A where"
            " · 15 not read: ctui files check",
        ),
        (80, "files 1 Nov to 21 Nov, completeness unknown · 1 possible hole · 15 not read"),
        (70, "completeness unknown · 1 possible hole · 15 not read"),
    ],
)
def test_what_is_indexed_is_said_in_the_room_there_is(cells: int, said: str) -> None:
    line = files_line(files_facts([tree()], 1), (), NOW, cells)
    assert plain(line).strip() == said
    assert width(line) == cells


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (220, "indexing: 312 of 352 files, 200,123 events so far · loading … · files from 2026-11-01 00:05"),
        (160, "indexing 312 of 352 files · loading … · files 1 Nov 00:05 to 21 Nov 00:05, completeness unknown"),
        (80, "indexing 88 % · completeness unknown · 1 possible hole · 15 not read"),
    ],
)
def test_while_files_are_indexed_it_says_how_far(cells: int, said: str) -> None:
    line = files_line(files_facts([tree(phase=TreePhase.INDEXING, waiting=40)], 1), LOADING, NOW, cells)
    assert plain(line).strip().startswith(said)


def test_before_the_first_file_it_says_what_is_done_and_afterwards_what_went_wrong() -> None:
    looking = files_facts([TreeState("/logs", TreePhase.INDEXING)])
    assert plain(files_line(looking, (), NOW, 80)).strip() == "looking for files …"
    failed = files_facts([TreeState("/logs", TreePhase.FAILED, error="Permission denied\x1b[2J")])
    assert plain(files_line(failed, (), NOW, 80)).strip() == "Permission denied␛[2J · completeness unknown"


def test_a_file_without_a_time_in_its_name_is_told_by_its_events() -> None:
    unnamed = tree(deliveries=(Deliveries("", "", 1, None, None, 3),), oldest=START, newest=START + DAY)
    assert span_of(unnamed) == (datetime(2026, 11, 1, 0, 5, tzinfo=UTC), datetime(2026, 11, 2, 0, 5, tzinfo=UTC))
    assert span_of(TreeState("/logs", TreePhase.READY)) is None


def test_several_trees_are_told_together() -> None:
    later = tree(deliveries=(Deliveries("2", "eu-west-1", 5, START, START + 30 * DAY, 50),), unread=(), events=50)
    facts = files_facts([tree(), later], 1)
    assert (facts.files, facts.events, facts.unread, facts.holes) == (624, 200_173, 15, 1)
    assert facts.end == datetime(2026, 12, 1, 0, 5, tzinfo=UTC)


def facts(**more: object) -> QueryFacts:
    values = {"scanned": 50, "loaded": 50, "more": False, "loading": False, "loading_all": False, "oldest": NOW,
              "pages": 1, "timespan": "all", "now": NOW, "regions": ("us-east-1",), "client_filter": ()}  # fmt: skip
    return QueryFacts(**{**values, **more})  # type: ignore[arg-type]


def test_beside_the_api_both_are_told_and_only_the_api_is_complete() -> None:
    line = plain(query_line(facts(files=files_facts([tree()], 1)), 160))
    assert "AWS complete" in line
    assert "files from 2026-11-01 00:05 to 2026-11-21 00:05 UTC, completeness unknown, 1 possible hole" in line
    narrow = plain(query_line(facts(files=files_facts([tree()], 1)), 80))
    assert "completeness unknown" in narrow


FACTS = st.builds(
    facts,
    more=st.booleans(), loading=st.booleans(), loading_all=st.booleans(), halted=st.booleans(),
    problem=st.sampled_from(["", "Log files cannot be read"]),
    complete_at=st.sampled_from(["", "14:02"]),
    files=st.sampled_from([tree(), tree(phase=TreePhase.INDEXING, waiting=7), TreeState("/x", TreePhase.READY)]).map(
        lambda one: files_facts([one], 1)
    ),
    files_alone=st.booleans(),
)  # fmt: skip


@given(FACTS, st.integers(1, 200))
@settings(max_examples=examples(150))
def test_files_are_never_called_complete(said: QueryFacts, cells: int) -> None:
    line = query_line(said, cells)
    assert width(line) == cells
    words = plain(line).replace("completeness unknown", "")
    assert "complete" not in (words if said.files_alone else words.replace("AWS complete", ""))


def test_forms_beside_the_api_get_shorter() -> None:
    widths = [width(form) for form in brief_forms(files_facts([tree()], 1), NOW)]
    assert widths == sorted(widths, reverse=True)
