"""Notifier: errors become notifications, each one once, with a title, a message and a remedy."""

from typing import Literal

from textual.app import App
from textual.notifications import Notification, Notify

from ctui.errors import CtuiError, InternalError
from ctui.render.text.spans import clean_text

Severity = Literal["information", "warning", "error"]

PROBLEM_TIMES = 2
"""How many times longer than other notifications an error stays in sight; its pane shows it as well."""


class Notifier:
    """Notifications of one app, all plain text."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._toasts: dict[str, Notification] = {}
        self._reported: dict[str, Notification] = {}
        self._statuses: dict[str, str] = {}
        self._bugs: dict[str, Notification] = {}

    def toast(self, text: str, *, kind: str = "") -> None:
        """Show a short notification. Of one kind, only the last stays."""
        if kind in self._toasts:
            self._withdraw(self._toasts.pop(kind))
        note = self._notify(text)
        if kind:
            self._toasts[kind] = note

    def report(self, problem: CtuiError, severity: Severity = "error") -> None:
        """Show an error."""
        self._show_error(problem, severity)

    def report_bug(self, problem: CtuiError) -> None:
        """Show a bug in ctui, unless the same one is in sight."""
        before = self._bugs.get(problem.message)
        if before is None or before.has_expired:
            self._bugs[problem.message] = self._show_error(problem, "error")

    def report_once(self, problem: CtuiError, severity: Severity = "error") -> None:
        """Show an error once, until `forget_errors`."""
        # A bug is reported where it is met.
        if not isinstance(problem, InternalError) and problem.title not in self._reported:
            self._reported[problem.title] = self._show_error(problem, severity)

    def set_status(self, place: str, problem: CtuiError | None, severity: Severity = "error") -> None:
        """The error of a place now, or None: shown once, and withdrawn when it is over."""
        before = self._statuses.pop(place, None)
        if problem is not None:
            self._statuses[place] = problem.title
            self.report_once(problem, severity)
        if before in self._reported and before not in self._statuses.values():
            self._withdraw(self._reported.pop(before))

    def forget_errors(self) -> None:
        """The person tries again: withdraw earlier errors, and show new ones again."""
        for note in self._reported.values():
            self._withdraw(note)
        self._reported.clear()

    def _show_error(self, problem: CtuiError, severity: Severity) -> Notification:
        # A service's own words may end without a period.
        ends = not problem.remedy or problem.message.endswith((".", "!", "?", "…", ")"))
        text = f"{problem.message}{'' if ends else '.'} {problem.remedy}".strip()
        return self._notify(text, title=problem.title, severity=severity, times=PROBLEM_TIMES)

    def _notify(
        self, text: str, *, title: str = "", severity: Severity = "information", times: int = 1
    ) -> Notification:
        timeout = times * self._app.NOTIFICATION_TIMEOUT
        note = Notification(clean_text(text), clean_text(title), severity, timeout, markup=False)
        self._app.post_message(Notify(note))
        return note

    def _withdraw(self, note: Notification) -> None:
        # It may still be on its way: without time left it does not show when it arrives. That it be taken back at
        # once, alone, only a method of Textual's own can do.
        note.timeout = 0
        self._app._unnotify(note)
