"""The cells of one event in the event table, and what Insights events and aggregated ones say in them."""

from datetime import datetime, timedelta

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Insight:
    """What one Insights event says. Texts are as recorded: hostile until `render` has cleaned them."""

    of_errors: bool
    """True for a rate of errors, False for a rate of calls."""
    ended: bool
    """True for the event of the end."""
    error: str
    """The error code that was counted; "" for calls, and if the record names none."""
    rate: float | None
    """Calls or errors a minute during the stretch; None if the record has no number."""
    baseline: float | None
    """The same before it, as usual; None if the record has no number."""
    minutes: float | None
    """How long it took, or has taken so far; None if the record has no number."""
    by: str
    """The user or role that contributed most; "" if the record names none."""
    agent: str
    """The user agent that contributed most; "" if the record names none."""
    shared_id: str
    """What the events of start and end have in common; "" if the record has no such ID."""

    def stretch(self, own: datetime, other: datetime | None) -> tuple[datetime | None, datetime | None]:
        """When it began and ended, from the time of this event and of the other one of its pair, if that is here.

        Without the other, the start is that of an ended stretch less its length; None is what is not known.
        """
        if not self.ended:
            return own, other
        if other is None and self.minutes is not None:
            other = own - timedelta(minutes=self.minutes)
        return other, own


@dataclass(frozen=True, slots=True)
class Counted:
    """What events were counted by, and how many there were of each."""

    dimension: str
    """Such as "eventName"; "" if the record names none. As recorded, hostile until `render` has cleaned it."""
    counts: tuple[tuple[str, int | None], ...]
    """Names with their counts, in the record's order; None for what is no count. Hostile as above."""

    @property
    def total(self) -> int | None:
        """How many all of them are; None if no count can be read."""
        known = [count for _, count in self.counts if count is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What one aggregated event says."""

    start: datetime | None
    """When its window begins, UTC; None if that cannot be read."""
    end: datetime | None
    """The first instant behind it."""
    main: Counted
    """What the event is for: one call, one resource or one caller, as a rule."""
    details: tuple[Counted, ...]
    """The same events, counted by other dimensions."""

    def by(self, dimension: str) -> tuple[str, ...]:
        """The names in a dimension, wherever it stands."""
        counted = (name for one in (self.main, *self.details) if one.dimension == dimension for name, _ in one.counts)
        return tuple(counted)


@dataclass(frozen=True, slots=True)
class Summary:
    """The cells of one event. Texts are as recorded: hostile until `render` has cleaned them."""

    time: datetime
    """EventTime, UTC."""
    name: str
    """EventName, else the record's eventName or insight event name, else ""."""
    user: str
    """The person or session; "" if the record names none."""
    role: str
    """The role of a session; "" if there is none."""
    source: str
    """EventSource as recorded, such as "s3.amazonaws.com"."""
    resource: str
    """Name of the first resource that has one; "" if there is none."""
    more_resources: int
    """How many more resources have names."""
    region: str
    """The record's awsRegion, else the Region that was searched."""
    error: str
    """Why the call failed, as recorded (see `outcome.failure_of`); "" for a call that succeeded."""
    write: bool
    """True if the service's ReadOnly is "false"."""
    root: bool
    """True if the account's root user made the call."""
    unreadable: bool = False
    """True if a part of the event could not be read."""
    timed: bool = True
    """False if its time could not be read: `time` is that of its neighbor on the page."""
    notable: bool = False
    """True if the event is worth a look (see `calls.notable`)."""
    ip: str = ""
    """The record's sourceIPAddress: an address, or a service such as "autoscaling.amazonaws.com"; "" if it has none."""
    account: str = ""
    """The account of the event (see `RecordView.account`); "" if the record names none."""
    more_scopes: int = 0
    """In how many other accounts or Regions it was found too; the row is for all of them."""
    insight: Insight | None = None
    """What an Insights event says of the calls with this name; None for any other event."""
    aggregate: Aggregate | None = None
    """What an aggregated event counts; None for any other event."""

    @property
    def stands_out(self) -> bool:
        """True for a call that failed or is notable."""
        return self.notable or bool(self.error)
