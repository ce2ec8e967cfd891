"""Notifier: failures become notifications, each one once, with a title, a reason and what to do next."""

from typing import Literal

from textual.app import App
from textual.notifications import Notification, Notify

from ctui.errors import CtuiError, InternalError
from ctui.render.text.spans import clean_text

Severity = Literal["information", "warning", "error"]

PROBLEM_TIMES = 2
"""How many times longer than other notifications a failure stays in sight; it is also said where it happened."""


class Notifier:
    """Notifications of one app. What is told is plain text, whatever stands in it."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._toasts: dict[str, Notification] = {}
        self._reported: dict[str, Notification] = {}
        self._statuses: dict[str, str] = {}
        self._bugs: dict[str, Notification] = {}

    def toast(self, text: str, *, kind: str = "") -> None:
        """Say something in passing. Of one kind, only the last stays in sight."""
        if kind in self._toasts:
            self._withdraw(self._toasts.pop(kind))
        note = self._notify(text)
        if kind:
            self._toasts[kind] = note

    def report(self, problem: CtuiError, severity: Severity = "error") -> None:
        """Tell a failure."""
        self._show_error(problem, severity)

    def report_bug(self, problem: CtuiError) -> None:
        """Tell a fault of ctui's own, unless the same is in sight."""
        before = self._bugs.get(problem.message)
        if before is None or before.has_expired:
            self._bugs[problem.message] = self._show_error(problem, "error")

    def report_once(self, problem: CtuiError, severity: Severity = "error") -> None:
        """Tell a failure, and not the same again from another place until `forget_errors`."""
        # A fault is told where it is met.
        if not isinstance(problem, InternalError) and problem.title not in self._reported:
            self._reported[problem.title] = self._show_error(problem, severity)

    def set_status(self, place: str, problem: CtuiError | None, severity: Severity = "error") -> None:
        """What is wrong at a place now, None where nothing is: told once, and taken back when it is over."""
        before = self._statuses.pop(place, None)
        if problem is not None:
            self._statuses[place] = problem.title
            self.report_once(problem, severity)
        if before in self._reported and before not in self._statuses.values():
            self._withdraw(self._reported.pop(before))

    def forget_errors(self) -> None:
        """The person asks again: what failed before is no longer of interest, and what fails now is told again."""
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
