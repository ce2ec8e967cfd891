"""LateHandlers: groups of handlers that are imported and made when one of them is first needed."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

from ctui.core.session import Session
from ctui.render.record.detail import EventDetail
from ctui.ui.actions.ask_handlers import AskHandlers
from ctui.ui.actions.registry import ACTIONS
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.notifier import Notifier
from ctui.ui.panes import Pane
from ctui.ui.session_facts import region_of
from ctui.ui.terminal.clipboard import Clipboard
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    from ctui.ui.actions.copy_handlers import CopyHandlers
    from ctui.ui.actions.export_handlers import ExportHandlers
    from ctui.ui.actions.follow_handlers import FollowHandlers
    from ctui.ui.actions.login_handlers import LoginHandlers
    from ctui.ui.actions.mark_handlers import MarkHandlers
    from ctui.ui.actions.pivot_handlers import PivotHandlers
    from ctui.ui.actions.shape_handlers import ShapeHandlers
    from ctui.ui.actions.source_handlers import SourceHandlers
    from ctui.ui.actions.trace_handlers import TraceHandlers
    from ctui.ui.sources import Sources


class LateHandlers:
    """What the first rows do not need: copies, marks, pivots, traces, following, Shape, exports and logins."""

    def __init__(
        self,
        screen: ShownAtRest,
        session: Session,
        panes: PaneArea,
        ask: AskHandlers,
        clipboard: Clipboard,
        *,
        notifier: Callable[[], Notifier],
        selected: Callable[[], EventDetail | None],
        say: Callable[[str], None],
        shape_changed: Callable[[], None],
        sources: "Sources | None",
    ) -> None:
        """`notifier` returns the notifier once the screen is up; `selected` the event that keys act on now; `say` says
        why a key does nothing; `shape_changed` is called when Shape has counted more."""
        self._screen = screen
        self._session = session
        self._panes = panes
        self._ask = ask
        self._clipboard = clipboard
        self._notifier = notifier
        self._selected = selected
        self._say = say
        self._shape_changed = shape_changed
        self._open_sources = sources

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        of_shape = [one.id for one in ACTIONS if one.panes == (Pane.SHAPE,)]
        return {
            **_on_call(lambda: self.copies, "copy", "copy-menu", "copy-trail", "copy-trail-menu"),
            **_on_call(lambda: self._marks, "mark", "mark-down", "mark-up", "note", "compare"),
            **_on_call(lambda: self.pivots, "pivot"),
            **_on_call(lambda: self._exports, "export"),
            **_on_call(lambda: self.shape, *of_shape),
            **_on_call(lambda: self._traces, "trace"),
            **_on_call(lambda: self._logins, "log-in"),
            "scopes": self._open_scopes,
            **_on_call(lambda: self._sources, "open-source", "close-source"),
            **_on_call(lambda: self._follow, "follow", "follow-trail", "around-error"),
        }

    def _open_scopes(self) -> None:
        if self._session.state.files_alone:
            from ctui.ui.screens.log_files import LogFilesScreen  # noqa: PLC0415 - few look at it

            self._screen.app.push_screen(LogFilesScreen(self._session))
            return
        from ctui.ui.screens.scopes import ScopesScreen  # noqa: PLC0415 - few look at it

        self._screen.app.push_screen(ScopesScreen(self._session, self._say))

    @cached_property
    def shape(self) -> "ShapeHandlers":
        """What keys do in Shape, and its counts."""
        from ctui.ui.actions.shape_handlers import ShapeHandlers  # noqa: PLC0415 - the first frame needs no counts

        return ShapeHandlers(self._session, self._panes, self._ask, changed=self._shape_changed)

    @cached_property
    def pivots(self) -> "PivotHandlers":
        """From a value to what shares it."""
        from ctui.ui.actions.pivot_handlers import PivotHandlers  # noqa: PLC0415 - as above

        return PivotHandlers(
            self._screen,
            self._session.explorer,
            self._panes,
            self._ask,
            notifier=self._notifier,
            selected=self._selected,
            region=lambda: region_of(self._session),
        )

    @cached_property
    def copies(self) -> "CopyHandlers":
        """What is copied."""
        from ctui.ui.actions.copy_handlers import CopyHandlers  # noqa: PLC0415 - as above

        return CopyHandlers(
            self._screen,
            self._session,
            self._panes,
            self._clipboard,
            notifier=self._notifier,
            selected=self._selected,
        )

    @cached_property
    def _traces(self) -> "TraceHandlers":
        from ctui.ui.actions.trace_handlers import TraceHandlers  # noqa: PLC0415 - as above

        return TraceHandlers(self._screen, self._session, self._panes, self._say)

    @cached_property
    def _follow(self) -> "FollowHandlers":
        from ctui.ui.actions.follow_handlers import FollowHandlers  # noqa: PLC0415 - as above

        return FollowHandlers(self._screen, self._session, self._panes, notifier=self._notifier)

    @cached_property
    def _sources(self) -> "SourceHandlers":
        from ctui.ui.actions.source_handlers import SourceHandlers  # noqa: PLC0415 - as above

        assert self._open_sources is not None, "else both are off"
        return SourceHandlers(self._screen, self._session, self._open_sources, notifier=self._notifier)

    @cached_property
    def _exports(self) -> "ExportHandlers":
        from ctui.ui.actions.export_handlers import ExportHandlers  # noqa: PLC0415 - as above

        return ExportHandlers(self._screen, self._session, self._panes.events, notifier=self._notifier)

    @cached_property
    def _marks(self) -> "MarkHandlers":
        from ctui.ui.actions.mark_handlers import MarkHandlers  # noqa: PLC0415 - as above

        return MarkHandlers(self._screen, self._session, self._panes, self._say, notifier=self._notifier)

    @cached_property
    def _logins(self) -> "LoginHandlers":
        from ctui.ui.actions.login_handlers import LoginHandlers  # noqa: PLC0415 - as above

        return LoginHandlers(self._screen, self._session, self._say, notifier=self._notifier)


class _Handlers(Protocol):
    def all(self) -> Mapping[str, Callable[[], object]]: ...


def _on_call(handlers: Callable[[], _Handlers], *action_ids: str) -> dict[str, Callable[[], object]]:
    return {each: partial(_do, handlers, each) for each in action_ids}


def _do(handlers: Callable[[], _Handlers], action_id: str) -> None:
    handlers().all()[action_id]()
