"""Masks: what columns decide of a line is what the predicate says, event by event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from support.examples import examples
from support.filter_trees import EVENTS, random_line
from support.memory_index import MemoryIndex
from support.real_records import event_of

from ctui.files.asking.masks import Condition, Line, Masks
from ctui.files.asking.masks_of_texts import Mask
from ctui.files.segment import Place
from ctui.model.event.event import Event, Resource
from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import FIELDS, value_field
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import FieldTerm, Filter
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.store.search import ATTRIBUTE_COLUMNS

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PLACE = Place(1, 0, 2)
REGION = "eu-west-1"


def rows_of(mask: Mask, rows: int) -> NDArray[np.bool_]:
    return np.full(rows, mask) if isinstance(mask, bool) else mask


def index_of(events: list[Event]) -> MemoryIndex:
    """One segment whose rows are these events in their order."""
    index = MemoryIndex()
    # Of one ID and one second there is one row.
    times = (replace(event, time=NOW - timedelta(seconds=number)) for number, event in enumerate(events))
    index.add((event, REGION, PLACE) for event in times)
    return index


def matching(lines: list[str], events: list[Event]) -> dict[str, list[int]]:
    masks, segment = Masks(), index_of(events).segment(1)
    return {
        line: np.flatnonzero(
            rows_of(masks.of_line(segment, Line(parse_filter(line).terms), {}).may, len(segment))
        ).tolist()
        for line in lines
    }


def test_masks_are_what_the_predicate_says_of_each_event() -> None:
    events, masks = list(EVENTS[:120]), Masks()
    segment = index_of(events).segment(1)
    for seed in range(examples(200)):
        filter_line = random_line(Random(seed))
        line, predicate = Line(filter_line.terms), compile_filter(filter_line, NOW)
        passing = np.array([predicate(event, REGION) for event in events])
        # The second time masks are known.
        for _ in range(2):
            found = masks.of_line(segment, line, {})
            may, must = rows_of(found.may, len(events)), rows_of(found.must, len(events))
            assert (must <= passing).all(), filter_line
            assert (passing <= may).all(), filter_line
            assert not line.exact or np.array_equal(may, must), filter_line


HOSTILE = (
    'say "hi"', "back\\slash", "a/b", "Straße", "STRASSE", "\u212aelvin", "kelvin", "half\ud83d", "\ude00half",
    "half\ud83d\ude00", "\U0001f600", "[1, 2]", "null", '""', "", " ", "a,b", "\xff", "é", "É", "new\nline", "\x00",
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "event_with"),
    [
        ("user", lambda text: event_of({}, username=text)),
        ("resource", lambda text: event_of({}, resources=(Resource(None, "x"), Resource("T", text)))),
        ("type", lambda text: event_of({}, resources=(Resource(text, None), Resource(None, text)))),
        ("error", lambda text: event_of({"errorCode": text, "errorMessage": "x"})),
        ("who", lambda text: event_of({"userIdentity": {"userName": text}}, access_key_id="AKIA")),
        ("key", lambda text: event_of({}, access_key_id=text)),
    ],
)
def test_texts_are_found_whatever_characters_are_in_them(field: str, event_with: Callable[[str], Event]) -> None:
    events = [event_with(text) for text in HOSTILE]
    masks, segment = Masks(), index_of(events).segment(1)
    row = value_field(field)
    assert row is not None
    for text, ignore_case in product(HOSTILE, (False, True)):
        some: tuple[tuple[tuple[str, ...], ...], ...] = (
            ((text,),), (("", text[1:], ""),), ((text[:1], text[2:]),), ((text, ""),), ((text[:2], ""), ("h", "")),
        )  # fmt: skip
        for patterns in some:
            term = FieldTerm(row, tuple(Pattern(parts) for parts in patterns), False, ignore_case)
            predicate = compile_filter(Filter((term,)), NOW)
            found = rows_of(masks.of_term(segment, term, {}).must, len(events))
            assert found.tolist() == [predicate(event, REGION) for event in events], term


def test_marked_and_new_rows_are_those_that_the_caller_says() -> None:
    masks, segment = Masks(tree=2), index_of([event_of({"n": n}) for n in range(4)]).segment(1)
    first = 2 * FIRST_ROW + (1 << 16)
    rows = {EventKind.MARKED: np.array([first + 1, first + 3, first + (1 << 16)]), EventKind.NEW: np.array([first])}
    for line, expected in (
        ("is:marked", [1, 3]), ("-is:marked", [0, 2]), ("is:new", [0]), ("is:new,marked", [0, 1, 3]),
        ("-is:new,marked", [2]), ("is:new is:marked", []), ("is:marked,error", [1, 3]),
    ):  # fmt: skip
        found = masks.of_line(segment, Line(parse_filter(line).terms), rows)
        assert np.flatnonzero(rows_of(found.must, 4)).tolist() == expected, line


def test_nothing_is_said_of_marked_and_new_rows_that_are_not_known() -> None:
    events = [event_of({"errorCode": "Denied"} if n else {}, event_id=f"e{n}") for n in range(3)]
    masks, segment = Masks(), index_of(events).segment(1)
    for line, may, must in (
        ("is:marked", [0, 1, 2], []), ("-is:marked", [0, 1, 2], []), ("is:new,error", [0, 1, 2], [1, 2]),
        ("-is:new,error", [0], []), ("is:error", [1, 2], [1, 2]), ("is:marked is:error", [1, 2], []),
    ):  # fmt: skip
        found = masks.of_line(segment, Line(parse_filter(line).terms), None)
        assert np.flatnonzero(rows_of(found.may, 3)).tolist() == may, line
        assert np.flatnonzero(rows_of(found.must, 3)).tolist() == must, line


def test_an_event_id_narrows_rows_and_the_record_decides() -> None:
    events = [event_of({}, event_id=one) for one in ("e1", "e2", "3038ebd2-c98a-4c65-9b6e-e22506292313")]
    masks, segment = Masks(), index_of(events).segment(1)

    def condition(line: str) -> Condition:
        return masks.of_term(segment, parse_filter(line).terms[0], {})

    assert rows_of(condition("id:e2").may, 3).tolist() == [False, True, False]
    assert condition("id:e2").must is False
    assert rows_of(condition("-id:e2").must, 3).tolist() == [True, False, True]
    assert condition("-id:e2").may is True
    assert condition("id:none").may is False
    assert condition("id:e*").may is True


def test_rows_with_attributes_have_exactly_these_values() -> None:
    events = [
        event_of({}, username="a", resources=(Resource("T", "r"), Resource("U", "s"))),
        event_of({}, username="ab", resources=(Resource("r", "T"),)),
        event_of({}, read_only="true"),
    ]
    masks, segment = Masks(), index_of(events).segment(1)
    for field, values, expected in (
        ("user", ["a"], [0]), ("user", ["b"], []), ("user", ["ab", "a", ""], [0, 1]), ("resource", ["r", "T"], [0, 1]),
        ("resource", ["U"], []), ("type", ["r", "U"], [0, 1]), ("is", ["true"], [2]),
    ):  # fmt: skip
        attribute = FIELDS[field].attribute
        assert attribute is not None, field
        found = masks.of_values(segment, ATTRIBUTE_COLUMNS[attribute], values)
        assert np.flatnonzero(rows_of(found, 3)).tolist() == expected, (field, values)


def test_a_wildcard_alone_finds_what_has_a_value() -> None:
    events = [
        event_of({}, username=None), event_of({}, username=""), event_of({}, username="a"),
        event_of({}, resources=(Resource("T", None),)), event_of({}, resources=(Resource(None, "r"),)),
        event_of({}, resources=(Resource(None, ""), Resource("", "null"))),
    ]  # fmt: skip
    assert matching(["user:*", "-user:*", "resource:*", "-resource:*", "type:*"], events) == {
        "user:*": [2],
        "-user:*": [0, 1, 3, 4, 5],
        "resource:*": [4, 5],
        "-resource:*": [0, 1, 2, 3],
        "type:*": [3],
    }
