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
        self._said: dict[str, Notification] = {}
        self._told: dict[str, Notification] = {}
        self._standing: dict[str, str] = {}
        self._faults: dict[str, Notification] = {}

    def say(self, text: str, *, kind: str = "") -> None:
        """Say something in passing. Of one kind, only the last stays in sight."""
        if kind in self._said:
            self._take_back(self._said.pop(kind))
        note = self._notify(text)
        if kind:
            self._said[kind] = note

    def problem(self, problem: CtuiError, severity: Severity = "error") -> None:
        """Tell a failure."""
        self._tell(problem, severity)

    def fault(self, problem: CtuiError) -> None:
        """Tell a fault of ctui's own, unless the same is in sight."""
        before = self._faults.get(problem.message)
        if before is None or before.has_expired:
            self._faults[problem.message] = self._tell(problem, "error")

    def once(self, problem: CtuiError, severity: Severity = "error") -> None:
        """Tell a failure, and not the same again from another place until `anew`."""
        # A fault is told where it is met.
        if not isinstance(problem, InternalError) and problem.title not in self._told:
            self._told[problem.title] = self._tell(problem, severity)

    def stands(self, place: str, problem: CtuiError | None, severity: Severity = "error") -> None:
        """What is wrong at a place now, None where nothing is: told once, and taken back when it is over."""
        before = self._standing.pop(place, None)
        if problem is not None:
            self._standing[place] = problem.title
            self.once(problem, severity)
        if before in self._told and before not in self._standing.values():
            self._take_back(self._told.pop(before))

    def anew(self) -> None:
        """The person asks again: what failed before is no longer of interest, and what fails now is told again."""
        for note in self._told.values():
            self._take_back(note)
        self._told.clear()

    def _tell(self, problem: CtuiError, severity: Severity) -> Notification:
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

    def _take_back(self, note: Notification) -> None:
        # It may still be on its way: without time left it does not show when it arrives. That it be taken back at
        # once, alone, only a method of Textual's own can do.
        note.timeout = 0
        self._app._unnotify(note)
