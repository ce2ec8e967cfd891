"""Format: events as bytes. `render/export` has the formats; who writes a file sees no more of them than this."""

from collections.abc import Sequence
from typing import Protocol

from ctui.model.event.event import Event


class Format(Protocol):
    """Events as bytes, in three parts that are written one after the other. One object makes one file."""

    def head(self) -> bytes:
        """What comes before the first event."""
        ...

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        """The next events. `region` is the Region that was searched, for records that name none."""
        ...

    def tail(self) -> bytes:
        """What comes behind the last event."""
        ...
