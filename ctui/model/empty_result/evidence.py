"""What is known of an answer without a visible row, as one value, and the reasons that are made of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.other_fields import OtherField
from ctui.model.filter.terms import Filter
from ctui.model.lookup.lookup import LookupAttribute

AWS_HISTORY = timedelta(days=90)
"""What LookupEvents tells of (API reference today)."""


class Cause(StrEnum):
    """Why nothing is shown."""

    REFUSED = "refused"
    SCANNING = "scanning"
    LAG = "lag"
    HISTORY = "history"
    RANGE = "range"
    OTHER_REGION = "other region"
    LETTER_CASE = "letter case"
    OTHER_FIELD = "other field"
    KNOWN_VALUE = "known value"
    DATA_EVENT = "data event"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class EmptyResult:
    """What is known of an answer without a visible row."""

    line: Filter
    now: datetime
    """The server's clock, aware."""
    regions: tuple[str, ...]
    """Regions asked."""
    complete: bool
    """True where every page in range had come, or was found in the store: now, or at `loaded_at`."""
    scanned: int = 0
    """Events loaded, whatever the line says of them."""
    pages_without_progress: int = 0
    """How many pages in a row brought nothing, where nothing goes on by itself for that; else 0."""
    started: bool = True
    """False where no call was made for it, because nobody has asked yet."""
    error_text: str = ""
    """The service's words where it answered with an error; "" where it did not."""
    refusing_regions: tuple[str, ...] = ()
    """The Regions that said so, where others did not."""
    added_regions: tuple[str, ...] = ()
    """Regions that were added to the one we work in, and can be left out again."""
    server_filter: tuple[LookupAttribute, ...] = ()
    """What the service selected by, () where it told of everything."""
    store_only: bool = False
    """True where there is no service: the store alone was looked at."""
    can_load_more: bool = False
    """True where something can be asked although something was refused."""
    history: timedelta | None = AWS_HISTORY
    """How far back the service's memory goes; None where that is not known."""
    partition: str = "aws"
    exclusions: Exclusions = field(default_factory=Exclusions)
    """What keeps out how many of the events at hand."""
    oldest: datetime | None = None
    """The time of the oldest event at hand."""
    newest: datetime | None = None
    """The time of the newest one."""
    seen_values: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Values met so far, by field or path."""
    known_values: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Values by which the service selects and which bare words of the line are, by field; none where all is here."""
    other_fields: tuple[OtherField, ...] = ()
    """Where values that terms of the line compare stand in other places of the events stored."""
    loaded_at: datetime | None = None
    """When all of it was loaded, where more may have happened since; None where it has not, or not all was."""
    read_error: str = ""
    """Why the events at hand could not be read to filter them; "" where they could."""


def moment_of(then: datetime, now: datetime) -> str:
    """An instant to the second in UTC: 14:02:11, and with its day where that is not today, 19 Nov 14:02:11."""
    utc, today = then.astimezone(UTC), now.astimezone(UTC)
    return f"{utc:%H:%M:%S}" if utc.date() == today.date() else f"{utc.day} {utc:%b %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, the offer first that a key can take. Texts may hold recorded values: hostile until cleaned."""

    cause: Cause
    text: str
    action_label: str = ""
    """What the key would do, in a few words; "" where there is nothing to offer but to read."""
    line: Filter | None = None
    """The line to ask instead, where that is the offer."""
    add_region: str = ""
    """The Region to ask as well, where that is the offer."""
    remove_region: str = ""
    """The Region not to ask any more, where that is the offer."""
    hides_nothing: str = ""
    """The negated term that hides nothing, where the offer is one that does."""
    narrows_to: str = ""
    """The term by which the service would select, where that is the offer."""
