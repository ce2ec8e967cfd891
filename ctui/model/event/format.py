"""Format: events as bytes. `render/export` has the formats; who writes a file sees no more of them than this."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
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


def rows_by_region(form: Format, events: Iterable[tuple[str, Event]]) -> bytes:
    """The next events, each with the Region that was searched."""
    return b"".join(
        form.rows([event for _, event in of_region], region) for region, of_region in groupby(events, itemgetter(0))
    )
