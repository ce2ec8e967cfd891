"""Faults: what nobody had foreseen is written down for a report and told, and the person's work goes on."""

import os
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ctui.errors import CtuiError


class Faults:
    """Takes exceptions that are a fault of ctui's own. `met` holds them all, so that nothing is swallowed."""

    def __init__(self, tell: Callable[[CtuiError], None], folder: Path | None = None) -> None:
        """`tell` shows a problem; reports go to `folder`, by default the one for temporary files."""
        self.met: list[BaseException] = []
        self._tell = tell
        self._folder = folder

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Take what is raised inside, other than the end of the program or of a task."""
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - told, written down and kept in `met`
            self.take(fault)

    def take(self, fault: BaseException) -> None:
        """Write a report of a fault and tell where it is."""
        self.met.append(fault)
        name = f"{type(fault).__name__}: {fault}"
        try:
            where = f"A report for its makers is in {self._write(fault)}."
        except OSError as error:
            where = f"No report could be written: {error}."
        self._tell(CtuiError("A fault in ctui", name, f"{where} What you see and typed is still here."))

    def _write(self, fault: BaseException) -> Path:
        # mkstemp makes the file 0600: a traceback may quote what was recorded.
        handle, name = tempfile.mkstemp(prefix="ctui-fault-", suffix=".txt", dir=self._folder)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as report:
            report.writelines(traceback.format_exception(fault))
        return Path(name)
