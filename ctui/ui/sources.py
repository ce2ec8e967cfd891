"""Sources: the sessions that are open one over the other, and the way to another one and back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from ctui.core.session import Session
    from ctui.model.lookup.timespan import Timespan
    from ctui.ui.boxes.source import Fields


class Question(NamedTuple):
    """What is asked of a source as it opens."""

    text: str
    """The filter line."""
    timespan: "Timespan"


class SourceOpener(Protocol):
    """Makes sessions of what a person typed."""

    @property
    def current(self) -> "Fields":
        """The texts of profile, Region, endpoint and log files with which ctui was started."""

    def choices(self) -> Mapping[str, Sequence[str]]:
        """For "profile" and "region" the names that there are. Reads files: call it off the loop."""

    def paths(self, typed: str) -> Sequence[str]:
        """Paths of files and folders that begin so. Reads a folder: call it off the loop."""

    def problem(self, fields: "Fields") -> str | None:
        """What is wrong with these texts; None if nothing is. Call it off the loop where log files are named."""

    async def open(self, fields: "Fields", question: Question) -> "Session":
        """A session that does not run yet."""


class Sources:
    """Opens a source over the one on the screen; the one below stays as it is, and `back` returns to it."""

    def __init__(
        self,
        opener: SourceOpener,
        show: "Callable[[Session], Awaitable[object]]",
        leave: "Callable[[], Awaitable[Session]]",
    ) -> None:
        """`show` runs a session and shows it over the one that is shown; `leave` shows the one below again, and returns
        the session that was above it."""
        self.opener = opener
        self.current = opener.current
        """The texts of the source on the screen."""
        self._show = show
        self._leave = leave
        self._below: list[Fields] = []

    @property
    def behind(self) -> int:
        """How many sources can be gone back to."""
        return len(self._below)

    async def open(self, fields: "Fields", question: Question) -> None:
        """Show another source, and ask it the same."""
        session = await self.opener.open(fields, question)
        self._below.append(self.current)
        self.current = fields
        await self._show(session)

    async def back(self) -> None:
        """Return to the source below, as it was left, and close the one on the screen."""
        if self._below:
            self.current = self._below.pop()
            session = await self._leave()
            await session.close()
