"""FaultReports: unexpected exceptions go into a report file and a notification, and the session continues."""

import os
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

from ctui.errors import CtuiError, InternalError


class FaultReports:
    """Takes exceptions that are a fault of ctui's own. `met` holds them all, so that nothing is swallowed."""

    def __init__(self, tell: Callable[[CtuiError], None], folder: Path | None = None) -> None:
        """`tell` shows a problem; reports go to `folder`, by default the one for temporary files."""
        self.met: list[BaseException] = []
        """One of each kind: type, words and place."""
        self._tell = tell
        self._folder = folder
        self._where: dict[str, str] = {}

    def take(self, fault: BaseException) -> None:
        """Write a report of a bug and show where it is. The same bug again is shown but not written."""
        kind = "".join(traceback.format_exception_only(fault)) + "".join(traceback.format_tb(fault.__traceback__)[-1:])
        if kind not in self._where:
            self.met.append(fault)
            self._where[kind] = self._write(fault)
        self._tell(InternalError.of(fault, f"{self._where[kind]} Your data and input are still here."))

    def _write(self, fault: BaseException) -> str:
        try:
            # mkstemp makes the file 0600: a traceback may quote what was recorded.
            handle, name = tempfile.mkstemp(prefix="ctui-fault-", suffix=".txt", dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as report:
                report.writelines(traceback.format_exception(fault))
        except OSError as error:
            return f"No report could be written: {error}."
        return f"Report: {name}."
