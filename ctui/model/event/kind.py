"""The names of kinds of events, in the order in which a store has a bit for each."""

from enum import StrEnum
from typing import Final

INSIGHT: Final = "AwsCloudTrailInsight"
"""The eventType of Insights events."""
DATA: Final = "Data"
NETWORK: Final = "NetworkActivity"
AGGREGATED: Final = "Aggregated"
"""The eventCategory of data events, of network activity, and of aggregated events."""


class EventKind(StrEnum):
    """A value of `is:`. A new one is appended, so that none changes its bit."""

    WRITE = "write"
    READ = "read"
    ERROR = "error"
    DENIED = "denied"
    LOGIN = "login"
    MFA = "mfa"
    ROOT = "root"
    CONSOLE = "console"
    FOREIGN = "foreign"
    SERVICE = "service"
    MARKED = "marked"
    NOTABLE = "notable"
    DELETE = "delete"
    PERMISSION = "permission"
    SECRET = "secret"
    OWN = "own"
    NEW = "new"
    INSIGHT = "insight"
    DATA = "data"
    NETWORK = "network"
    AGGREGATED = "aggregated"
