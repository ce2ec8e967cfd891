"""Writing a filter: what is written is read as the same tree, for trees and for lines of every sort."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.event.kind import EventKind
from ctui.model.event.record import RECORD_KEYS
from ctui.model.filter import fields
from ctui.model.filter.fields import ValueField, value_fields
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.terms import (
    CompareTerm,
    Comparison,
    FieldTerm,
    Filter,
    KindTerm,
    PathTerm,
    RegexTerm,
    Term,
    WordTerm,
    all_of,
    any_of,
    negate,
)
from ctui.model.filter.write import write_filter, write_term, write_value


def exact(*texts: str) -> tuple[Pattern, ...]:
    return tuple(Pattern((text,)) for text in texts)


# Texts of every sort, the grammar's own characters among them most.
BLANKS = " \t\n\u00a0\u2003\u3000\x1f\x85"
"""Blanks of several alphabets, all of which end a word."""
UNSEEN = "\u200b\u200e\u202e\u2060\ufeff\u00ad\x00\x7f\ud800\udfff\ue000"
"""Characters without a width, halves of characters, and controls."""
CHARACTERS = (
    st.sampled_from('ab*,"\\/:-.') | st.sampled_from("()[]{}<>=!~|&?%;'^$@+#10") | st.sampled_from(BLANKS + UNSEEN)
)
WORDS = (
    "AND", "OR", "NOT", "XOR", "LIKE", "BETWEEN", "and", "or", "not", "like", "in", "is", "by", "from", "ago", "last",
    "user", "eventName", "ip", "error", "mfa", "select", "where", "limit", "who", "all", "failed", "logins", "no",
    "since", "until", "2h", "30", "minutes", "13:30", "25:00", "mon", "today", "27", "Nov", "to", "pm", "UTC", "now-1h",
    "2026-11-27", "2026-13-01", "13:30..14:00", "10.0.0.1", "10.0.0.0/8", "10.1-10.2", "2001:db8::1", "1111-2222-3333",
    "&&", "||", "|", "!", "!=x", "=~", "==", "<", "-", "--a", "-i", "i", "iv", "'a'", "(a)", "{a}", "[a]", "[a-z]b",
    "^a", "a$", "A.", "a.*", "%a", "a%", "a~", "a^2", "+a", "1..5", "a?", "null", "user=x", "user:x", "x=1", "a.b>1",
    '"a":', ".eventName", "$.eventName", ".Records[]", "@log", "test(x)", "f(x)", "arn:aws:s3:::b", "https://x",
    "s3:GetObject", "AttributeKey=a", "/a.*/", "/a/i", "\u258c", "~x",
)  # fmt: skip
"""Words that mean something in a filter line, in another language, or next to other words."""
TEXTS = st.text(CHARACTERS | st.characters(), min_size=1, max_size=8) | st.sampled_from(WORDS)
# As the parser makes them: no empty part between two wildcards, and not the empty text alone.
PATTERNS = st.lists(TEXTS, min_size=1, max_size=3).map(lambda parts: Pattern(tuple(parts))) | st.tuples(
    st.sampled_from(["", "a"]), st.sampled_from(["", "b c"])
).map(Pattern)
MANY = st.lists(PATTERNS, min_size=1, max_size=3).map(tuple)
SEGMENT = st.from_regex(r"\A[A-Za-z_@][A-Za-z0-9_@$-]{0,5}\Z")
PATHS = st.lists(SEGMENT, min_size=2, max_size=3).map(tuple) | st.sampled_from(sorted(RECORD_KEYS)).map(
    lambda one: (one,)
)
REGEXES = st.sampled_from(["a", "a/b", "^[a-z]+$", "x y", "\\d\\\\", '"', "[/]", "\\\\/", "(?i)é|,"])
OPEN_FIELDS = st.sampled_from([field for field in value_fields() if not field.closed])
CLOSED_FIELDS = st.sampled_from([field for field in value_fields() if field.closed])
RANGES = st.sampled_from(["10.0.0.0/8", "2001:db8::/32", "10.0.0.1-10.0.0.9", "::ffff:10.0.0.0/104"]).map(AddressRange)
OPERANDS = st.sampled_from(["1", "-2.5", "2h", "2026-11-01", "2026-11-01 12:00"])
LEAVES: st.SearchStrategy[Term] = st.one_of(
    st.builds(FieldTerm, OPEN_FIELDS, MANY, st.booleans(), st.booleans()),
    st.builds(
        FieldTerm, st.just(fields.IP), st.lists(RANGES | PATTERNS, min_size=1, max_size=3).map(tuple), st.booleans()
    ),
    CLOSED_FIELDS.flatmap(
        lambda field: st.builds(
            FieldTerm,
            st.just(field),
            st.sampled_from(field.values).map(exact),
            st.booleans(),
        )
    ),
    st.builds(PathTerm, PATHS, MANY, st.booleans(), st.booleans()),
    st.builds(
        CompareTerm,
        PATHS.filter(lambda path: path != ("eventTime",)),
        st.sampled_from(Comparison),
        OPERANDS,
        st.booleans(),
    ),
    st.builds(KindTerm, st.lists(st.sampled_from(EventKind), min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(WordTerm, MANY, st.booleans()),
    st.builds(RegexTerm, REGEXES, st.booleans(), st.booleans()),
)


def groups(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    """Groups of these terms, in normal form."""
    several = st.lists(terms, min_size=1, max_size=3)
    return st.tuples(st.sampled_from([any_of, all_of]), several, st.booleans()).map(
        lambda drawn: negate(drawn[0](drawn[1])) if drawn[2] else drawn[0](drawn[1])
    )


TERMS = st.recursive(LEAVES, groups, max_leaves=6)
MOMENTS = st.sampled_from([None, "2h", "2026-11-01T12:00Z", "2026-11-01 12:00"])
LINES = st.builds(
    lambda terms, since, until: Filter(since=since, until=until).with_terms(terms),
    st.lists(TERMS, max_size=3),
    MOMENTS,
    st.sampled_from([None, "1h", "now", "2026-11-02"]),
)


@settings(max_examples=examples(400), deadline=None)
@given(LINES)
def test_terms_are_written_so_that_they_are_read_again(line: Filter) -> None:
    assert parse_filter(write_filter(line)) == line


PIECES = (
    *("AND", "OR", "NOT", "(", ")", "-", ",", ":", "=", ">", "~", "*", '"', "..", "/", "/r/", "\\", " ", " ", " "),
    *("a", "name:b", "today", "since:2h", "until:1h", "2h", "ip:", "is:error", "a.b", "\u3000", "\u200b", "\ud800"),
)
RAW = (
    st.text(CHARACTERS | st.sampled_from("nameisucANDORT"), max_size=14)
    | st.text(max_size=14)
    | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
    | st.lists(st.sampled_from((*WORDS, *PIECES)), max_size=7).map(" ".join)
)
"""Lines that nobody has checked: single characters, pieces of the grammar, and words next to each other."""


@settings(max_examples=examples(600), deadline=None)
@given(RAW)
def test_any_text_is_a_line_or_an_error_at_a_character_of_it(text: str) -> None:
    read: Filter | FilterError
    try:
        read = parse_filter(text)
    except FilterError as error:
        read = error
    if isinstance(read, FilterError):
        assert 0 <= read.position <= len(text)
        assert str(read)
    else:
        written = write_filter(read)
        assert parse_filter(written) == read
        assert write_filter(parse_filter(written)) == written


@settings(max_examples=examples(200), deadline=None)
@given(LINES)
def test_each_term_reads_alone_as_itself(line: Filter) -> None:
    for term in line.terms:
        assert parse_filter(write_term(term)) == Filter().with_terms((term,))


@settings(max_examples=examples(100), deadline=None)
@given(TEXTS, OPEN_FIELDS)
def test_a_value_offered_is_taken_literally(value: str, field: ValueField) -> None:
    line = parse_filter(f"{field.name}:{write_value(value, field.name)} x")
    assert line.terms[0] == FieldTerm(field, exact(value))


@pytest.mark.parametrize(
    "line",
    [
        # A part in quotes leaves the rest alone, which may then be of another language.
        '"x y"user:~x*?', 'ANDa"b"c,/re/*"x"*?',
        # Behind a parenthesis, a question mark begins a group of an expression.
        "?[x OR a", "b ( ?[x OR c)",
    ],
)  # fmt: skip
def test_lines_that_were_written_as_none(line: str) -> None:
    read = parse_filter(line)
    assert parse_filter(write_filter(read)) == read
    for term in read.terms:
        assert parse_filter(write_term(term)) == Filter().with_terms((term,))
