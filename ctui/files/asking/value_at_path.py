"""What a record surely has at a path, without decoding more of it than that: a twentieth of the time of all of it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from msgspec import MsgspecError, defstruct
from msgspec.json import Decoder

from ctui.model.filter.predicate import value_test
from ctui.model.filter.terms import PathTerm, Term

_DEEPEST: Final = 500
"""Brackets of a record that is never nested too deeply for the predicate."""
_LONGEST: Final = 8
"""Keys of a path."""
_UNSURE: Final = (MsgspecError, RecursionError, UnicodeDecodeError)


def event_id_in(record: bytes) -> str | None:
    """The event ID of a record as it stands there; None where that is not seen."""
    try:
        event_id: str | None = _decoder(("eventID",)).decode(record).value
    except _UNSURE:
        return None
    return event_id


def surely_at_path(term: Term) -> Callable[[bytes], bool] | None:
    """Whether the value at the path of a term is a text, in objects alone, that matches it; None for other terms.

    True only if the predicate says so: it looks at other spellings of the path, and into lists and objects, besides.
    """
    if not isinstance(term, PathTerm) or term.negated or not all(map(_is_plain, term.path)):
        return None
    if not 0 < len(term.path) <= _LONGEST:
        return None
    decode, keys, test = _decoder(term.path).decode, len(term.path), value_test(term)

    def surely(record: bytes) -> bool:
        try:
            value = decode(record)
        except _UNSURE:
            return False
        for _ in range(keys):
            if value is None:
                return False
            value = value.value
        return bool(value) and test(value) and record.count(b"[") + record.count(b"{") < _DEEPEST

    return surely


@lru_cache(maxsize=32)
def _decoder(path: tuple[str, ...]) -> "Decoder[Any]":
    kind: Any = str
    for key in reversed(path):
        kind = defstruct("AtKey", [("value", kind | None, None)], rename={"value": key}, gc=False)
    return Decoder(kind)


def _is_plain(key: str) -> bool:
    return key.isascii() and key.isprintable() and not any(sign in key for sign in '"\\')
