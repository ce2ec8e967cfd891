"""The line of the event table that the columns of a row say by themselves, and which rows do.

The newest rows are on the screen before the rest of the store is imported: this module needs little besides values.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ctui.model.event.kind import EventKind
from ctui.model.event.summary import Summary
from ctui.model.values import dataclass
from ctui.store.columns import Column, instant_or_none, resource_pairs, unpacked, unpacked_item

DERIVATION: Final = 4
"""Version of the rules that derive a row from its event. Raise it whenever a derived column or a kind changes.

Rows of an older version are evaluated on their records until they are derived again, in the background."""
KIND_BITS: Final = {kind: 1 << number for number, kind in enumerate(EventKind)}
"""The bit of each kind in the column `kinds`."""
UNNAMED: Final = 1 << 62
"""The bit in `kinds` of an event without a name or a source from the service, and of an odd one in a log file: only the
record has what is shown."""
BY_RECORD: Final = UNNAMED | KIND_BITS[EventKind.INSIGHT] | KIND_BITS[EventKind.AGGREGATED]
"""The bits of events whose line only the record has."""
LINE_COLUMNS: Final = ("name", "caller", "source", "resources", "region", "error", "ip", "account")
"""The columns whose texts make a table line."""


@dataclass(frozen=True, slots=True)
class StoredSummary:
    """The line of the event table for a row of the store."""

    row_id: int
    """The event's id in this store; never given to another event."""
    summary: Summary
    far: bool = False
    """True if only its record says more, which is far inside a large log file and was not read (`RecordFar`)."""


def line_of(second: Column, kinds: Column, derived: Column, texts: Mapping[str, Column]) -> Summary | None:
    """What `summarize` makes of the event, from these columns of its row; None if only the record says it.

    `texts` has the texts of `LINE_COLUMNS`. Lines of an older derivation, of Insights events and aggregated ones,
    and of events without a name, are made from their records.
    """
    instant = instant_or_none(second)
    if derived != DERIVATION or not isinstance(kinds, int) or kinds & BY_RECORD or instant is None:
        return None
    return _summary(instant, kinds, texts)


def _summary(instant: datetime, kinds: int, texts: Mapping[str, Column]) -> Summary:
    named = [name for _, name in resource_pairs(texts["resources"]) if name]
    user, role = (*texts_in(texts["caller"]), "", "")[:2]
    errors = texts_in(texts["error"]) if kinds & KIND_BITS[EventKind.ERROR] else ()
    return Summary(
        time=instant,
        name=unpacked(texts["name"]) or "",
        user=user,
        role=role,
        source=unpacked(texts["source"]) or "",
        resource=named[0] if named else "",
        more_resources=max(0, len(named) - 1),
        region=unpacked(texts["region"]) or "",
        error=errors[0] if errors else "",
        write=bool(kinds & KIND_BITS[EventKind.WRITE]),
        root=bool(kinds & KIND_BITS[EventKind.ROOT]),
        notable=bool(kinds & KIND_BITS[EventKind.NOTABLE]),
        ip=unpacked(texts["ip"]) or "",
        account=unpacked(texts["account"]) or "",
    )


def texts_in(stored: Column) -> tuple[str, ...]:
    """The texts of a JSON list; empty if it is damaged."""
    try:
        return tuple(unpacked_item(item) or "" for item in json.loads(stored))  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return ()
