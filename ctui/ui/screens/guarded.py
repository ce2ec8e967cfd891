"""GuardedScreen: a screen whose deeds may break without taking the person's work along."""

from typing import Any

from textual.screen import Screen
from textual.worker import Worker, WorkerState

from ctui.ui.faults import Faults
from ctui.ui.telling import Telling


class GuardedScreen(Screen[None]):
    """Deeds run inside `faults.guarding()`, or as workers of this screen."""

    def __init__(self) -> None:
        super().__init__()
        self.faults = Faults(lambda problem: Telling(self.app).problem(problem))

    def run_worker(self, *work: Any, **options: Any) -> Worker[Any]:
        """As any node does, but a fault in the work does not end the program."""
        return super().run_worker(*work, **{**options, "exit_on_error": False})

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Take the fault that a worker has ended with."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.faults.take(event.worker.error)
