"""The quick way through a log file as trails deliver it: one `{"Records":[…]}` of some megabytes, gzipped or not."""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Final

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder

from ctui.files.decoding.rows_of_records import RowMaker
from ctui.files.segment import Row
from ctui.model.values import dataclass
from ctui.unpacking.gzip_stream import MAGIC, one_stream

MOST_BYTES: Final = 16 << 20
"""Bytes of the largest file that is read in one go."""
_MOST_INFLATED: Final = 64 << 20
_BEGIN: Final = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[\s*')
_BETWEEN: Final = re.compile(rb"\s*,\s*")
_END: Final = re.compile(rb"\s*\]\s*\}\s*")


class _LogFile(Struct, forbid_unknown_fields=True):
    Records: list[Raw]


_FILE: Final = Decoder(_LogFile)


@dataclass(frozen=True, slots=True)
class UsualFile:
    """What such a file holds."""

    sha256: bytes
    """Of the inflated bytes."""
    inflated: int
    rows: Sequence[Row]
    starts: Sequence[int]
    """The first byte of each row's record in the inflated bytes."""
    lengths: Sequence[int]


def read_usual(data: bytes, maker: RowMaker, region: str) -> UsualFile | None:
    """The rows of a file with these bytes, or None if there is anything unusual in it, or about one of its records.

    `region`: that of records that name none.
    """
    text = one_stream(data, _MOST_INFLATED) if data.startswith(MAGIC) else data
    if text is None or not _is_utf8(text):
        return None
    try:
        records = _FILE.decode(text).Records
    except (MsgspecError, RecursionError):
        return None
    lengths = [len(bytes(record)) for record in records]
    starts = _starts(text, records, lengths)
    if starts is None:
        return None
    make = maker.row_of_usual
    rows = [row for record in records if (row := make(record, region)) is not None]
    if len(rows) < len(records):
        return None
    return UsualFile(sha256(text).digest(), len(text), rows, starts, lengths)


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _starts(text: bytes, records: Sequence[Raw], lengths: Sequence[int]) -> list[int] | None:
    """Where the records stand in the text; None if there is more in it than they."""
    begin = _BEGIN.match(text)
    if begin is None:
        return None
    if text.endswith(b"]}") and begin.end() + sum(lengths) + max(len(lengths) - 1, 0) + len(b"]}") == len(text):
        # Between two of them is one character, and so a comma.
        return list(accumulate([begin.end(), *(length + 1 for length in lengths[:-1])]))[: len(lengths)]
    starts = list(_walked(text, begin.end(), records))
    if len(starts) < len(records):
        return None
    end = starts[-1] + lengths[-1] if starts else begin.end()
    return starts if _END.fullmatch(text, end) else None


def _walked(text: bytes, at: int, records: Sequence[Raw]) -> Iterator[int]:
    """Where they stand, up to the first one that stands elsewhere: of two arrays of one name only the last is read."""
    for record in records:
        found = bytes(record)
        if not text.startswith(found, at):
            return
        yield at
        at += len(found)
        if between := _BETWEEN.match(text, at):
            at = between.end()
