"""CopyHandlers: copying the record, and everything else that the copy menu offers.

What makes the texts is imported when something is copied: the main screen needs none of it.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.screen import Screen

from ctui.core.session import Session
from ctui.core.trails.trail_book import TrailEntry
from ctui.errors import CtuiError
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.selection import clauses_by_category, decides, in_category
from ctui.model.filter.terms import Filter, PathTerm
from ctui.model.filter.write import write_filter
from ctui.model.lookup.lookup import selectivity
from ctui.render.panes.event_lines import event_in_words
from ctui.render.panes.filter_notes import term_words
from ctui.render.record.detail import EventDetail
from ctui.render.text.record_text import copy_text
from ctui.render.text.spans import clean_text, count
from ctui.ui.notifier import Notifier
from ctui.ui.panes import Pane
from ctui.ui.terminal.clipboard import Clipboard
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    from ctui.render.copies.event_copies import Copy


class CopyHandlers:
    """What is copied is of the event or trail that was under the cursor when the menu was opened."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panes: PaneArea,
        clipboard: Clipboard,
        *,
        notifier: Callable[[], Notifier],
        selected: Callable[[], EventDetail | None],
    ) -> None:
        """`notifier` returns the notifier once the screen is up; `selected` returns the event that keys act on now, and
        raises StoreError."""
        self._screen = screen
        self._session = session
        self._panes = panes
        self._clipboard = clipboard
        self._notifier = notifier
        self._selected = selected

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {
            "copy": self._copy_record,
            "copy-menu": self._event_menu,
            "copy-trail": self._copy_trail,
            "copy-trail-menu": self._trail_menu,
        }

    def _copy_record(self) -> None:
        if (detail := self._event()) is not None:
            self._send(lambda: detail.copied, event_in_words(detail.summary))

    def _event_menu(self) -> None:
        if (detail := self._event()) is not None:
            self._screen.run_worker(self._choose(detail), group="copy-menu", exclusive=True)

    def _event(self) -> EventDetail | None:
        try:
            detail = self._selected()
        except CtuiError as problem:
            self._notifier().report_once(problem)
            return None
        if detail is not None:
            # What is copied is of this event, whatever arrives meanwhile.
            self._panes.events.pin_cursor()
        return detail

    async def _choose(self, detail: EventDetail) -> None:
        from ctui.render.copies.event_copies import Copy, event_copies, record_values  # noqa: PLC0415
        from ctui.ui.boxes.copy_menu import CopyMenu  # noqa: PLC0415

        values = record_values(detail.event)
        value = Copy("v", "value and path", f"{count(len(values))} values …", str)
        marked = Copy("m", "marked events", "JSON lines, a record each", str)
        question, note = self._question()
        copies = [
            *self._at_cursor(),
            *event_copies(detail.event, detail.summary, detail.file),
            *([value] if values else []),
        ]
        copies += [marked] if self._session.marks.rows else []
        copies += [question] if question is not None else []
        chosen = await self._screen.app.push_screen_wait(CopyMenu("Copy", copies))
        if chosen is value:
            menu = CopyMenu("Copy a value and its path", list(map(_value_copy, values)), label_cells=46)
            chosen = await self._screen.app.push_screen_wait(menu)
        if chosen is marked:
            self._screen.run_worker(self._send_marked(), group="copy", exclusive=True)
        elif chosen is not None:
            asked = chosen is question
            what = chosen.what if asked else f"{chosen.what} of {event_in_words(detail.summary)}"
            self._send(chosen.text, what, note if asked else "")

    def _at_cursor(self) -> "tuple[Copy, ...]":
        """The value under the cursor of the record, and the same with its path; () while the focus is elsewhere."""
        from ctui.render.copies.event_copies import Copy, copy_of  # noqa: PLC0415

        value = self._panes.detail.value if self._panes.focused is Pane.DETAIL else None
        if value is None:
            return ()
        path = ".".join((*value.path, *value.inside))
        if not value.single:
            return (Copy("u", "value here", path, lambda: copy_text(value.text)),)
        here = copy_of("u", "value here", value.text)
        if not path:
            return (here,)
        # The filter knows no path into a text.
        copied = copy_of("", path, f"{path}:{value.text}") if value.inside else _value_copy((path, value.text))
        return (here, Copy("t", "value and path", clean_text(path), copied.text))

    def _question(self) -> "tuple[Copy | None, str]":
        """The question as commands for a shell, and what they do not ask; None before a connection."""
        from ctui.render.copies.event_copies import Copy  # noqa: PLC0415
        from ctui.render.copies.lookup_command import lookup_commands  # noqa: PLC0415

        state, connection = self._session.explorer.state, self._session.state.connection
        if connection is None or state.impossible or state.line.marked_only:
            return None, ""
        asked = {
            category: state.query.server_filter
            if state.query.server_filter in clauses
            else min(clauses, key=selectivity, default=())
            for category, clauses in clauses_by_category(state.line).items()
        }
        if not asked:
            return None, ""
        commands = lookup_commands(list(asked.items()), *state.pinned, self._session.state.regions, connection)
        # One category has the whole line; with both, what decides a term in the one may not in the other.
        line = in_category(state.line, next(iter(asked))) if len(asked) == 1 else state.line
        terms = () if line is None else line.terms
        by_all = [term for term in terms if all(decides(selected, term) for selected in asked.values())]
        here = dict.fromkeys(term_words(term) for term in terms if term not in by_all)
        question = Copy("q", "question", clean_text(commands[0]), lambda: "\n".join(map(clean_text, commands)))
        return question, f"ctui filters its answer by {', '.join(here)}" if here else ""

    async def _send_marked(self) -> None:
        from ctui.render.copies.event_copies import json_lines  # noqa: PLC0415

        try:
            events = await self._session.marks.events()
        except CtuiError as problem:
            self._notifier().report_once(problem)
            return
        number = f"{count(len(events))} marked event{'s' * (len(events) != 1)}"
        await self._copy(lambda: json_lines(events), number, "")

    # Trails.

    def _copy_trail(self) -> None:
        from ctui.render.copies.trail_copies import trail_json  # noqa: PLC0415

        trail = self._entry().trail
        self._send(lambda: trail_json(trail), f"Trail {clean_text(trail.name)}")

    def _trail_menu(self) -> None:
        self._screen.run_worker(self._choose_of_trail(self._entry()), group="copy-menu", exclusive=True)

    async def _choose_of_trail(self, entry: TrailEntry) -> None:
        from ctui.render.copies.trail_copies import trail_copies  # noqa: PLC0415
        from ctui.ui.boxes.copy_menu import CopyMenu  # noqa: PLC0415

        copies = trail_copies(entry.trail, entry.status, self._session.state.connection)
        title = f"Copy of trail {clean_text(entry.trail.name)}"
        chosen = await self._screen.app.push_screen_wait(CopyMenu(title, copies))
        if chosen is not None:
            self._send(chosen.text, f"{chosen.what} of trail {clean_text(entry.trail.name)}")

    def _entry(self) -> TrailEntry:
        entry = self._panes.trails.chosen
        assert entry is not None, "the action is off while no trail is selected"
        return entry

    # Sending.

    def copy_text(self, text: str, what: str) -> None:
        """Copy a text as it is shown."""
        self._send(lambda: text, what)

    def _send(self, text: Callable[[], str], what: str, note: str = "") -> None:
        self._screen.run_worker(self._copy(text, what, note), group="copy", exclusive=True)

    async def _copy(self, text: Callable[[], str], what: str, note: str) -> None:
        notifier = self._notifier()
        try:
            said = await self._clipboard.copy(text(), what)
        except CtuiError as problem:
            notifier.report_once(problem)
            return
        notifier.toast(f"{said}; {note}" if note else said, kind="copy")


def _value_copy(found: tuple[str, str]) -> "Copy":
    """A value of a record: what is copied is the term that finds it."""
    from ctui.render.copies.event_copies import Copy, copy_of  # noqa: PLC0415

    path, value = found
    written = f"{path}:{value}"
    with suppress(ValueError):
        line = Filter((PathTerm(tuple(path.split(".")), (Pattern((value,)),)),))
        if parse_filter(write_filter(line)) == line:
            written = write_filter(line)
    copied = copy_of("", path, written)
    return Copy("", path, copy_of("", path, value).shown, copied.text)
