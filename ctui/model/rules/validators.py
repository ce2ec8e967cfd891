"""Tests of half-typed text: it fits, it may fit once more is typed, or typing on can no longer help."""

import re
from collections.abc import Callable
from enum import StrEnum


class Validity(StrEnum):
    """What typing on can make of a text."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    """Not valid, but it may become so by typing on."""
    INVALID = "invalid"
    """Whatever is typed behind it, it stays invalid."""


Validator = Callable[[str], Validity]
"""What a rule asks of a text."""

_IP = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_UUID_DASHES = (8, 13, 18, 23)
_HEX = frozenset("0123456789abcdefABCDEF")


def fits(full: str, partial: str) -> Validator:
    """Matches `full` from end to end, or `partial`, which must match each beginning of what `full` matches."""
    whole, begun = re.compile(full), re.compile(partial)

    def test(text: str) -> Validity:
        if whole.fullmatch(text):
            return Validity.OK
        return Validity.INCOMPLETE if begun.fullmatch(text) else Validity.INVALID

    return test


def one_of(*words: str) -> Validator:
    """One of these words, or the beginning of one."""

    def test(text: str) -> Validity:
        if text in words:
            return Validity.OK
        return Validity.INCOMPLETE if any(word.startswith(text) for word in words) else Validity.INVALID

    return test


def never(pattern: str) -> Validator:
    """The pattern occurs nowhere: once it is there, typing on does not remove it."""
    found = re.compile(pattern)
    return lambda text: Validity.INVALID if found.search(text) else Validity.OK


def not_ending(*tails: str) -> Validator:
    """The text ends in none of these; typing on cures it."""
    return lambda text: Validity.INCOMPLETE if text.endswith(tails) else Validity.OK


def not_starting(*heads: str) -> Validator:
    """The text starts with none of these."""
    return lambda text: Validity.INVALID if text.startswith(heads) else Validity.OK


def no_ip(text: str) -> Validity:
    """Not four numbers with dots between them."""
    return Validity.INCOMPLETE if _IP.fullmatch(text) else Validity.OK


def at_least(count: int) -> Validator:
    """At least so many characters."""
    return lambda text: Validity.OK if len(text) >= count else Validity.INCOMPLETE


def at_most(count: int, length: Callable[[str], int] = len) -> Validator:
    """At most so many characters, as `length` counts them."""
    return lambda text: Validity.OK if length(text) <= count else Validity.INVALID


def arn_part(index: int, test: Validator, *, rest: bool = False) -> Validator:
    """The part of an ARN at `index` (from 0, between colons) passes `test`; a part not reached yet is unfinished.

    With `rest` the part goes on to the end, colons included.
    """

    def validate_value(text: str) -> Validity:
        parts = text.split(":", index) if rest else text.split(":")
        if index >= len(parts):
            return Validity.INCOMPLETE
        standing = test(parts[index])
        if standing is Validity.INCOMPLETE and index < len(parts) - 1:
            return Validity.INVALID
        return standing

    return validate_value


def when(condition: Callable[[str], bool], test: Validator) -> Validator:
    """Asked only where the condition holds."""
    return lambda text: test(text) if condition(text) else Validity.OK


def any_of(*tests: Validator) -> Validator:
    """The best that one of the tests says."""
    order = (Validity.OK, Validity.INCOMPLETE, Validity.INVALID)
    return lambda text: min((test(text) for test in tests), key=order.index)


def uuid(text: str) -> Validity:
    """8-4-4-4-12 hexadecimal digits."""
    fine = all(char == "-" if at in _UUID_DASHES else char in _HEX for at, char in enumerate(text))
    if not fine or len(text) > 36:
        return Validity.INVALID
    return Validity.OK if len(text) == 36 else Validity.INCOMPLETE


def all_of(*tests: Validator) -> Validator:
    """The worst that one of the tests says."""
    order = (Validity.INVALID, Validity.INCOMPLETE, Validity.OK)
    return lambda text: min((test(text) for test in tests), key=order.index)


def starting_with(head: str, test: Validator) -> Validator:
    """Starts with `head`, and what follows passes `test`."""

    def validate_value(text: str) -> Validity:
        if text.startswith(head):
            return test(text[len(head) :])
        return Validity.INCOMPLETE if head.startswith(text) else Validity.INVALID

    return validate_value
