"""SourceHandlers: another profile, Region, endpoint or log files in this ctui, and the way back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ctui.core.session import Session
from ctui.threads import off_loop
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.notifier import Notifier

if TYPE_CHECKING:
    from ctui.ui.sources import Sources


class SourceHandlers:
    """Asks for a source, and opens it over this one."""

    def __init__(
        self, screen: ShownAtRest, session: Session, sources: "Sources", *, notifier: Callable[[], Notifier]
    ) -> None:
        """`notifier` returns the notifier once the screen is up."""
        self._screen = screen
        self._session = session
        self._sources = sources
        self._notifier = notifier

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {
            "open-source": lambda: self._screen.run_worker(self._choose(), group="source", exclusive=True),
            "close-source": lambda: self._screen.app.run_worker(self._sources.back(), group="source"),
        }

    async def _choose(self) -> None:
        from ctui.ui.boxes.source import SourceScreen  # noqa: PLC0415 - seldom wanted
        from ctui.ui.sources import Question  # noqa: PLC0415 - as above

        opener, explorer = self._sources.opener, self._session.explorer
        choices = await off_loop(opener.choices, "ctui-sources")
        screen = SourceScreen(self._sources.current, choices, opener.problem, opener.paths)
        fields = await self._screen.app.push_screen_wait(screen)
        if fields is None:
            return
        question = Question(explorer.text, explorer.state.timespan)
        self._screen.app.run_worker(self._sources.open(fields, question), group="source")
        self._notifier().toast("Opened over this one · [ comes back", kind="source")
