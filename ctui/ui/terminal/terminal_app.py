"""TerminalApp: an app that copies, is suspended, and lets go of a terminal that is gone."""

import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SuspendNotSupported
from textual.binding import Binding, BindingType

from ctui.errors import CtuiError
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.notifier import Notifier
from ctui.ui.terminal.driver import TerminalDriver

if TYPE_CHECKING:
    from ctui.ui.terminal.clipboard import Clipboard

SUSPEND = "ctrl+z"
"""The key that stops ctui until the shell brings it back."""


class TerminalApp(FaultTolerant, App[None]):
    """What it has to say of the terminal, its notifier says."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(SUSPEND, "suspend_process", show=False, priority=True)]

    def __init__(self, clipboard: "Clipboard | None") -> None:
        """`clipboard`: None copies by the terminal, tmux and desktop of this process."""
        super().__init__(driver_class=TerminalDriver)
        self._given_clipboard = clipboard
        self._notifier = Notifier(self)
        self.continued_at = 0.0
        """When the shell brought it back last, as `time` of messages: monotonic seconds."""

    def on_mount(self) -> None:
        """A signal from outside may stop it, too, and let it go on."""
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    @cached_property
    def _copier(self) -> "Clipboard":
        from ctui.ui.terminal.clipboard import Clipboard  # noqa: PLC0415 - behind the frame

        return self._given_clipboard or Clipboard(self._write)

    def copy_to_clipboard(self, text: str) -> None:
        """What Textual's own copying does, of selected text and in lines that are typed in: as ctui copies all else."""
        self._clipboard = text
        self.run_worker(self._copy(text), group="copy", exclusive=True)

    async def _copy(self, text: str) -> None:
        try:
            self._notifier.toast(await self._copier.copy(text, "Selection"), kind="copy")
        except CtuiError as problem:
            self._notifier.report_once(problem)

    def _write(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)

    def action_suspend_process(self) -> None:
        """Stop until the shell brings ctui back, and then draw everything again."""
        from ctui.ui.terminal import job  # noqa: PLC0415 - seldom wanted

        if not job.can_stop():
            self._notifier.toast(f"{SUSPEND}: ctui was not started by a shell that could bring it back", kind="off")
            return
        with self.suspend():
            job.stop()
        self.continued_at = time.monotonic()

    def run_outside(self, arguments: Sequence[str]) -> int:
        """Give the terminal to a program until it ends, and then draw everything again; returns its exit code.

        Meanwhile the loop stands still, as while ctui is suspended. Raises OSError if the program cannot be started,
        CtuiError if the terminal cannot be given away.
        """
        from ctui.ui.terminal import outside  # noqa: PLC0415 - seldom wanted

        try:
            with self.suspend():
                return outside.run(arguments)
        except SuspendNotSupported as error:
            raise CtuiError("No terminal to give away", "ctui does not run in a terminal that it can leave.") from error

    def hurry(self) -> None:
        """Do not wait for a terminal that takes nothing. May be called from any thread."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.output.hurry()

    def lose_terminal(self) -> None:
        """Write nothing more: the terminal is gone. May be called from any thread."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.output.give_up()
