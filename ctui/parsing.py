"""Reads files and values that others wrote, or says in words why they cannot be read.

Every file that a person may write (settings, themes, account files) is read here. Whatever a parser raises becomes
Unreadable, so that no content, however hostile, ends ctui with an exception of a library.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of the largest file that is read. Files written by hand are much smaller."""
_MOST_DOTS = 50
"""Dots in a line. tomllib needs memory by the square of a dotted key's parts: gigabytes for a key of 100 KB."""
_LONGEST_SHOWN = 60
"""Characters of a value that a message repeats."""


class Unreadable(ValueError):
    """A file or a value that cannot be used. `reason` says why, `key` names the part, or is "" for the whole."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(f"{key}: {reason}" if key else reason)
        self.reason = reason
        self.key = key


def read_toml(path: Path, *, any_file: bool = False) -> dict[str, Any]:
    """The table in a TOML file. Raises FileNotFoundError, and Unreadable for any other problem.

    `any_file`: also read a pipe or a device, which a person may name on purpose.
    """
    return parse_toml(_text(path, any_file=any_file))


def parse_toml(text: str) -> dict[str, Any]:
    """The table in a TOML text; raises Unreadable."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > _MOST_DOTS:
            raise Unreadable(f"line {number} has more than {_MOST_DOTS} dots")
    try:
        return tomllib.loads(text)
    except Exception as error:
        raise Unreadable(reason_of(error)) from error


def convert(value: object, shape: type[T], wanted: Mapping[str, str]) -> T:
    """The value as a msgspec type. Raises Unreadable with the key and what it must be.

    `wanted` says what each pattern of the type requires, as "must be …" goes on.
    """
    import msgspec  # noqa: PLC0415 - most starts convert nothing

    try:
        return msgspec.convert(value, type=shape)
    except msgspec.ValidationError as error:
        key, reason = _complaint(str(error), wanted)
        raise Unreadable(reason, key) from error
    except Exception as error:
        raise Unreadable(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Why something could not be read or decoded, in words, for any exception."""
    if isinstance(error, Unreadable):
        return error.reason
    if isinstance(error, OSError):
        return (error.strerror or "it cannot be opened").lower()
    if isinstance(error, UnicodeError):
        return "it is not UTF-8 text"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"it is not TOML: {_small(_NESTED_KEY.sub(_as_a_key, str(error)))}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it is too large for the memory of this machine"
    if isinstance(error, ValueError | OverflowError) and "digit" in str(error):
        return "it contains a number with too many digits"
    return "it contains something that cannot be read"


def shown(value: object) -> str:
    """A value for a message: as TOML writes it, cut if it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    try:
        text = repr(value[: _LONGEST_SHOWN + 1] if isinstance(value, str) else value)
    except ValueError:
        return "a number with very many digits"
    return shortened(text, _LONGEST_SHOWN)


def shortened(text: str, most: int) -> str:
    """The text, cut if it is longer than `most` characters: text from a file may have any length."""
    return text if len(text) <= most + 2 else f"{text[:most]}…"


def _text(path: Path, *, any_file: bool) -> str:
    # Without O_NONBLOCK, opening a pipe that has no writer waits forever.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | (0 if any_file else os.O_NONBLOCK))
        try:
            kind = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(kind):
                raise Unreadable("it is a folder")
            if not stat.S_ISREG(kind) and not any_file:
                raise Unreadable("it is a pipe or a device")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(MOST_BYTES + 1)
        finally:
            os.close(descriptor)
    except (FileNotFoundError, Unreadable):
        raise
    except Exception as error:
        raise Unreadable(reason_of(error)) from error
    if len(data) > MOST_BYTES:
        raise Unreadable(f"it is larger than {MOST_BYTES // 2**20} MiB")
    try:
        # Some editors start a file with a byte order mark.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"it is not UTF-8 text: byte 0x{data[error.start]:02x} in line {line}") from error


_NESTED_KEY = re.compile(r"\((?:'[^']*',? ?)+\)")
"""How tomllib names a nested key."""


def _as_a_key(found: re.Match[str]) -> str:
    return shortened(".".join(re.findall(r"'([^']*)'", found[0])), _LONGEST_SHOWN)


_AT = re.compile(r" - at `(?:key in )?\$?\.?(?P<key>.*)`\Z", re.DOTALL)
_TYPE_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date and time such as 2030-01-01T00:00:00Z",
    "date": "a date",
    "time": "a time",
    "null": "nothing",
}
_COMPLAINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), "must be {0}, but is {1}"),
    (re.compile(r"Expected `([^`]+)` of length >= 1"), "must be {0}, and not empty"),
    (re.compile(r"Expected `([^`]+)` of length >= (\d+)"), "must be {0} of {1} or more"),
    (re.compile(r"Expected `([^`]+)` of length <= (\d+)"), "must be {0} of no more than {1}"),
    (re.compile(r"Expected `([^`]+)` >= (\S+)"), "must be {0} of {1} or more"),
    (re.compile(r"Expected `([^`]+)` <= (\S+)"), "must be {0} of {1} or less"),
    (re.compile(r"Expected `([^`]+)` > (\S+)"), "must be {0} above {1}"),
    (re.compile(r"Expected `([^`]+)` < (\S+)"), "must be {0} below {1}"),
    (re.compile(r"Object missing required field `([^`]+)`"), "needs {0}, which is missing"),
    (re.compile(r"Object contains unknown field `([^`]+)`", re.DOTALL), "does not allow {0}"),
    (re.compile(r"Invalid RFC3339 encoded (\w+)"), "must be {0}"),
    (re.compile(r"Invalid enum value (.*)", re.DOTALL), "cannot be {0}"),
)
"""msgspec's messages, and ours for them."""
_MATCHING = re.compile(r"Expected `str` matching regex '(.*)'", re.DOTALL)


def _complaint(message: str, wanted: Mapping[str, str]) -> tuple[str, str]:
    """(key, reason) for a message of msgspec about a value."""
    at = _AT.search(message)
    key, what = (at["key"], message[: at.start()]) if at else ("", message)
    if found := _MATCHING.fullmatch(what):
        # msgspec writes the pattern as Python does.
        pattern = found[1].replace("\\\\", "\\")
        return key, f"must be {wanted.get(pattern, 'text of another form')}"
    for complaint, words in _COMPLAINTS:
        if found := complaint.fullmatch(what):
            return key, words.format(*(_type_words(group) for group in found.groups()))
    return key, "cannot be used"


def _type_words(said: str) -> str:
    kinds = [_TYPE_WORDS.get(kind.strip(), kind.strip()) for kind in said.split("|") if kind.strip() != "null"]
    return " or ".join(kinds) or _TYPE_WORDS["null"]


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
