"""The cells of one event in the event table."""

from datetime import datetime
from typing import TYPE_CHECKING

from ctui.model.values import dataclass

if TYPE_CHECKING:
    from ctui.model.event.insight import Insight


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

    insight: "Insight | None" = None
    """What an Insights event says of the calls with this name; None for any other event."""

    @property
    def stands_out(self) -> bool:
        """True for a call that failed or is notable."""
        return self.notable or bool(self.error)
