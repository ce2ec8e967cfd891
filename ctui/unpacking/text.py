"""The text of a log file: inflated and decoded portion by portion, of limited size."""

import codecs
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from ctui.unpacking.gzip_stream import DamagedGzip

PORTION = 1 << 20
"""Bytes that are read at once."""
MOST_BYTES = 3 << 30
"""Most inflated bytes of one log file. Delivered ones are far smaller; gzip bombs are not."""

_FOREIGN = (
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"PK\x03\x04", "an archive in an archive"),
    (b"\x1f\x8b", "a gzip file in a gzip file"),
    (b"PAR1", "a Parquet file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"SQLite format 3\x00", "a SQLite file"),
)
"""How files begin that are not read, and what they are."""
_TAR_AT = 257
"""Where the header of a tar archive says that it is one (POSIX ustar, GNU tar)."""
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, tarfile.TarError, ValueError)
"""What reading damaged archives and compressed files raises. ValueError: for names, numbers and places that cannot be,
which zipfile and tarfile do not check."""


DAMAGED_FILE = "a gzip file that is damaged or incomplete"
DAMAGED_MEMBER = "a member that is damaged or incomplete"


class TooLarge(Exception):
    """The inflated bytes are more than allowed."""

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"{what} larger than {most // 2**20:,} MiB uncompressed")


class Allowance:
    """How many inflated bytes may still come."""

    def __init__(self, what: str, most: int) -> None:
        self._what, self._most = what, most
        self._left = most

    def take(self, count: int) -> None:
        """So many have come. Raises TooLarge."""
        self._left -= count
        if self._left < 0:
            raise TooLarge(self._what, self._most)


class Text:
    """The text of a log file, or of a member of an archive."""

    def __init__(
        self, name: str, stream: io.BufferedIOBase | None, *allowances: Allowance, problem: str | None = None
    ) -> None:
        """`stream` is inflated already; None if there is nothing to read, for the reason `problem`."""
        self.name = name
        """The member's name as the archive has it, hostile; "" for the file itself."""
        self.problem = problem
        """Why it is not the whole text, in words for a report. It is known once all portions have been read."""
        self._read_all = False
        self.inflated = 0
        """Inflated bytes that were read."""
        self._stream = stream
        self._allowances = allowances
        self._hash: hashlib._Hash | None = None

    def hash(self) -> None:
        """Hash the inflated bytes as they are read."""
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> bytes:
        """The hash of all inflated bytes; empty if they were not hashed, or not read to the end."""
        return b"" if self._hash is None or not self._read_all else self._hash.digest()

    def portions(self) -> Iterator[bytes]:
        """The text as UTF-8. It ends where the text is damaged or too large. Raises nothing."""
        try:
            yield from self._decoded()
        except UnicodeDecodeError as error:
            self.problem = f"text that is not {error.encoding.upper()}, as its first bytes say"
        except DamagedGzip as error:
            self.problem = DAMAGED_MEMBER if self.name else str(error)
        except DAMAGE:
            self.problem = DAMAGED_MEMBER if self.name else DAMAGED_FILE
        except TooLarge as error:
            self.problem = str(error)
        except OSError as error:
            self.problem = f"a file that cannot be read: {error.strerror or error}"

    def _decoded(self) -> Iterator[bytes]:
        first = next(portions := self._inflated(), b"")
        foreign = next((what for magic, what in _FOREIGN if first.startswith(magic)), None)
        if foreign is None and is_tar(first):
            foreign = "an archive in an archive" if self.name else "a tar archive"
        if foreign is not None:
            self.problem = f"{foreign}, which is not read: unpack it first"
            return
        # JSON begins with ASCII, so its first bytes tell the encoding also without a byte order mark (RFC 4627).
        encoding = json.detect_encoding(first)
        if encoding.startswith("utf-8"):
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from portions
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        yield decoder.decode(first).encode()
        for portion in portions:
            yield decoder.decode(portion).encode()
        decoder.decode(b"", final=True)

    def _inflated(self) -> Iterator[bytes]:
        """Portions of at least PORTION, but for the last one. What can be read before an error is one too."""
        portion = bytearray()
        try:
            while self._stream is not None and (read := self._stream.read1(PORTION)):
                for allowance in self._allowances:
                    allowance.take(len(read))
                self.inflated += len(read)
                if self._hash is not None:
                    self._hash.update(read)
                portion += read
                if len(portion) >= PORTION:
                    yield bytes(portion)
                    portion.clear()
        except (OSError, TooLarge, *DAMAGE):
            yield bytes(portion)
            raise
        self._read_all = True
        yield bytes(portion)


def is_tar(first: bytes) -> bool:
    """True for the first bytes of a tar archive."""
    return first[_TAR_AT : _TAR_AT + 5] == b"ustar"
