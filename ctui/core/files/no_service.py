"""NoService: the gateway of a session over log files alone. There is nothing to ask, so no method makes a call."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from ctui.core.sources import Gateway, Resolved
from ctui.errors import FilesError
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.lookup.scan import Page, Scan
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus

if TYPE_CHECKING:
    from ctui.model.region import RegionStatus


class FilesConnector:
    """Connects to no service: the events are those of log files alone."""

    def __init__(self, scope: Scope) -> None:
        """`scope`: of the first tree."""
        self._connection = Connection(None, scope.region, None, scope.origin)

    async def connect(self, resolved: Resolved) -> Gateway:
        """A gateway to nothing. Stored events are none of it, so `resolved` is not called."""
        return NoService(self._connection)


class NoService:
    """Says that there is no trail, no account and no Region, and refuses what only a service can do."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        """Its origin is that of the first tree, its Region stands for any."""

    @property
    def server_time(self) -> datetime | None:
        """None: no service says what time it is."""
        return None

    @property
    def known_regions(self) -> tuple[str, ...]:
        """None are known."""
        return ()

    async def identify(self) -> Identity:
        """Raises FilesError: nothing says who we are."""
        _refuse()

    async def list_regions(self) -> "tuple[RegionStatus, ...]":
        """None: log files are searched as a whole."""
        return ()

    async def account_names(self) -> Mapping[str, str]:
        """None are known."""
        return {}

    async def describe_trails(self, region: str) -> tuple[Trail, ...]:
        """None: log files do not say which trail has written them."""
        return ()

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        """Raises FilesError."""
        _refuse()

    async def lookup_events(
        self, scan: Scan, next_token: str | None, on_sent: Callable[[], None] = lambda: None
    ) -> Page:
        """Raises FilesError: all that log files have is here."""
        _refuse()

    async def create_trail(self, region: str, draft: TrailDraft) -> Trail:
        """Raises FilesError, as do the next four."""
        _refuse()

    async def update_trail(self, region: str, draft: TrailDraft) -> Trail:
        """Raises FilesError."""
        _refuse()

    async def delete_trail(self, region: str, name: str) -> None:
        """Raises FilesError."""
        _refuse()

    async def start_logging(self, region: str, name: str) -> None:
        """Raises FilesError."""
        _refuse()

    async def stop_logging(self, region: str, name: str) -> None:
        """Raises FilesError."""
        _refuse()

    async def close(self) -> None:
        """Nothing is open."""


def _refuse() -> NoReturn:
    raise FilesError(
        "Log files alone",
        "These events come from log files: there is no AWS account to ask.",
        "Start ctui without `files`, and with --files PATH, to have both.",
    )
