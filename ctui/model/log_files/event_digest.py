"""A number of eight bytes for the ID of an event: rows are compared by it and by their second, not by whole IDs."""

from hashlib import blake2b

_UUID_TEXT = 36
_BYTES = 8


def event_digest(event_id: str) -> int:
    """The first eight bytes of a UUID as an unsigned number, most significant first; of another text, a hash of it."""
    if len(event_id) == _UUID_TEXT and event_id[8:24:5] == "----":
        try:
            return int(event_id[:8] + event_id[9:13] + event_id[14:18], 16)
        except ValueError:
            pass
    return int.from_bytes(blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest())
