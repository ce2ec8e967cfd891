"""Telling: failures become notifications, each one once, with a title, a reason and what to do next."""

from typing import Literal

from textual.app import App

from ctui.errors import CtuiError
from ctui.render.text import clean_text

PROBLEM_TIMES = 2
"""How many times longer than other notifications a failure stays in sight; it is also said where it happened."""


class Telling:
    """Notifications of one app. What is told is plain text, whatever stands in it."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._told: set[str] = set()

    def say(self, text: str) -> None:
        """Say something in passing."""
        self._app.notify(clean_text(text), markup=False)

    def problem(self, problem: CtuiError, severity: Literal["warning", "error"] = "error") -> None:
        """Tell a failure."""
        text = " ".join(part for part in (problem.message, problem.remedy) if part)
        self._app.notify(
            clean_text(text),
            title=clean_text(problem.title),
            severity=severity,
            timeout=PROBLEM_TIMES * self._app.NOTIFICATION_TIMEOUT,
            markup=False,
        )

    def once(self, problem: CtuiError | None, severity: Literal["warning", "error"] = "error") -> None:
        """Tell a failure, if there is one, and not the same again from another place until `anew`."""
        if problem is not None and problem.title not in self._told:
            self._told.add(problem.title)
            self.problem(problem, severity)

    def anew(self) -> None:
        """The person asks again: what fails now is told again."""
        self._told.clear()
