"""The cells of one event in the event table, and what an Insights event says in them."""

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

    @property
    def stands_out(self) -> bool:
        """True for a call that failed or is notable."""
        return self.notable or bool(self.error)
