"""BugReports: unexpected exceptions go into a report file and a notification, and the session continues."""

import os
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from ctui.errors import CtuiError, InternalError


class BugReports:
    """Takes exceptions that are bugs in ctui. `met` holds them all, so that nothing is swallowed."""

    def __init__(self, show: Callable[[CtuiError], None], folder: Path | None = None) -> None:
        """`show` shows an error; reports go to `folder`, by default the one for temporary files."""
        self.met: list[BaseException] = []
        """One of each kind: type, text and line."""
        self._show = show
        self._folder = folder
        self._where: dict[str, str] = {}

    def take(self, error: BaseException) -> None:
        """Write a report of a bug and show where it is. The same bug again is shown but not written."""
        kind = "".join(traceback.format_exception_only(error)) + "".join(traceback.format_tb(error.__traceback__)[-1:])
        if kind not in self._where:
            self.met.append(error)
            self._where[kind] = self._write(error)
        self._show(InternalError.of(error, f"{self._where[kind]} Your data and input are still here."))

    def _write(self, error: BaseException) -> str:
        try:
            # mkstemp makes the file 0600: a traceback may quote what was recorded.
            handle, name = tempfile.mkstemp(prefix="ctui-fault-", suffix=".txt", dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as report:
                report.writelines(traceback.format_exception(error))
        except OSError as problem:
            return f"No report could be written: {problem}."
        return f"Report: {name}."
