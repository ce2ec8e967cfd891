"""What is being typed at a cursor of a filter line, and that a completion there changes just that."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.filter.editing.completion import completions_at, insert_completion
from ctui.model.filter.editing.cursor import CursorContext, Slot, context_at
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.terms import AllOf, AnyOf, CompareTerm, Filter, ListTerm, RegexTerm, Term


def at(marked: str) -> CursorContext:
    """The context at the | of a line, without its operators."""
    return replace(context_at(marked.replace("|", "", 1), marked.index("|")), operators=())


@pytest.mark.parametrize(
    ("line", "context"),
    [
        ("|", CursorContext(Slot.FIELD, "", "", 0, 0)),
        ("na|", CursorContext(Slot.FIELD, "", "na", 0, 2)),
        ("na|me", CursorContext(Slot.FIELD, "", "na", 0, 4)),
        ("-na|", CursorContext(Slot.FIELD, "", "na", 1, 3)),
        ("x:y na|", CursorContext(Slot.FIELD, "", "na", 4, 6)),
        ("name:|", CursorContext(Slot.VALUE, "name", "", 5, 5)),
        ("name:Con|", CursorContext(Slot.VALUE, "name", "Con", 5, 8)),
        ("name:Con|sole,x", CursorContext(Slot.VALUE, "name", "Con", 5, 12)),
        ("name:a,b|", CursorContext(Slot.VALUE, "name", "b", 7, 8)),
        ("name:a,|", CursorContext(Slot.VALUE, "name", "", 7, 7)),
        ("name:a |", CursorContext(Slot.FIELD, "", "", 7, 7)),
        ('user:"two w|', CursorContext(Slot.VALUE, "user", "two w", 5, 11)),
        ('user:"two w|ords" x', CursorContext(Slot.VALUE, "user", "two w", 5, 16)),
        ('user:"a \\"b|', CursorContext(Slot.VALUE, "user", 'a "b', 5, 11)),
        ('user:"a b" is:|', CursorContext(Slot.VALUE, "is", "", 14, 14)),
        ("-requestParameters.x:|", CursorContext(Slot.VALUE, "requestParameters.x", "", 21, 21)),
        ("/re|", CursorContext(Slot.NOTHING, "", "", 3, 3)),
        ("/re gex/ na|", CursorContext(Slot.FIELD, "", "na", 9, 11)),
        ("/re\\/ x/i is:|", CursorContext(Slot.VALUE, "is", "", 13, 13)),
        ("nam|e:x", CursorContext(Slot.FIELD, "", "nam", 0, 5)),
        ("bad: name:x|", CursorContext(Slot.VALUE, "name", "x", 10, 11)),
        # Groups, and the parenthesis that ends a value in one but not outside.
        ("(na|", CursorContext(Slot.FIELD, "", "na", 1, 3)),
        ("-(user:al|)", CursorContext(Slot.VALUE, "user", "al", 7, 9)),
        ("(user:|)", CursorContext(Slot.VALUE, "user", "", 6, 6)),
        ("(user:f(a|) OR x)", CursorContext(Slot.VALUE, "user", "f(a", 6, 10)),
        ("NOT (a OR us|)", CursorContext(Slot.FIELD, "", "us", 10, 12)),
        ("a OR user:|", CursorContext(Slot.VALUE, "user", "", 10, 10)),
        ("user:OR|", CursorContext(Slot.VALUE, "user", "OR", 5, 7)),
        ("a O|R b", CursorContext(Slot.FIELD, "", "O", 2, 4)),
        # An equals sign, ~, and names in any letter case.
        ("User:al|", CursorContext(Slot.VALUE, "user", "al", 5, 7)),
        ("EVENTNAME=Sto|", CursorContext(Slot.VALUE, "eventName", "Sto", 10, 13)),
        ("requestparameters.x=|", CursorContext(Slot.VALUE, "requestParameters.x", "", 20, 20)),
        ("us|er=x", CursorContext(Slot.FIELD, "", "us", 0, 5)),
        ("a=b|", CursorContext(Slot.FIELD, "", "a=b", 0, 3)),
        ("error:~den|ied", CursorContext(Slot.VALUE, "error", "den", 7, 13)),
        ('error:~"den|', CursorContext(Slot.VALUE, "error", "den", 7, 11)),
        ("error:|~denied", CursorContext(Slot.NOTHING, "", "", 6, 6)),
        # A quote that is not closed takes nothing of what follows.
        ('user:"al| name:X', CursorContext(Slot.VALUE, "user", "al", 5, 8)),
        ('user:"al|x name:"a b"', CursorContext(Slot.VALUE, "user", "al", 5, 9)),
        ('(user:"al|) name:X', CursorContext(Slot.VALUE, "user", "al", 6, 9)),
        ('user:"al|","b c"', CursorContext(Slot.VALUE, "user", "al", 5, 9)),
        # A second dash belongs to a word, which is no expression then.
        ("--/a user:al|", CursorContext(Slot.VALUE, "user", "al", 10, 12)),
        # Times, and the end of a range.
        ("since:3|", CursorContext(Slot.VALUE, "since", "3", 6, 7)),
        ("since:30m a|go x", CursorContext(Slot.VALUE, "since", "30m a", 6, 13)),
        ("13:30..1|", CursorContext(Slot.VALUE, "until", "1", 7, 8, (), "13:30", 0)),
        ("x 30m ago..|", CursorContext(Slot.VALUE, "until", "", 11, 11, (), "30m ago", 2)),
        ("..|", CursorContext(Slot.VALUE, "until", "", 2, 2, begins=0)),
        ("a..|", CursorContext(Slot.FIELD, "", "a..", 0, 3)),
        # What has nothing to complete.
        ("requestParameters.a>1|", CursorContext(Slot.NOTHING, "", "", 21, 21, begins=20)),
        ('"na|', CursorContext(Slot.NOTHING, "", "", 3, 3)),
        ("na,us|", CursorContext(Slot.NOTHING, "", "", 5, 5)),
        ("30m ag|o", CursorContext(Slot.NOTHING, "", "", 6, 6)),
    ],
)
def test_the_context_of_the_cursor(line: str, context: CursorContext) -> None:
    assert at(line) == context


@pytest.mark.parametrize(
    ("line", "operators"),
    [
        ("|", ("NOT",)),
        ("a |", ("OR", "AND", "NOT")),
        ("a O|", ("OR", "AND", "NOT")),
        ("(user:a)|", ("OR", "AND", "NOT")),
        ("/re/ |", ("OR", "AND", "NOT")),
        ("(|", ("NOT",)),
        ("a OR |", ("NOT",)),
        ("a -|", ()),
        ("a -N|", ()),
        ("NOT |", ("NOT",)),
    ],
)
def test_operators_stand_where_the_grammar_has_them(line: str, operators: tuple[str, ...]) -> None:
    assert context_at(line.replace("|", ""), line.index("|")).operators == operators


@settings(max_examples=examples(120), deadline=None)
@given(st.text(st.sampled_from('ab*,"\\/:-. i()=~O R'), max_size=12), st.data())
def test_every_cursor_of_every_line_has_a_context(line: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(line)))
    context = context_at(line, cursor)
    assert 0 <= context.start <= cursor <= context.end <= len(line)


# Valid lines, in the spellings that people use.
LEAVES = st.sampled_from(
    [
        "user:alice",
        "USER=alice",
        'user:"alice smith",bob',
        "-user:a*b",
        "source:ec2,s3",
        'source:"ec2"',
        "name:~con*",
        "error:~AccessDenied,x",
        "ip:10.0.0.0/8",
        "ip:10.0.0.1-10.0.0.9,192.0.2.1",
        "is:write,error",
        "IS=Root",
        "mfa:no",
        "-mfa:Unknown",
        "requestParameters.bucketName:logs*",
        "requestparameters.x=y",
        "eventVersion:1.08",
        "requestParameters.a>3",
        "a.b:<=2h",
        "word",
        "a=b",
        "f(x)",
        '"two words"',
        '"OR"',
        "/re gex/i",
        "-/a\\/b/",
        "--x",
        '--"x y"',
        "user:a(b)c",
        'resource:"(a",b',
        '/"/',
        "type:AWS::S3::Bucket",
        "a,b",
        "-(user:a)",
    ]
)


def joined(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lines put together by operators, and in parentheses."""
    return st.tuples(st.sampled_from(["{} {}", "{} OR {}", "({} OR {})", "({}  {})", "NOT ({}) {}", "{} AND -({} )"]),
                     lines, lines).map(lambda drawn: drawn[0].format(*drawn[1:]))  # fmt: skip


RANGES = st.sampled_from(
    [
        "",
        "13:30..14:00",
        "since:2h",
        "SINCE:30m ago until:now",
        "30m ago..10m ago",
        "yesterday",
        "until:2026-11-02",
        "..1h",
    ]
)
LINES = st.tuples(RANGES, st.recursive(LEAVES, joined, max_leaves=5), st.booleans()).map(
    lambda drawn: f"{drawn[0]} ({drawn[1]})" if drawn[2] else f"({drawn[1]}) {drawn[0]}"
)
VALUES = st.text(st.sampled_from('ab0",*\\:/-.()~<= ORé') | st.characters(categories=("L", "N", "P", "S")), max_size=6)


def values_of(terms: tuple[Term, ...]) -> Iterator[Any]:
    """Every value of the leaves, and in its place in the tree everything else about them."""
    for term in terms:
        if isinstance(term, AnyOf | AllOf):
            yield type(term), term.negated, len(term.terms)
            yield from values_of(term.terms)
        elif isinstance(term, CompareTerm | ListTerm | RegexTerm):
            yield term
        else:
            yield (
                *((name, getattr(term, name, None)) for name in ("field", "path", "negated", "ignore_case")),
                len(term.one_of),
            )
            yield from term.one_of


def parts_of(line: Filter) -> list[Any]:
    return [*values_of(line.terms), line.since, line.until]


def starts_after_it_ends(line: str) -> bool:
    try:
        parse_filter(line)
    except FilterError as error:
        return "starts after it ends" in str(error)
    return False


@settings(max_examples=examples(300), deadline=None)
@given(LINES, st.data(), VALUES)
def test_a_completion_of_a_value_changes_that_value_and_nothing_else(line: str, data: st.DataObject, more: str) -> None:
    before = parts_of(parse_filter(line))
    cursor = data.draw(st.integers(0, len(line)), "cursor")
    context = context_at(line, cursor)
    if context.slot is not Slot.VALUE:
        return
    recorded = f"{context.typed}{more or 'x'}"
    for offer in completions_at(context, [(recorded, 3)])[:6]:
        text, behind = insert_completion(line, context, offer)
        assert text[: context.start] == line[: context.start]
        assert text[behind:] == line[context.end :]
        assert text[context.start : behind] == offer.insertion
        if context.field in ("since", "until") and starts_after_it_ends(text):
            # The other end stands elsewhere in the line.
            continue
        after = parts_of(parse_filter(text))
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert len(changed) <= 1
        if changed and context.field not in ("is", "mfa", "since", "until"):
            assert changed[0][1] in (Pattern((recorded,)), Pattern((f"{recorded}.amazonaws.com",)))
            assert (changed[0][1] == Pattern((recorded,))) or offer.text != recorded


@settings(max_examples=examples(150), deadline=None)
@given(LINES, st.data())
def test_a_name_that_is_completed_leaves_the_rest_as_it_was(line: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(line)), "cursor")
    context = context_at(line, cursor)
    for offer in completions_at(context, []) if context.slot is Slot.FIELD else ():
        text, behind = insert_completion(line, context, offer)
        assert text[:behind] == line[: context.start] + offer.insertion
        assert text[behind:].lstrip() == line[context.end :].lstrip()


@pytest.mark.parametrize(
    "typed", ["user:al", "(user:al", "-(name:x OR USER=al", 'user:"al', "a NOT user:~al", "user:b,al"]
)
def test_a_value_with_blanks_is_quoted_wherever_it_is_put_in(typed: str) -> None:
    context = context_at(typed, len(typed))
    text, cursor = insert_completion(typed, context, completions_at(context, [("alice smith", 2)])[0])
    assert text.endswith('"alice smith"')
    assert text.count('"') == 2
    assert cursor == len(text)
