"""What a line of the event table says of one event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """The cells of one event, before they are drawn. Texts are as recorded: hostile until `render` has cleaned them."""

    time: datetime
    """EventTime, UTC."""
    name: str
    """EventName, else the record's eventName or insight event name, else ""."""
    user: str
    """The person or session first; "" where nothing names one."""
    role: str
    """The role behind a session, "" where there is none."""
    source: str
    """EventSource as recorded, such as "s3.amazonaws.com"."""
    resource: str
    """Name of the first resource with a name, "" where there is none."""
    more_resources: int
    """How many further resources the service named."""
    region: str
    """The record's awsRegion, else the Region that was asked."""
    error: str
    """The record's errorCode, "" for a call that went through."""
    write: bool
    """True where the service says ReadOnly is "false"."""
    root: bool
    """True where the account's root identity made the call."""
