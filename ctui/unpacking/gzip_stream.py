"""A gzip file, inflated: by isal where that is installed (the extra `fast-files`), in half the time of zlib."""

import io
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, Protocol, cast

_PORTION: Final = 256 << 10
"""Compressed bytes that are read at once."""
_PIECE: Final = 4 << 10
"""Compressed bytes before damage that are inflated at once: they become 4 MiB at most."""
_WITH_HEADER: Final = 31
"""Window bits for a stream with the header and the checksum of gzip (zlib manual, inflateInit2)."""
MAGIC: Final = b"\x1f\x8b"
"""How gzip files begin."""


class DamagedGzip(ValueError):
    """A gzip file is not whole, or has something behind its end. The text of the error says which, for a report."""


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes, _max_length: int, /) -> bytes: ...


_Inflating = tuple[Callable[[int], _Inflater], type[Exception]]


@cache
def _inflating() -> _Inflating:
    """What inflates, and what it raises."""
    try:
        from isal import igzip_lib, isal_zlib  # noqa: PLC0415 - an extra
    except ImportError:
        return zlib.decompressobj, zlib.error
    return isal_zlib.decompressobj, cast("type[Exception]", igzip_lib.IsalError)


def one_stream(data: bytes, most: int) -> bytes | None:
    """The inflated bytes of a file that is one whole stream, without Python's lock; None if it is damaged, has bytes
    behind it, or inflates to more than `most`."""
    make, error = _inflating()
    stream = make(_WITH_HEADER)
    try:
        text = stream.decompress(data, most)
    except error:
        return None
    return text if stream.eof and not stream.unused_data else None


class GzipStream(io.RawIOBase):
    """The inflated bytes of a file: of one gzip stream, or of several after each other. Reading raises DamagedGzip."""

    def __init__(self, file: io.BufferedIOBase, inflating: _Inflating | None = None, portion: int = _PORTION) -> None:
        """`inflating`: what inflates, and what it raises. `portion`: compressed bytes that are read at once."""
        self._file = file
        self._portion = portion
        self._make, self._error = inflating or _inflating()
        self._stream = self._make(_WITH_HEADER)
        self._waiting = b""
        self._started = False
        """True within a stream."""
        self._begins = 0
        """Where in the file the stream begins."""
        self._given = 0
        """Inflated bytes of the stream."""
        self._damage: DamagedGzip | None = None

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Inflate so many bytes at most, into the buffer; 0 at the end."""
        data = self.inflate(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def inflate(self, most: int) -> bytes:
        """The next bytes, so many at most; none at the end. Raises DamagedGzip."""
        while True:
            if self._damage is not None:
                raise self._damage
            self._waiting = self._waiting or self._file.read(self._portion)
            if not self._waiting:
                if self._started and not self._stream.eof:
                    raise DamagedGzip("a gzip file that ends too early")
                return b""
            if self._stream.eof and not self._next_stream():
                return b""
            self._started = True
            data = self._inflated(most)
            self._given += len(data)
            self._waiting = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if data:
                return data

    def _inflated(self, most: int) -> bytes:
        try:
            return self._stream.decompress(self._waiting, most)
        except self._error as error:
            self._damage = DamagedGzip("a gzip file that is damaged or incomplete")
            if not (data := self._before_damage()[:most]):
                raise self._damage from error
            return data

    def _before_damage(self) -> bytes:
        """What comes before the damage and was not given yet. A call that fails gives nothing of what it inflated, so
        the stream is inflated again, in the end byte by byte."""
        if not self._file.seekable():
            return b""
        self._file.seek(self._begins)
        stream, skipped, data = zlib.decompressobj(_WITH_HEADER), 0, bytearray()
        while piece := self._file.read(_PIECE):
            before = stream.copy()
            parts: Iterable[bytes] = (piece,)
            for _ in range(2):
                try:
                    for part in parts:
                        text = stream.decompress(part)
                        data += text[max(0, self._given - skipped) :]
                        skipped += len(text)
                    break
                except zlib.error:
                    stream, parts = before, (piece[at : at + 1] for at in range(len(piece)))
            else:
                break
        return bytes(data)

    def _next_stream(self) -> bool:
        """Begin with what stands behind the end of a stream; False for nothing but zeros."""
        self._waiting = self._waiting.lstrip(b"\0")
        while len(self._waiting) < len(MAGIC) and (more := self._file.read(self._portion)):
            self._waiting = (self._waiting + more).lstrip(b"\0") if not self._waiting else self._waiting + more
        if not self._waiting:
            return False
        if not self._waiting.startswith(MAGIC):
            raise DamagedGzip("bytes behind the end of a gzip file")
        self._stream = self._make(_WITH_HEADER)
        self._begins, self._given = self._file.tell() - len(self._waiting), 0
        return True
