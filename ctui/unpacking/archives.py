"""The texts in a file: its own, or those of the members of a .zip, .tar or .tar.gz, one after another.

Members are read in place. Their names are only shown to people: nothing is written, so no name can lead anywhere. Sizes
that an archive claims are not believed.
"""

import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, cast

from ctui.unpacking.gzip_stream import GzipStream
from ctui.unpacking.names import left_out
from ctui.unpacking.text import (
    DAMAGE,
    DAMAGED_FILE,
    DAMAGED_MEMBER,
    MOST_BYTES,
    PORTION,
    Allowance,
    Text,
    TooLarge,
    is_tar,
)

MOST_ARCHIVE_BYTES = 64 << 30
"""Most inflated bytes of an archive."""

NEWER_ZIP = "a zip archive of a version that is not read"
DAMAGED_ZIP = "a zip archive that is damaged or incomplete"
NAMED_TWICE = "a member with the name of another one"

_GZIP, _ZIP, _EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_DEEPEST_HEADER = 1024
"""Bytes of a file's beginning that say what it is."""
_ENCRYPTED = 0x1
"""The flag of a zip archive's member that needs a password (.ZIP File Format Specification, 4.4.4)."""
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What zip archives of logs have. A member in LZMA could ask for 4 GiB of memory."""


def texts_in(
    file: io.BufferedIOBase, most: int = MOST_BYTES, most_of_archive: int = MOST_ARCHIVE_BYTES
) -> Iterator[Text]:
    """The texts of a file that is open at its beginning. Each is to be read before the next one is asked for.

    Whatever is wrong with the file or a member is the problem of a text. Raises nothing.
    """
    archive = Allowance("an archive", most_of_archive)
    try:
        if is_zip(file):
            yield from _zipped(file, most, archive)
            return
        stream = _inflated(file)
        if is_tar(_beginning(stream)):
            yield from _tarred(stream, most, archive)
        else:
            yield Text("", stream, Allowance("a file", most))
    except DAMAGE:
        yield Text("", None, problem=DAMAGED_FILE)
    except OSError as error:
        yield Text("", None, problem=f"a file that cannot be read: {error.strerror or error}")


def text_of(file: io.BufferedIOBase, member: str, most: int = MOST_BYTES) -> Text | None:
    """The text of a file that is open at its beginning, or of one member of a .zip archive; None without that member.

    Of two members with one name, it is the last one. Whatever is wrong is the problem of the text. Raises OSError.
    """
    archive = Allowance("an archive", MOST_ARCHIVE_BYTES)
    try:
        if not member:
            return Text("", _inflated(file), Allowance("a file", most))
        opened = zipfile.ZipFile(file)
        return _zip_member(opened, opened.getinfo(member), most, archive)
    except KeyError:
        return None
    except (NotImplementedError, *DAMAGE):
        return Text(member, None, problem=DAMAGED_ZIP if member else DAMAGED_FILE)


def members_of(file: io.BufferedIOBase) -> tuple[tuple[str, ...], Counter[str]]:
    """The names of the log files in an archive that is open at its beginning, in its order, and why how many other
    members are not read. A file that is no .zip is a log file itself: its one name is "". Raises OSError."""
    reasons: Counter[str] = Counter()
    if not is_zip(file):
        return ("",), reasons
    names: dict[str, None] = {}
    try:
        with zipfile.ZipFile(file) as opened:
            for member in opened.infolist():
                if member.filename.endswith("/"):
                    continue
                why = left_out(PurePosixPath(member.filename)) or (NAMED_TWICE if member.filename in names else None)
                if why is None:
                    names[member.filename] = None
                else:
                    reasons[why] += 1
    except NotImplementedError:
        reasons[NEWER_ZIP] += 1
    except DAMAGE:
        reasons[DAMAGED_ZIP] += 1
    return tuple(names), reasons


def is_zip(file: io.BufferedIOBase) -> bool:
    """True for a .zip archive that is open at its beginning, which is still read afterwards. Raises OSError."""
    return _beginning(file)[:4] in (_ZIP, _EMPTY_ZIP)


def _zipped(file: io.BufferedIOBase, most: int, archive: Allowance) -> Iterator[Text]:
    try:
        with zipfile.ZipFile(file) as opened:
            for member in opened.infolist():
                if not member.filename.endswith("/"):
                    yield _zip_member(opened, member, most, archive)
    except NotImplementedError:
        yield Text("", None, problem=NEWER_ZIP)
    except DAMAGE:
        yield Text("", None, problem=DAMAGED_ZIP)


def _zip_member(opened: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, archive: Allowance) -> Text:
    problem = left_out(PurePosixPath(member.filename))
    if problem is None and member.flag_bits & _ENCRYPTED:
        problem = "a member that needs a password"
    if problem is None and member.compress_type not in _COMPRESSIONS:
        problem = "a member with a compression that is not read"
    if problem is None:
        try:
            return _member(member.filename, cast("zipfile.ZipExtFile", opened.open(member)), most, archive)
        except (NotImplementedError, *DAMAGE):
            problem = DAMAGED_MEMBER
    return Text(member.filename, None, problem=problem)


def _tarred(stream: io.BufferedIOBase, most: int, archive: Allowance) -> Iterator[Text]:
    forward = _Forward(stream, archive)
    # tarfile only reads and seeks.
    fileobj: Any = forward
    try:
        with tarfile.open(fileobj=fileobj, mode="r:") as opened:
            while (member := opened.next()) is not None:
                # It would keep all of them.
                opened.members.clear()  # type: ignore[attr-defined]
                if not member.isdir():
                    yield _tar_member(opened, member, most)
        # Behind the last member are zeros, or nothing. tarfile ends at anything else too, without a word.
        if forward.last.strip(b"\0"):
            raise tarfile.ReadError
    except TooLarge as error:
        yield Text("", None, problem=str(error))
    except DAMAGE:
        yield Text("", None, problem="a tar archive that is damaged or incomplete")


def _tar_member(opened: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> Text:
    problem = left_out(PurePosixPath(member.name))
    if not member.isreg() or member.issparse():
        problem = "a link, a device or a sparse file"
    content = opened.extractfile(member) if problem is None else None
    if content is None:
        return Text(member.name, None, problem=problem)
    return _member(member.name, cast("io.BufferedReader", content), most)


def _member(name: str, content: io.BufferedIOBase, most: int, *archive: Allowance) -> Text:
    return Text(name, _inflated(content), Allowance("a member", most), *archive)


def _inflated(stream: io.BufferedIOBase) -> io.BufferedIOBase:
    return io.BufferedReader(GzipStream(stream), PORTION) if _beginning(stream).startswith(_GZIP) else stream


def _beginning(stream: io.BufferedIOBase) -> bytes:
    """The first bytes, which are still read afterwards. Raises one of DAMAGE."""
    return cast("io.BufferedReader", stream).peek(_DEEPEST_HEADER)


class _Forward:
    """What tarfile reads an archive from: onwards only, and in small portions.

    A header of a tar archive can claim to be of any size, and tarfile would read it as a whole.
    """

    def __init__(self, stream: io.BufferedIOBase, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance
        self._at = 0
        self.last = b""
        """What was read last."""

    def seekable(self) -> bool:
        """False: never back."""
        return False

    def tell(self) -> int:
        """How much has been read or skipped."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or fewer at the end. Raises TooLarge, and ReadError for too many at once."""
        if not 0 <= size <= PORTION:
            raise tarfile.ReadError("a header that is too large")
        self.last = data = self._stream.read(size)
        self._at += len(data)
        self._allowance.take(len(data))
        return data

    def seek(self, at: int) -> None:
        """Skip to a place further on, or to the end. Raises as `read` does."""
        if at < self._at:
            raise tarfile.ReadError("a place that has been read")
        while self._at < at and self.read(min(PORTION, at - self._at)):
            pass
