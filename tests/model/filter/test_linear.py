"""The parser and the writer take a number of steps that grows with the length of a line, whatever is in it."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.foreign_lines import foreign_lines
from support.steps import steps_of

from ctui.model.filter.parse import LONGEST, MOST_TERMS, MOST_VALUES, FilterError, parse_filter
from ctui.model.filter.write import write_filter

MOST_STEPS = 300_000
"""Steps to read any line: about 20 ms of CPU, with the expressions that count as one step."""
MOST_STEPS_OF_SEVERAL = 330_000
"""The same where pieces follow one another that are refused in different ways. The worst known takes 302,493."""
MOST_TO_WRITE = 750_000
"""Steps to write a line, which includes reading it again."""


def filled(piece: str, length: int = LONGEST) -> str:
    """The piece again and again."""
    return (piece * (length // len(piece) + 1))[:length]


PIECES = (
    # Each character that means something, and long words of others.
    *("a", " ", '"', "\\", "*", ",", ":", "=", "<", ">", "!", "~", "^", "$", ".", "|", "&", "(", ")", "{", "}"),
    *("[", "]", "-", "+", "?", "%", "/", "'", ";", "@", "#", "0"),
    *("\u00e9", "\u3000", "\u200b", "\ud800", "\U0001f600"),
    # Terms.
    *("a ", "ab ", "a,", "a.b ", "name:a ", "name:a,", "is:write ", "is:write,", "ip:10.0.0.1 ", "10.0.0.1,", "a.b:c "),
    *("a.b>1 ", "/a/ ", "/a", "(a) ", "-(a) ", "((a b) OR c) ", "f(x) ", "f(", "f(x)", '"a" ', '""', '"\\"', 'a"b"'),
    *("a OR ", "a AND ", "NOT ", "NOT a ", "(a OR ", "name:~", "::::", "a=a=", "-a ", "a*", "*,", "a.", "a.a."),
    # What other languages write.
    *("a or ", "and ", "user in ", "x=1 ", "x==1 ", "user:x|", "a&&", "&&user:", "a;user:", "a~1", "a.*", "a\\."),
    *("\\d+", "[a-z]", "[a", "{a,", "$.a.", "@log ", ".eventName ", '{"a":', '"a":', "a?", "?a", "(?i)", "a\\b", "x-"),
    *("--x ", "AttributeKey=a,", "from 10.0.0.1 ", "by a ", "10 minutes ", "27 Nov ", "last ", "since ", "test("),
    # Times.
    *("13:30 ", "2h ", "2h    ", "2h ago ", "2h ago..", "2026-11-27 ", "2026-11-27 13:30 ", "13:30..", "1h30m", "0:0 "),
)


def longest_lists() -> list[str]:
    """Lines that are read and are full of terms and values."""
    return [
        "ip:" + filled("10.0.0.0/8,")[: LONGEST - 7].rpartition(",")[0],
        "source:" + ",".join(f"n{number % 99}" for number in range(MOST_VALUES - 1)),
        ",".join("a.bc" for _ in range(MOST_VALUES - 1)),
        " ".join(f"user:a-{number}.b/c" for number in range(MOST_TERMS)),
        " OR ".join(f"a{number}.b" for number in range(MOST_TERMS)),
        "(" * 49 + "a " * (MOST_TERMS - 1) + ")" * 49,
        " ".join(f"/a{number}.*b/" for number in range(MOST_TERMS)),
        "/" + "(a|b)" * 1900 + "/",
        '"' + '\\"' * 4900 + '"',
    ]


def read(line: str) -> Callable[[], object]:
    def work() -> None:
        with suppress(FilterError):
            parse_filter(line)

    return work


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_line_of_one_piece_is_read_in_few_steps(piece: str) -> None:
    half, whole = (steps_of(read(filled(piece, length))) for length in (LONGEST // 2, LONGEST))
    assert whole <= MOST_STEPS
    assert whole <= 2.1 * half + 1_000, "twice the length needs twice the steps"


@pytest.mark.parametrize("line", longest_lists(), ids=range(len(longest_lists())))
def test_the_fullest_lines_are_read_and_written_in_few_steps(line: str) -> None:
    filter_line = parse_filter(line)
    assert steps_of(read(line)) <= MOST_STEPS
    assert steps_of(lambda: write_filter(filter_line)) <= MOST_TO_WRITE


TYPED = [row.typed for row in foreign_lines()]
READ = [row.typed for row in foreign_lines() if not row.error and parse_filter(row.typed).timespan is None]
"""Lines of the table that are read, and can be so again and again in one line."""


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.sampled_from(TYPED), min_size=1, max_size=4)
    | st.lists(st.sampled_from(READ), min_size=1, max_size=4),
    st.sampled_from([" ", " OR ", ",", ""]),
)
@example(["$", "/-l app=x"], ",")
def test_a_long_line_of_several_pieces_is_read_in_few_steps(pieces: list[str], between: str) -> None:
    line = filled(between.join((*pieces, "")))
    assert steps_of(read(line)) <= MOST_STEPS_OF_SEVERAL


@pytest.mark.parametrize(
    ("line", "position", "words"),
    [
        ("user:" + "a," * MOST_VALUES + "a", 5 + 2 * MOST_VALUES, "2,000 values at most"),
        ("user:" + "a," * 1_500 + "a ip:" + "b," * 1_500 + "b", 3_007, "2,000 values at most"),
        ("a " * (MOST_TERMS + 1), 2 * MOST_TERMS, "more than 500 terms"),
        ("a" * (LONGEST + 1), LONGEST, "10,000 at most"),
    ],
)
def test_what_bounds_the_steps_is_told(line: str, position: int, words: str) -> None:
    with pytest.raises(FilterError, match=words) as caught:
        parse_filter(line)
    assert caught.value.position == position
