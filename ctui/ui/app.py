"""CtuiApp: the application around one session: its themes, its screen, its beginning and its end."""

import asyncio
import contextlib
import difflib
from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.events import Event, Key, Paste
from textual.screen import Screen
from textual.widgets import Input

from ctui.errors import CtuiError, ExpiredLogin
from ctui.render.text.spans import count
from ctui.ui.bug_reports import BugReports
from ctui.ui.keys.key_serializer import KeySerializer
from ctui.ui.screens.opening import OpeningScreen
from ctui.ui.terminal.terminal_app import SUSPEND, TerminalApp
from ctui.ui.themes import DEFAULT_THEME, load_themes

if TYPE_CHECKING:
    from ctui.config.remembered import RememberedColumns
    from ctui.core.first_rows import FirstRows
    from ctui.core.session import Session
    from ctui.model.filter.questions import Question
    from ctui.ui.boxes.palette import PaletteEntry
    from ctui.ui.keys.keyboard_layout import KeyboardLayout
    from ctui.ui.screens.browse import BrowseScreen
    from ctui.ui.sources import SourceOpener, Sources
    from ctui.ui.terminal.clipboard import Clipboard
    from ctui.ui.widgets.text_input import TextInput

INTERRUPT = "ctrl+c"
"""The key that goes before all others that wait, as in a shell."""
_PATIENCE = 1.0
"""Seconds that the frame stands longer at most: until its rows are read, and until the main screen has them."""
_MOST_PROBLEMS = 3
"""Notifications about settings and themes when ctui starts: more of them would hide the screen."""


def _import_main_screen() -> None:
    from ctui.ui.screens import browse  # noqa: F401, PLC0415 - behind the frame


class CtuiApp(TerminalApp):
    """Runs a session and shows it; the frame stands before the session connects. Who made the session closes it.

    What the frame does not need is imported behind it, the main screen too.
    """

    TITLE = "ctui"
    CSS_PATH = "ctui.tcss"
    COMMANDS: ClassVar = set()

    def __init__(
        self,
        session: "Session | Callable[[], Awaitable[Session]]",
        *,
        theme: str | None = None,
        theme_origin: str = "--theme",
        problems: Sequence[CtuiError] = (),
        zone: tzinfo | None = None,
        clipboard: "Clipboard | None" = None,
        theme_folders: Sequence[Path] = (),
        columns: "RememberedColumns | None" = None,
        questions: "Sequence[Question]" = (),
        first_rows: "asyncio.Future[FirstRows | None] | None" = None,
        opener: "SourceOpener | None" = None,
        files: Sequence[str] = (),
    ) -> None:
        """`session`: one that is there, or what makes it while the frame stands.

        `theme_origin` says where the theme was set. `problems` are shown when the main screen is up.

        `zone` is the person's time zone, None for the machine's. `theme_folders` hold the person's own themes.
        `columns` remembers those of the list; None forgets them with the run. `questions` are the person's own.
        `first_rows` stand in the frame, once they are read, until the main screen has them. `opener` makes the
        sessions of other sources; with None there is this one alone. `files`: the paths of log files, where those are
        all that is looked at.
        """
        super().__init__(clipboard)
        self._session = session
        self._wanted_theme = theme
        self._theme_origin = theme_origin
        self._problems = list(problems)
        self._zone = zone
        self.bugs = BugReports(self._notifier.report_bug)
        self.keys = KeySerializer(self, super().on_event, self._keys_rested, self._meant)
        self._columns = columns
        self._questions = tuple(questions)
        self._first_rows = first_rows
        self._main: BrowseScreen | None = None
        self._opener = opener
        self._files = files
        self._above: list[tuple[BrowseScreen, Session]] = []
        """Of each source that stands over another one: the main screen below, and its session."""
        self._stands = asyncio.Event()
        self._open_themes(theme_folders)

    def _open_themes(self, folders: Sequence[Path]) -> None:
        themes, problems = load_themes(folders)
        for each in themes:
            self.register_theme(each)
        self._problems += problems
        self.theme = DEFAULT_THEME if DEFAULT_THEME in self.available_themes else self.theme
        if self._wanted_theme is None:
            return
        if self._wanted_theme in self.available_themes:
            self.theme = self._wanted_theme
        else:
            near = difflib.get_close_matches(self._wanted_theme[:40], self.available_themes, 1)
            self._problems.append(
                CtuiError(
                    "No such theme",
                    f"{self._theme_origin}: there is no theme called {self._wanted_theme!r}.",
                    f"Did you mean {near[0]!r}?" if near else "The palette (ctrl+p) lists the themes.",
                )
            )

    def get_default_screen(self) -> Screen[None]:
        """The main screen, or the frame that stands until it is there."""
        if callable(self._session):
            self.keys.hold()
            return OpeningScreen(self._first_rows, self._files)
        return self._main_screen(self._session)

    def _main_screen(self, session: "Session") -> "BrowseScreen":
        from ctui.ui.screens.browse import BrowseScreen  # noqa: PLC0415 - behind the frame

        self._main = BrowseScreen(
            session,
            self._copier,
            self._zone,
            columns=self._columns,
            questions=self._questions,
            keys_wait=lambda: self.keys.waiting > 0,
            sources=self._sources,
        )
        return self._main

    @cached_property
    def _sources(self) -> "Sources | None":
        from ctui.ui.sources import Sources  # noqa: PLC0415 - behind the frame

        return None if self._opener is None else Sources(self._opener, self._show_source, self._leave_source)

    async def _show_source(self, session: "Session") -> None:
        """Run a session, and show it over the one that is shown."""
        self._run(session)
        below = self._main
        screen = self._main_screen(session)
        assert below is not None, "a source is opened from a main screen"
        self._above.append((below, session))
        await self.push_screen(screen)

    async def _leave_source(self) -> "Session":
        """Show the main screen below again; the session that was above it."""
        self._main, session = self._above.pop()
        await self.pop_screen()
        return session

    def action_command_palette(self) -> None:
        """What can be done on this screen, by name; on a screen without actions, themes alone."""
        from ctui.ui.actions.palette import entries_of  # noqa: PLC0415 - behind the frame

        self._open_palette(entries_of(self.screen), "Palette")

    def search_themes(self) -> None:
        """Themes alone."""
        self._open_palette([], "Themes")

    def _open_palette(self, entries: "list[PaletteEntry]", title: str) -> None:
        from ctui.ui.actions.palette import theme_entries  # noqa: PLC0415 - behind the frame
        from ctui.ui.boxes.palette import Palette  # noqa: PLC0415 - behind the frame

        if isinstance(self.screen, Palette):
            return
        themes = theme_entries(
            list(self.available_themes), self.theme, partial(setattr, self, "theme"), listed=not entries
        )
        self.push_screen(Palette([*entries, *themes], title=title), lambda run: None if run is None else run())

    @cached_property
    def _layout(self) -> "KeyboardLayout":
        from ctui.ui.keys.keyboard_layout import KeyboardLayout  # noqa: PLC0415 - with the first key

        return KeyboardLayout(lambda words: self._notifier.toast(words, kind="layout"))

    def _meant(self, key: Key | Paste, place: DOMNode) -> Key | Paste:
        return self._layout.meant(key, typing=isinstance(place, Input))

    def _keys_rested(self) -> None:
        if self._main is not None and self._main.is_attached:
            self._main.catch_up()

    def on_mount(self) -> None:
        """With the frame on the screen, begin."""
        if not callable(self._session):
            self._main_stands()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if callable(self._session):
            self.run_worker(self._open(self._session), name="open", group="session")
        else:
            self._run(self._session)

    async def _open(self, make_session: "Callable[[], Awaitable[Session]]") -> None:
        if self._first_rows is not None:
            # Their connection is closed before the store opens the same file, unless its disk hangs.
            await asyncio.wait([self._first_rows], timeout=_PATIENCE)
        session = await make_session()
        # What is stored is read while the main screen is imported.
        self._run(session)
        await asyncio.to_thread(_import_main_screen)
        shown, bug = self._first_rows_read()
        if shown is not None:
            await self._stored_rows(session)
        await self.push_screen(self._main_screen(session))
        self._main_stands()
        if bug is not None:
            self.bugs.take(bug)
        self.call_later(self.keys.go_on)

    def _first_rows_read(self) -> "tuple[FirstRows | None, BaseException | None]":
        """The first rows, if they were read, or the bug that has ended the reading."""
        read = self._first_rows
        if read is None or not read.done() or read.cancelled():
            return None, None
        return (None, bug) if (bug := read.exception()) else (read.result(), None)

    async def _stored_rows(self, session: "Session") -> None:
        """Return when the main screen would show rows too, or has something else to say: rows never go and come."""
        changed = asyncio.Event()
        leave = session.explorer.changed.subscribe(lambda _: changed.set())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not session.explorer.rows.ids:
                    await changed.wait()
                    changed.clear()
        leave()

    def _run(self, session: "Session") -> None:
        session.bugs.subscribe(self.bugs.take)
        self.run_worker(session.run(), name="session", group="session")

    async def drawn(self) -> None:
        """Return when the main screen is there, and what it has to show so far is drawn."""
        await self._stands.wait()
        drawn = asyncio.Event()
        if self._main is not None and self._main.call_after_refresh(drawn.set):
            await drawn.wait()

    def _main_stands(self) -> None:
        self._stands.set()
        for problem in _at_most(_MOST_PROBLEMS, self._problems):
            self._notifier.report(problem, "warning")

    async def on_event(self, event: Event) -> None:
        """Keys wait for their turn, until those before them have had their effect; all else is as in Textual."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, Key) and event.key == INTERRUPT:
            if dropped := await self.keys.overtake(event):
                self._notifier.toast(f"{INTERRUPT}: dropped {count(dropped)} waiting keys.", kind="dropped")
        elif isinstance(event, Key) and event.key == SUSPEND:
            # Before all others that wait, as in a shell, and before there is a screen. Pressed twice it stops once.
            if event.time > self.continued_at:
                await super().on_event(event)
        else:
            await self.keys.take(event)

    def on_text_input_cut(self, message: "TextInput.Cut") -> None:
        """Say how much of a paste had no room."""
        left_out = count(message.characters)
        self._notifier.toast(f"A line holds {count(message.room)} characters. Left out: {left_out}.", kind="cut")

    def exit(self, *args: Any, **options: Any) -> None:
        """Leave ctui; keys that arrived later are dropped."""
        self.keys.close()
        super().exit(*args, **options)

    def leave(self, code: int) -> None:
        """Leave ctui with that exit code, on a signal from outside."""
        self.exit(return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        """Report the bug where Textual would end the program, unless there is no screen yet to show it on."""
        # A screen that opens while the app leaves gets no children: Textual's mount_all adds none from then on.
        if self._exit and isinstance(error, NoMatches):
            return
        if self._stands.is_set():
            self.bugs.take(error)
        else:
            super()._handle_exception(error)

    def action_help_quit(self) -> None:
        """Ctrl+c does not leave: it is too easily meant for something else."""
        self.notify("q quit", markup=False)

    async def ask_secret(self, prompt: str) -> str:
        """Ask the person for a secret, such as an MFA code; raises ExpiredLogin if they cancel."""
        from ctui.ui.boxes.secret import answer_to  # noqa: PLC0415 - most logins ask for nothing

        await self._stands.wait()
        if (text := await answer_to(self, prompt)) is None:
            raise ExpiredLogin("Login canceled", "The login needs a code.", "Press r to try again.")
        return text


def _at_most(most: int, problems: Sequence[CtuiError]) -> list[CtuiError]:
    """The first problems; if there are more, the last one counts the others."""
    if len(problems) <= most:
        return list(problems)
    others = CtuiError(
        "More problems", f"{len(problems) - most + 1} more settings or themes cannot be used. Correct these first."
    )
    return [*problems[: most - 1], others]
