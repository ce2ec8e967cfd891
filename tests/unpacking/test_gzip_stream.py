"""What is read of a damaged gzip file: all that stands before the damage, also if that is less than one portion."""

import gzip
import io
import random

import pytest

from ctui.unpacking.gzip_stream import DamagedGzip, GzipStream

_TEXT = random.Random(17).randbytes(40_000).hex().encode()


def _read(data: bytes, most: int) -> tuple[bytes, str]:
    """What is read in portions of so many bytes, and why it ends."""
    stream, text = GzipStream(io.BytesIO(data)), b""
    try:
        while part := stream.read(most):
            text += part
    except DamagedGzip as error:
        return text, str(error)
    return text, ""


@pytest.mark.parametrize("most", [1_000, 70_000, 1 << 20])
@pytest.mark.parametrize("before", [b"", gzip.compress(_TEXT) + bytes(9)])
def test_what_stands_before_damage_is_read(most: int, before: bytes) -> None:
    whole = gzip.compress(_TEXT)
    first = len(gzip.decompress(before)) if before else 0
    text, why = _read(before + whole[:-8] + bytes(8), most)
    assert (text[first:], why) == (_TEXT, "a gzip file that is damaged or incomplete")

    # A block of a kind that does not exist.
    damaged = bytearray(gzip.compress(_TEXT[:50_000], mtime=0)[:-8]) + b"\xff" * 400
    text, why = _read(before + bytes(damaged), most)
    assert text.startswith((gzip.decompress(before) if before else b"") + _TEXT[:50_000])
    assert why


@pytest.mark.parametrize("kept", [11, 500, 20_000, 39_000])
def test_a_file_that_ends_too_early_is_read_up_to_there(kept: int) -> None:
    text, why = _read(gzip.compress(_TEXT)[:kept], 1 << 20)
    assert _TEXT.startswith(text)
    assert len(text) >= kept - 600
    assert why == "a gzip file that ends too early"
