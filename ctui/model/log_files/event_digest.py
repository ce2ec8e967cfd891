"""A number of eight bytes for the ID of an event: rows are compared by it and by their second, not by whole IDs."""

from hashlib import blake2b

_UUID_TEXT = 36
_BYTES = 8
_PRIME = 14_029_467_366_897_019_727
"""Below 2**64, and far from it: what stands in the first half of an ID does not meet what stands in the second."""


def event_digest(event_id: str) -> int:
    """An unsigned number: of a UUID what is left of its own number by a prime, of another text a hash of it.

    All of a UUID counts: made-up ones are often alike but for their last digits.
    """
    if len(event_id) == _UUID_TEXT and event_id[8:24:5] == "----":
        try:
            return int(event_id.replace("-", ""), 16) % _PRIME
        except ValueError:
            pass
    return int.from_bytes(blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest())
