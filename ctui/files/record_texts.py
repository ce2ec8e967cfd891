"""The records in a log file, each with its place: the general way, which reads whatever people have.

It reads `.json.gz`, JSON, NDJSON, objects after each other, answers of LookupEvents, what CloudWatch Logs and
EventBridge put around records, UTF-16, and the members of a `.zip` in place. A quicker way for files as CloudTrail
delivers them may stand before it, as long as it gives the same records with the same places.

The text of a log file is what it has in UTF-8, without a byte order mark. A record that stands there as it is has the
place of its bytes; one that stands in a message of CloudWatch Logs, its quotes escaped, has its number in the file.
"""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec import UNSET, MsgspecError, Raw, Struct, UnsetType
from msgspec.json import Decoder

from ctui.files.named_resources import clean
from ctui.unpacking.archives import is_zip, text_of
from ctui.unpacking.pieces import Piece, pieces
from ctui.unpacking.records import MOST_AT_ONCE, MOST_OF_RECORD, Thorough, parts_of
from ctui.unpacking.text import MOST_BYTES, Text
from ctui.unpacking.unread import OTHER_JSON, TOO_LARGE, Unread
from ctui.unpacking.wrappers import unwrapped

NO_MEMBER: Final = "a member that is not in the archive"
ZIP_BY_ANOTHER_NAME: Final = "a zip archive whose name does not end in .zip: rename it"
_RECORD_KEYS: Final = ("eventVersion", "eventName", "eventID", "eventId", "eventCategory", "CloudTrailEvent")
"""Keys of which a record has one. An entry of a LookupEvents answer has the last one."""
OTHER_SOURCE: Final = "aws:"
"""How the event source of a notification of S3 begins, which has event names, versions and times too."""


class FoundRecord(NamedTuple):
    """A record in a log file."""

    text: bytes
    """One JSON object, as it was; bytes that are not UTF-8 are kept (`decoded`)."""
    start: int
    """Where it begins in the text, in bytes; if `length` is 0, how many records of the file are before it."""
    length: int
    """Bytes; 0 if it does not stand in the text as it is."""


class LogFileReader:
    """Reads the records of one log file. What it says of the file is known once `records` has come to its end."""

    def __init__(
        self,
        file: io.BufferedIOBase,
        member: str = "",
        *,
        most: int = MOST_BYTES,
        most_of_record: int = MOST_OF_RECORD,
        at_once: int = MOST_AT_ONCE,
    ) -> None:
        """`file` is open at its beginning; `member`: a name in a .zip archive. `most`: inflated bytes that are read;
        `most_of_record`: of one record; `at_once`: of a text that is looked at as a whole."""
        self.reasons: Counter[str] = Counter()
        """Why how many of its records, or the file itself, are not read."""
        self.count = 0
        """Records that were found."""
        self.plain = True
        """True if every record stands in the text as it is."""
        self.inflated = 0
        """Inflated bytes that were read."""
        self.sha256 = b""
        """The hash of the inflated bytes, which a digest file has, too; empty if they were not read to the end."""
        self._file = file
        self._member = member
        self._most = most
        self._limits = (at_once, most_of_record)

    def records(self) -> Iterator[FoundRecord]:
        """Its records, in the order in which they stand there. Raises nothing: reasons are counted instead."""
        try:
            text = self._text()
        except OSError as error:
            self.reasons[f"a file that cannot be read: {error.strerror or error}"] += 1
            return
        if isinstance(text, str):
            self.reasons[text] += 1
            return
        text.hash()
        for found in placed_records(text.portions(), *self._limits):
            if isinstance(found, Unread):
                self.reasons[found.reason] += 1
                continue
            self.plain = self.plain and found.length > 0
            yield found if found.length else FoundRecord(found.text, self.count, 0)
            self.count += 1
        if text.problem is not None:
            self.reasons[text.problem] += 1
        self.inflated, self.sha256 = text.inflated, text.sha256

    def _text(self) -> Text | str:
        """Its text, or why there is none."""
        if not self._member and is_zip(self._file):
            return ZIP_BY_ANOTHER_NAME
        text = text_of(self._file, self._member, self._most)
        return NO_MEMBER if text is None else text


def placed_records(
    portions: Iterator[bytes], at_once: int = MOST_AT_ONCE, most_of_record: int = MOST_OF_RECORD
) -> Iterator[FoundRecord | Unread]:
    """The records of a text that comes in portions, and why something is none; `start` of one without `length` is -1.
    Never raises."""
    for part in parts_of(portions, at_once, most_of_record):
        if isinstance(part, Unread):
            yield part
        elif isinstance(part, Thorough):
            yield from _thoroughly(part.text, part.start, most_of_record)
        else:
            for value, start in zip(part.values, part.starts(), strict=True):
                data = bytes(value)
                look = _looked_at(data) if start >= 0 and len(data) <= most_of_record else None
                if look is not None and _is_plain(look):
                    yield FoundRecord(data, start, len(data))
                elif look is not None and (inner := _message(look)):
                    yield FoundRecord(inner, -1, 0)
                else:
                    yield from _thoroughly(data, start, most_of_record)


def decoded(record: bytes) -> str:
    """The text of a record. A byte that is not UTF-8 becomes half a surrogate pair, which no record contains."""
    return record.decode("utf-8", "surrogateescape")


class _Look(Struct, gc=False):
    """What shows that a value is a record, and no more."""

    eventTime: Raw | UnsetType = UNSET
    eventName: Raw | UnsetType = UNSET
    eventID: Raw | UnsetType = UNSET
    eventSource: str | None = None
    message: Raw | UnsetType = UNSET
    detail: Raw | UnsetType = UNSET
    Records: Raw | UnsetType = UNSET
    Events: Raw | UnsetType = UNSET
    events: Raw | UnsetType = UNSET
    logEvents: Raw | UnsetType = UNSET
    digestS3Object: Raw | UnsetType = UNSET


_LOOK: Final = Decoder(_Look)
_TEXT: Final = Decoder(str)


def _looked_at(value: bytes) -> _Look | None:
    try:
        return _LOOK.decode(value)
    except (MsgspecError, ValueError, RecursionError):
        return None


def _message(look: _Look) -> bytes:
    """The record in a message of CloudWatch Logs, if it surely is one and nothing else."""
    if look.message is UNSET or look.eventTime is not UNSET or look.eventName is not UNSET:
        return b""
    try:
        message = _TEXT.decode(look.message).encode()
    except (MsgspecError, ValueError, RecursionError):
        return b""
    inner = _looked_at(message) if message[:1] == b"{" and message[-1:] == b"}" else None
    return message if inner is not None and _is_plain(inner) else b""


def _is_plain(look: _Look) -> bool:
    """True for a value that surely is a record, and contains none."""
    if look.eventTime is UNSET or (look.eventName is UNSET and look.eventID is UNSET):
        return False
    if (look.eventSource or "").startswith(OTHER_SOURCE):
        return False
    unset = look.message is look.detail is look.Records is look.Events is look.events is look.logEvents
    return unset and look.message is look.digestS3Object is UNSET


def _is_record(value: object) -> bool:
    if not isinstance(value, dict) or not any(key in value for key in _RECORD_KEYS):
        return False
    return not str(value.get("eventSource", "")).startswith(OTHER_SOURCE)


def _thoroughly(data: bytes, start: int, most: int) -> Iterator[FoundRecord | Unread]:
    text = data.decode("utf-8", "surrogateescape")
    place = _BytePlaces(text, start)
    for piece in pieces(text):
        for inner in [piece] if isinstance(piece, Unread) else unwrapped(piece):
            if isinstance(inner, Unread):
                yield inner
            elif len(inner.text) > most:
                yield TOO_LARGE
            elif _is_record(inner.value):
                yield place.found(inner)
            else:
                yield OTHER_JSON


class _BytePlaces:
    """Turns characters of a text into bytes. Pieces come in the order in which they stand there."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._chars = 0
        self._bytes = 0

    def found(self, piece: Piece) -> FoundRecord:
        if self._start < 0 or piece.start < 0:
            return FoundRecord(clean(piece.text).encode(), -1, 0)
        data = piece.text.encode("utf-8", "surrogateescape")
        if piece.start < self._chars:
            self._chars = self._bytes = 0
        self._bytes += len(self._text[self._chars : piece.start].encode("utf-8", "surrogateescape"))
        self._chars = piece.start
        return FoundRecord(data, self._start + self._bytes, len(data))
