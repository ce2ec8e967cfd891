"""Validators of text that is being typed: valid, incomplete (more typing can make it valid), or invalid."""

import re
from collections.abc import Callable
from enum import StrEnum


class Validity(StrEnum):
    """The result of a validator."""

    OK = "ok"
    INCOMPLETE = "incomplete"
    """Not valid yet; more typing can make it valid."""
    INVALID = "invalid"
    """Not valid, and more typing cannot make it valid."""


Validator = Callable[[str], Validity]
"""Validates a text."""

_IP = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")
_UUID_DASHES = (8, 13, 18, 23)
_HEX = frozenset("0123456789abcdefABCDEF")


def fits(full: str, partial: str) -> Validator:
    """The text matches `full`, or so far `partial`, which must match each prefix of what `full` matches."""
    whole, prefix = re.compile(full), re.compile(partial)

    def validate(text: str) -> Validity:
        if whole.fullmatch(text):
            return Validity.OK
        return Validity.INCOMPLETE if prefix.fullmatch(text) else Validity.INVALID

    return validate


def one_of(*words: str) -> Validator:
    """The text is one of these words, or a prefix of one."""

    def validate(text: str) -> Validity:
        if text in words:
            return Validity.OK
        return Validity.INCOMPLETE if any(word.startswith(text) for word in words) else Validity.INVALID

    return validate


def never(pattern: str) -> Validator:
    """The pattern occurs nowhere in the text; if it does, the text is invalid."""
    compiled = re.compile(pattern)
    return lambda text: Validity.INVALID if compiled.search(text) else Validity.OK


def not_ending(*tails: str) -> Validator:
    """The text has none of these endings; if it does, it is incomplete."""
    return lambda text: Validity.INCOMPLETE if text.endswith(tails) else Validity.OK


def not_starting(*heads: str) -> Validator:
    """The text starts with none of these."""
    return lambda text: Validity.INVALID if text.startswith(heads) else Validity.OK


def no_ip(text: str) -> Validity:
    """The text is not four numbers separated by dots."""
    return Validity.INCOMPLETE if _IP.fullmatch(text) else Validity.OK


def at_least(count: int) -> Validator:
    """The text has at least this many characters."""
    return lambda text: Validity.OK if len(text) >= count else Validity.INCOMPLETE


def at_most(count: int, length: Callable[[str], int] = len) -> Validator:
    """The text has at most this many characters, as `length` counts them."""
    return lambda text: Validity.OK if length(text) <= count else Validity.INVALID


def arn_part(index: int, validator: Validator, *, rest: bool = False) -> Validator:
    """Part `index` of an ARN (from 0, separated by colons) is valid; while it is missing, the text is incomplete.

    With `rest` the part extends to the end of the text, colons included.
    """

    def validate(text: str) -> Validity:
        parts = text.split(":", index) if rest else text.split(":")
        if index >= len(parts):
            return Validity.INCOMPLETE
        validity = validator(parts[index])
        if validity is Validity.INCOMPLETE and index < len(parts) - 1:
            return Validity.INVALID
        return validity

    return validate


def when(condition: Callable[[str], bool], validator: Validator) -> Validator:
    """The validator, applied only to texts that meet the condition; other texts are valid."""
    return lambda text: validator(text) if condition(text) else Validity.OK


def any_of(*validators: Validator) -> Validator:
    """The best result of these validators."""
    order = (Validity.OK, Validity.INCOMPLETE, Validity.INVALID)
    return lambda text: min((validator(text) for validator in validators), key=order.index)


def uuid(text: str) -> Validity:
    """The text is 8-4-4-4-12 hexadecimal digits."""
    fine = all(char == "-" if at in _UUID_DASHES else char in _HEX for at, char in enumerate(text))
    if not fine or len(text) > 36:
        return Validity.INVALID
    return Validity.OK if len(text) == 36 else Validity.INCOMPLETE


def all_of(*validators: Validator) -> Validator:
    """The worst result of these validators."""
    order = (Validity.INVALID, Validity.INCOMPLETE, Validity.OK)
    return lambda text: min((validator(text) for validator in validators), key=order.index)


def starting_with(head: str, validator: Validator) -> Validator:
    """The text starts with `head`, and the rest is valid."""

    def validate(text: str) -> Validity:
        if text.startswith(head):
            return validator(text[len(head) :])
        return Validity.INCOMPLETE if head.startswith(text) else Validity.INVALID

    return validate
