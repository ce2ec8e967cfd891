"""FaultTolerant: the base of every node of the screen that is ours, so that a bug in one of its handlers or workers
does not end the program.

Textual ends a node's loop when a handler raises, and the program with it. Here the exception goes where Textual brings
those of timers and callbacks too, to the app, which reports it as a bug; the node goes on with its next message.
Textual offers no public way to either place: tests/ui/test_fault_tolerant.py holds the private names used here
and in app.py.
"""

import inspect
from collections.abc import Coroutine
from functools import partial
from typing import Any

from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState


class FaultTolerant(MessagePump):
    """Mixed in before a Textual class. Needs an app that takes faults in `_handle_exception`."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as bug:  # noqa: BLE001 - the app reports it
            self.app._handle_exception(bug)

    def run_worker(self, *work: Any, **options: Any) -> Worker[Any]:
        """As any node does, but a bug in the work does not end the program."""
        worker: Worker[Any] = super().run_worker(*work, **{**options, "exit_on_error": False})  # type: ignore[misc]
        for each in work:
            if inspect.iscoroutine(each) and worker._task is not None:
                # A coroutine canceled before its first step, as ctui ends, would stay unawaited.
                worker._task.add_done_callback(partial(_close, each))
        return worker

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report the bug that has ended a worker, and clear up what it has left behind."""
        if event.state is WorkerState.ERROR and isinstance(event.worker.error, Exception):
            self.app._handle_exception(event.worker.error)
            self.work_broke(event.worker.group)

    def work_broke(self, group: str) -> None:
        """A bug has ended a worker of that group: nothing on the screen may go on waiting for it."""


def _close(work: Coroutine[Any, Any, Any], _task: object) -> None:
    work.close()
