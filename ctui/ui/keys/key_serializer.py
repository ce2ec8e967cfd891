"""KeySerializer: hands a key to the focused node only after the keys before it have had their effect.

Textual hands every key to the node that has the focus when it arrives. Keys that arrive in one piece, as over SSH,
would all go there: `/quit` would open the filter line and quit ctui. Here each key has a turn. It is handed over, and a
step follows it on its way up, from node to node to the app, one place behind it in the queue of each. When the step
reaches the end, the key has had its effect, and the next one has its turn.

Keys that wait and belong together, such as letters for one line, share one turn: the focused node, or one that holds
it, applies them at once. So a burst costs what its states cost, not what its keys cost.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key, Paste

from ctui.ui.keys.runs import TakesRuns

_LOOK_SECONDS = 0.02
"""How often a turn is checked for progress."""
_PATIENCE = 5
"""After so many checks in a row without a step the turn ends anyway: no key is ever blocked. Checks are counted, not
seconds, which also pass while the program is busy and no step can be made."""
_PATIENCE_AT_MOUNTING = 250
"""The same while the screen is being built: until then, a key has nowhere to go."""
_ROUNDS = 3
"""How often the focus may move on, at most, before a key is handed over."""


class KeySerializer:
    """Takes keys and pastes as they arrive, and hands them over one after another."""

    def __init__(
        self,
        app: App[Any],
        hand_over: Callable[[Key | Paste], Awaitable[None]],
        rested: Callable[[], None],
        meant: Callable[[Key | Paste, DOMNode], Key | Paste],
    ) -> None:
        """`hand_over` gives a key to the focused node. It, and everything here, runs in the app's own task.

        `rested` is called when no key waits any more. `meant` says which key is meant at a node by one that has come.
        """
        self._app = app
        self._hand_over = hand_over
        self._rested = rested
        self._meant = meant
        self._waiting: deque[Key | Paste] = deque()
        self._turn: object | None = None
        self._steps = 0
        self._place: DOMNode | None = None
        self._rounds = 0
        self._closed = False
        self._held = False

    @property
    def at_rest(self) -> bool:
        """Whether every key has been handed over and has had its effect."""
        return self._turn is None

    async def take(self, key: Key | Paste) -> None:
        """Hand over a key that has arrived, now or when its turn comes."""
        if self._closed:
            return
        self._waiting.append(key)
        if self._turn is None and not self._held:
            await self._next()

    def hold(self) -> None:
        """Hand over nothing until `go_on`: there is no screen yet that keys could mean."""
        self._held = True

    async def go_on(self) -> None:
        """Hand over the keys that have come, and those to come."""
        self._held = False
        if self._turn is None:
            await self._next()

    @property
    def waiting(self) -> int:
        """How many keys wait for their turn."""
        return len(self._waiting)

    async def overtake(self, key: Key | Paste) -> int:
        """Hand over a key before those that wait, and drop them, as a shell does; returns how many were dropped."""
        dropped = len(self._waiting)
        self._waiting.clear()
        await self._hand_over(key)
        return dropped

    def close(self) -> None:
        """The app ends: hand over nothing more."""
        self._closed = True
        self._waiting.clear()
        self._turn = None

    async def _next(self) -> None:
        """Hand over the next key, once a node that has just got the focus knows it."""
        self._turn = None
        if self._closed:
            return
        if not self._waiting:
            self._rested()
            return
        place = self._app.focused or self._app.screen
        if place is not self._place and self._rounds < _ROUNDS:
            self._rounds += 1
            self._place = place
            self._follow(place)
            return
        self._rounds = 0
        self._waiting[0] = self._meant(self._waiting[0], place)
        try:
            if not self._take_run(place):
                await self._hand_over(self._waiting.popleft())
        finally:
            # A key may bring the focus back to the app first, and go where that leads.
            self._follow(self._app.focused or self._app.screen)

    def _take_run(self, place: DOMNode) -> int:
        """Let the nearest node that can do so apply waiting keys at once; returns how many."""
        taker = next((node for node in place.ancestors_with_self if isinstance(node, TakesRuns)), None)
        # If it fails, the first key has had its turn.
        taken = 1
        try:
            taken = 0 if taker is None else taker.take_run(self._waiting)
        finally:
            for _ in range(taken):
                self._waiting.popleft()
        return taken

    def _follow(self, place: DOMNode) -> None:
        """Begin a turn: send a step from there up to the app."""
        turn = self._turn = object()
        # First with the key to the app, which looks up its binding; then again behind the messages that this has made
        # nodes post to each other. Twice at each node then: a message that a node posts to itself is behind the step.
        up = place.ancestors_with_self
        way = iter([*up, *(node for each in up for node in (each, each))])
        self._look(turn, self._steps, 0)
        self._send(turn, way)

    def _send(self, turn: object, way: Iterator[DOMNode]) -> bool:
        """Send the step to the next node that takes it; False at the end of the way."""
        return any(node.call_later(self._step, turn, way) for node in way)

    async def _step(self, turn: object, way: Iterator[DOMNode]) -> None:
        self._steps += 1
        if turn is not self._turn or self._send(turn, way):
            return
        # An action that opens a window does so in a worker, which runs its first part now.
        await asyncio.sleep(0)
        await self._release(turn)

    async def _release(self, turn: object) -> None:
        if turn is self._turn:
            await self._next()

    def _look(self, turn: object, steps: int, looks: int) -> None:
        """End the turn even if a node that had the step in its queue is gone."""
        if turn is not self._turn or not self._app.is_running:
            return
        looks = looks + 1 if steps == self._steps else 0
        if looks > (_PATIENCE if self._app.screen.is_mounted else _PATIENCE_AT_MOUNTING):
            self._app.call_later(self._release, turn)
        else:
            asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look, turn, self._steps, looks)
