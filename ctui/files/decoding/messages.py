"""What stands between ctui and a decoder: messages of msgpack, each behind its length."""

from typing import IO, Final, TypeVar

import msgspec

_LENGTH: Final = 8
"""Bytes of a length, the most significant one first."""
READY: Final = "ready"
"""What a decoder says first."""

T = TypeVar("T")


def write_message(stream: IO[bytes], message: object) -> None:
    """Write a value. Raises OSError."""
    data = msgspec.msgpack.encode(message)
    stream.write(len(data).to_bytes(_LENGTH))
    stream.write(data)
    stream.flush()


def read_message(stream: IO[bytes], kind: type[T]) -> T | None:
    """Read a value of this type; None if the stream ends before it does. Raises OSError and msgspec.DecodeError."""
    length = int.from_bytes(head) if len(head := stream.read(_LENGTH)) == _LENGTH else 0
    data = stream.read(length)
    return msgspec.msgpack.decode(data, type=kind) if length and len(data) == length else None
