"""SessionState: a session at a glance; SessionStatus: holds the one that is current."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ctui.core.logins import LoginPhase, LoginState
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.connection import Connection, Identity
from ctui.model.values import dataclass
from ctui.model.waiting import Waiting

if TYPE_CHECKING:
    from ctui.model.log_files.tree_state import TreeState


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
    """Who the service says we are; None if it was not asked yet or does not say."""
    account: str | None = None
    """The account, however it was learned; None while it is not known."""
    assumed: str | None = None
    """The account whose stored events are shown until the service confirms it; None if no such events are shown."""
    added_regions: tuple[str, ...] = ()
    """Regions that are searched besides the working one."""
    logins: tuple[LoginState, ...] = ()
    """The logins besides the working one."""
    account_names: Mapping[str, str] = field(default_factory=dict)
    """Account -> what it is called, as far as that is known."""
    trees: "tuple[TreeState, ...]" = ()
    """The trees of log files that are searched, in the order of their numbers."""
    files_alone: bool = False
    """True if nothing but trees is searched: there is no account to connect to, and no call is made."""
    listing_regions: bool = False
    """True while an account is to be asked for its Regions, all of which are to be searched."""
    waiting: Waiting | None = None
    """What the login waits for, if that is known."""
    waiting_since: float | None = None
    """Monotonic second when that wait, or the connecting, started; None while not connecting."""
    converting: tuple[int, int] | None = None
    """Of the events of an older store, how many are converted, and how many there are; None while none is."""
    error: CtuiError | None = None
    """Why there is no connection."""
    clocks: CtuiError | None = None
    """Says that the service's clock and ours differ too much, while they do."""
    notice: CtuiError | None = None
    """Something to report once."""

    @property
    def unreached(self) -> tuple[LoginState, ...]:
        """The logins besides the working one whose accounts are not reached yet."""
        return tuple(login for login in self.logins if login.phase is not LoginPhase.READY)

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account that is searched and known, that of the working login first."""
        others = (login.scope.account for login in self.logins if login.scope is not None)
        return tuple(dict.fromkeys(account for account in (self.account, *others) if account is not None))

    @property
    def several(self) -> bool:
        """True if more than one account or Region is searched."""
        return bool(self.added_regions or self.logins)

    @property
    def regions(self) -> tuple[str, ...]:
        """Every Region that is searched, the working one first; () until the connection is known."""
        return () if self.connection is None else (self.connection.region, *self.added_regions)


class SessionStatus:
    """The current state, replaced and published on each change."""

    def __init__(self, tasks: Tasks) -> None:
        """`tasks` guards reported work, so that a bug in it becomes an InternalError."""
        self.state = SessionState(SessionPhase.CONNECTING)
        self.changed: Signal[SessionState] = Signal()
        self._tasks = tasks

    def change(self, **changes: object) -> None:
        """Replace these fields of the state."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self.changed.publish(self.state)

    async def report(self, work: Callable[[], Awaitable[object]]) -> None:
        """Call and await work that nothing else depends on; an error of it becomes the notice.

        It is called only once this runs: a task that is cancelled before that leaves no coroutine without an await.
        """
        try:
            await self._tasks.guard(work())
        except CtuiError as error:
            self.change(notice=error)
