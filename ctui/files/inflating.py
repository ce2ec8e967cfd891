"""Gzip files that are in memory as a whole, inflated at once."""

from typing import Final

from ctui.unpacking.gzip_stream import inflating

GZIP: Final = b"\x1f\x8b"
"""How gzip files begin."""
_OF_GZIP: Final = 31
"""The window of zlib, and that the stream is one of gzip (zlib manual, inflateInit2)."""


def whole_inflated(data: bytes, most: int) -> bytes | None:
    """The bytes of a gzip file, or None if it is damaged, has more than one member or bytes behind it, or inflates to
    more than `most` bytes."""
    make, error = inflating()
    stream = make(_OF_GZIP)
    try:
        text = stream.decompress(data, most)
    except error:
        return None
    return text if stream.eof and not stream.unused_data else None
