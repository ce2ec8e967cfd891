"""How long it takes until LookupEvents shows an event."""

import hashlib
from itertools import pairwise

from ctui.emulator.options import Lag

MEASURED = ((0.0, 0.4), (0.5, 3.2), (0.95, 7.6), (0.99, 9.0), (1.0, 10.1))
"""(share of events, minutes) between eventTime and delivery in real log files. The documented average is about 5."""


def available_at(event_id: str, time: float, lag: Lag) -> float:
    """The epoch second from which an event of second `time` is shown. The same EventId always gets the same."""
    if lag is Lag.NONE:
        return time
    digest = hashlib.blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    share = int.from_bytes(digest, "big") / 2**64
    for (low, least), (high, most) in pairwise(MEASURED):
        if share <= high:
            return time + 60 * (least + (most - least) * (share - low) / (high - low))
    return time + 60 * MEASURED[-1][1]
