"""EmptyResult: what is known of a result without visible rows. Reason: one explanation of it, with a suggestion."""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.empty_result.finding import Finding
from ctui.model.filter.terms import Filter
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.values import dataclass

if TYPE_CHECKING:
    from ctui.model.log_files.files_in_range import FilesInRange

AWS_HISTORY = timedelta(days=90)
"""How far back LookupEvents goes (API reference today)."""


class Cause(StrEnum):
    """Why a result has no visible rows."""

    REFUSED = "refused"
    NOT_REACHED = "not reached"
    SCANNING = "scanning"
    LAG = "lag"
    HISTORY = "history"
    RANGE = "range"
    OTHER_REGION = "other region"
    LETTER_CASE = "letter case"
    OTHER_FIELD = "other field"
    KNOWN_VALUE = "known value"
    NOT_RECORDED = "not recorded"
    DATA_EVENT = "data event"
    FILTERED = "filtered"
    INSIGHTS = "insights"
    OWN_CALLS = "own calls"
    IMPOSSIBLE = "impossible"
    FILES = "log files"


@dataclass(frozen=True, slots=True)
class EmptyResult:
    """What is known of a result without visible rows."""

    line: Filter
    now: datetime
    """The server's clock, an aware time."""
    regions: tuple[str, ...]
    """The Regions that were searched."""
    complete: bool
    """True if every event in range is loaded: now, or as of `loaded_at`."""
    scanned: int = 0
    """Number of loaded events, matching or not."""
    pages_without_progress: int = 0
    """Number of pages in a row without new events, if loading stopped because of them; else 0."""
    started: bool = True
    """False if no call was made for it yet."""
    error_text: str = ""
    """The service's message if it returned an error; else ""."""
    refusing_regions: tuple[str, ...] = ()
    """The Regions that returned the error, if others did not."""
    unreached: Mapping[str, str] = field(default_factory=dict)
    """Why an account that is to be searched is not reached, by the label of its login; "" while that connects."""
    added_regions: tuple[str, ...] = ()
    """Regions that are searched in addition to the working Region, and can be removed."""
    server_filter: tuple[LookupAttribute, ...] = ()
    """The attributes that the service selected by; () if it returned everything."""
    asked_first: tuple[LookupAttribute, ...] = ()
    """The attributes by which the service was asked for all events, before the rest is scanned; () if it was not."""
    found_first: int = 0
    """Number of events that it returned for those; other terms exclude them."""
    store_only: bool = False
    """True if there is no connection, so that only the store was searched."""
    can_load_more: bool = False
    """True if more can be loaded in spite of the error."""
    history: timedelta | None = AWS_HISTORY
    """How far back event history goes, or None if that is not known."""
    partition: str = "aws"
    exclusions: Exclusions = field(default_factory=Exclusions)
    """How many of the loaded events each term and the range exclude."""
    oldest: datetime | None = None
    """The time of the oldest loaded event."""
    newest: datetime | None = None
    """The time of the newest loaded event."""
    seen_values: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Values of the stored events, by field or path."""
    known_values: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Recorded values that bare words of the line are, by field; {} if everything is loaded."""
    findings: tuple[Finding, ...] = ()
    """What the stored events say of leaves of the line."""
    loaded_at: datetime | None = None
    """When everything was loaded, if newer events are possible since; else None."""
    has_insights: Mapping[str, bool | None] | None = None
    """Of each trail that is listed, whether Insights is on, None if the service did not say; None before they are."""
    own_hidden: int = 0
    """How many events would be visible if ctui's own calls were not hidden."""
    read_error: str = ""
    """Why the loaded events could not be read and filtered; "" if they could."""
    files: "FilesInRange | None" = None
    """The log files that were searched; None if there are none."""

    @property
    def in_files_alone(self) -> bool:
        """True if nothing but log files was searched: no service was asked."""
        return self.files is not None and self.files.alone


def time_text(then: datetime, now: datetime) -> str:
    """A time in UTC to the second: 14:02:11 if it is today, else with its day: 19 Nov 14:02:11."""
    utc, today = then.astimezone(UTC), now.astimezone(UTC)
    return f"{utc:%H:%M:%S}" if utc.date() == today.date() else f"{utc.day} {utc:%b %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, perhaps with a suggestion. Texts can contain recorded values: hostile until cleaned."""

    cause: Cause
    text: str
    """The fact."""
    action_label: str = ""
    """What the key of the suggestion does, in a few words; "" if there is no suggestion."""
    line: Filter | None = None
    """The suggested line, or None if the suggestion is something else."""
    add_region: str = ""
    """The Region to search too, if that is the suggestion."""
    remove_region: str = ""
    """The Region to stop searching, if that is the suggestion."""
    hides_nothing: str = ""
    """The negated term that hides nothing, if the suggestion is one that does."""
    hides_services: int = 0
    """The number of services' events that a network hides, if the suggestion shows them."""
    narrows_to: str = ""
    """The term that the service can select by, if that is the suggestion."""

    @property
    def fact(self) -> str:
        """The text without the key of the screen that stands behind some."""
        return (
            self.text.partition(" · ")[0]
            if self.cause in (Cause.OWN_CALLS, Cause.LAG, Cause.NOT_REACHED)
            else self.text
        )
