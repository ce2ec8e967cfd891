"""Tests of half-typed text: it fits, it may fit once more is typed, or typing on can no longer help."""

import re
from collections.abc import Callable
from enum import StrEnum


class Standing(StrEnum):
    """What typing on can make of a text."""

    OK = "ok"
    UNFINISHED = "unfinished"
    """Not valid, but it may become so by typing on."""
    WRONG = "wrong"
    """Whatever is typed behind it, it stays invalid."""


Test = Callable[[str], Standing]
"""What a rule asks of a text."""

_IP = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_UUID_DASHES = (8, 13, 18, 23)
_HEX = frozenset("0123456789abcdefABCDEF")


def fits(full: str, partial: str) -> Test:
    """Matches `full` from end to end, or `partial`, which must match each beginning of what `full` matches."""
    whole, begun = re.compile(full), re.compile(partial)

    def test(text: str) -> Standing:
        if whole.fullmatch(text):
            return Standing.OK
        return Standing.UNFINISHED if begun.fullmatch(text) else Standing.WRONG

    return test


def literal(*words: str) -> Test:
    """One of these words, or the beginning of one."""

    def test(text: str) -> Standing:
        if text in words:
            return Standing.OK
        return Standing.UNFINISHED if any(word.startswith(text) for word in words) else Standing.WRONG

    return test


def never(pattern: str) -> Test:
    """The pattern occurs nowhere: once it is there, typing on does not remove it."""
    found = re.compile(pattern)
    return lambda text: Standing.WRONG if found.search(text) else Standing.OK


def not_ending(*tails: str) -> Test:
    """The text ends in none of these; typing on cures it."""
    return lambda text: Standing.UNFINISHED if text.endswith(tails) else Standing.OK


def not_starting(*heads: str) -> Test:
    """The text starts with none of these."""
    return lambda text: Standing.WRONG if text.startswith(heads) else Standing.OK


def no_ip(text: str) -> Standing:
    """Not four numbers with dots between them."""
    return Standing.UNFINISHED if _IP.fullmatch(text) else Standing.OK


def at_least(count: int) -> Test:
    """At least so many characters."""
    return lambda text: Standing.OK if len(text) >= count else Standing.UNFINISHED


def at_most(count: int, length: Callable[[str], int] = len) -> Test:
    """At most so many characters, as `length` counts them."""
    return lambda text: Standing.OK if length(text) <= count else Standing.WRONG


def part(index: int, test: Test, *, rest: bool = False) -> Test:
    """The part of an ARN at `index` (from 0, between colons) passes `test`; a part not reached yet is unfinished.

    With `rest` the part goes on to the end, colons included.
    """

    def judge(text: str) -> Standing:
        parts = text.split(":", index) if rest else text.split(":")
        if index >= len(parts):
            return Standing.UNFINISHED
        standing = test(parts[index])
        if standing is Standing.UNFINISHED and index < len(parts) - 1:
            return Standing.WRONG
        return standing

    return judge


def when(condition: Callable[[str], bool], test: Test) -> Test:
    """Asked only where the condition holds."""
    return lambda text: test(text) if condition(text) else Standing.OK


def any_of(*tests: Test) -> Test:
    """The best that one of the tests says."""
    order = (Standing.OK, Standing.UNFINISHED, Standing.WRONG)
    return lambda text: min((test(text) for test in tests), key=order.index)


def uuid(text: str) -> Standing:
    """8-4-4-4-12 hexadecimal digits."""
    fine = all(char == "-" if at in _UUID_DASHES else char in _HEX for at, char in enumerate(text))
    if not fine or len(text) > 36:
        return Standing.WRONG
    return Standing.OK if len(text) == 36 else Standing.UNFINISHED


def all_of(*tests: Test) -> Test:
    """The worst that one of the tests says."""
    order = (Standing.WRONG, Standing.UNFINISHED, Standing.OK)
    return lambda text: min((test(text) for test in tests), key=order.index)


def headed(head: str, test: Test) -> Test:
    """Starts with `head`, and what follows passes `test`."""

    def judge(text: str) -> Standing:
        if text.startswith(head):
            return test(text[len(head) :])
        return Standing.UNFINISHED if head.startswith(text) else Standing.WRONG

    return judge
