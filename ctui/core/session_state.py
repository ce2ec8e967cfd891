"""What a session tells of itself."""

from dataclasses import dataclass
from enum import StrEnum

from ctui.errors import CtuiError
from ctui.model.connection import Connection, Identity
from ctui.model.waiting import Waiting


class SessionPhase(StrEnum):
    """What a session is doing."""

    CONNECTING = "connecting"
    READY = "ready"
    FAILED = "failed"
    """No connection; `refresh` tries again."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session at a glance."""

    phase: SessionPhase
    connection: Connection | None = None
    identity: Identity | None = None
    """Who the service says we are; None where it was not asked yet or does not say."""
    account: str | None = None
    """The account, however it was learned; None while it is not known."""
    assumed: str | None = None
    """The account whose stored events are shown until the service has said whose the login is; None where none are."""
    also: tuple[str, ...] = ()
    """Regions that are asked beside the one we work in."""
    waiting: Waiting | None = None
    """What the login waits for, where that is known."""
    waiting_since: float | None = None
    """Monotonic second since when it is waited for, or since when we connect; None where we do not."""
    error: CtuiError | None = None
    """Why there is no connection."""
    clocks: CtuiError | None = None
    """That the service's clock and ours are too far apart, while they are."""
    notice: CtuiError | None = None
    """Something worth telling once."""
