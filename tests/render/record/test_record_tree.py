"""A node as lines: each fits, nothing is lost, nothing hidden is active, and times say how far they are."""

import json
import sys
import unicodedata
from datetime import UTC, datetime
from itertools import islice
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.record_tree import RecordTree
from ctui.model.event.summarize import summarize
from ctui.model.filter.hits import Hits
from ctui.render.record.detail import DetailRow, EventDetail, MarkedLines
from ctui.render.record.record_tree import node_lines
from ctui.render.roles import Role
from ctui.render.text.marks import marking_of
from ctui.render.text.spans import plain, width

AT = datetime(2026, 11, 27, 5, 12, 3, tzinfo=UTC)
TEXT = st.text(st.one_of(st.characters(), st.sampled_from('ab \x7f\x9b\u202e\u0301\ufeff"[]日')), max_size=30)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)
HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def lines(record: object, room: int = 78, folded: tuple[tuple[str, ...], ...] = ()) -> list[str]:
    text = record if isinstance(record, str) else json.dumps(record)
    return [plain(line) for node in RecordTree(text).nodes(folded=folded) for line in node_lines(node, AT, room)]


def detail(record: object) -> EventDetail:
    event = event_of(json.dumps(record), time=AT)
    return EventDetail(1, event, summarize(event, ""), UTC)


@given(VALUES, st.integers(20, 120))
@settings(max_examples=examples(200))
def test_lines_fit_and_nothing_hidden_is_active(value: object, room: int) -> None:
    for node in RecordTree(json.dumps(value)).nodes():
        for line in node_lines(node, AT, room):
            assert width(line) <= room
            assert not any(unicodedata.category(each) in HIDDEN for each in plain(line))


def test_a_tree_reads_like_an_outline() -> None:
    policy = json.dumps({"Statement": [{"Effect": "Allow"}]})
    record = {
        "userIdentity": {"type": "IAMUser", "attributes": {"creationDate": "2026-11-27T03:33:00Z", "mfa": "false"}},
        "nothing": None,
        "empty": "",
        "none": [],
        "no": {},
        "list": [1, True],
        "policyDocument": policy,
    }
    assert lines(record) == [
        "▾ userIdentity",
        "    type        IAMUser",
        "  ▾ attributes",
        "      creationDate  2026-11-27T03:33:00Z  1 h 39 min before",
        "      mfa           false",
        "  nothing         null",
        '  empty           ""',
        "  none            []",
        "  no              {}",
        "▾ list            2 items",
        "    0  1",
        "    1  true",
        "▾ policyDocument  JSON text",
        "  ▾ Statement",
        "    ▾ 0",
        "        Effect  Allow",
    ]
    folded = lines(record, folded=(("userIdentity",), ("list",), ("policyDocument",)))
    assert folded[0] == "▸ userIdentity    2 keys"
    assert folded[-2:] == ["▸ list            2 items", "▸ policyDocument  JSON text, 36 characters"]


def test_a_long_value_goes_on_below_itself_and_markup_is_a_text() -> None:
    assert lines({"arn": "a" * 40, "x": "[red]x[/]"}, 30) == [
        "  arn  " + "a" * 23,
        "       " + "a" * 17,
        "  x    [red]x[/]",
    ]
    assert lines({"k" * 30: "word word"}, 40) == ["  " + "k" * 30 + "  word", "    word"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-27T05:12:03Z", ""),
        ("2026-11-27T05:12:02Z", "1 s before"),
        ("2026-11-27T06:12:03Z", "1 h after"),
        ("2026-11-20T04:12:03Z", "7 d 1 h before"),
        ("2025-10-11T05:12:03Z", "412 d before"),
        (1795756263, "1 min before"),
    ],
)
def test_a_time_says_how_far_from_the_event_it_is(value: object, said: str) -> None:
    (line,) = lines({"startTime": value})
    assert line == f"  startTime  {value}" + (f"  {said}" if said else "")
    (node,) = RecordTree(json.dumps({"startTime": value})).nodes()
    assert plain(next(node_lines(node, None, 78))) == f"  startTime  {value}"


@pytest.mark.parametrize(
    "value",
    [["item"] * 200_000, "word " * 200_000, "x" * 1_000_000, "é" * 1_000_000, {"k" * 500_000: {"k": "v" * 500_000}}],
)
def test_the_first_rows_of_a_large_record_do_not_wait_for_the_others(value: object) -> None:
    one = detail({"v": value})
    assert one.tree is not None
    calls = 0

    def counted(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(counted)
    try:
        list(islice(one.rows(80, as_json=False, folded=()), 200))
    finally:
        sys.setprofile(None)
    assert calls < 200_000


def test_marks_move_no_line_break_and_only_what_is_in_sight_is_marked() -> None:
    one = detail({"a": {"message": "alice may not do this " * 20}, "long": "alice " * 20_000})
    rows = list(one.rows(40, as_json=False, folded=()))
    marked = MarkedLines(one, (), 40, marking_of(Hits(words=("alice may", "lic")), None))
    for row in rows[:300]:
        line = marked.line(row)
        assert plain(line) == plain(row.line)
        if row.address is not None and "lic" in plain(line):
            assert Role.HIT in {role for _, role in line}
    # What is broken at a line's end is marked in both lines.
    broken = [row for row in rows if row.address == (0, 0) and plain(row.line).strip().startswith("may")]
    assert broken
    for row in broken:
        assert ("may", Role.HIT) in marked.line(row)
    assert MarkedLines().line(DetailRow((("x", Role.DIM),))) == (("x", Role.DIM),)


@pytest.mark.story
def test_every_real_record_fits_as_a_tree_with_all_its_values() -> None:
    for event in [event_of(each) for each in real_records()] + looked_up():
        tree = RecordTree(event.record)
        for node in tree.nodes():
            drawn = list(node_lines(node, event.time, 60))
            assert all(width(line) <= 60 for line in drawn)
            if not node.children and isinstance(node.value, str):
                shown = "".join("".join(map(plain, drawn)).split())
                if node.value.isascii() and node.value.isprintable():
                    assert "".join(node.value.split()) in shown
