"""ShownAtRest: a screen that is laid out and drawn once no key waits; what keys do in between is not shown."""

from collections.abc import Callable

from textual.screen import Screen

from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.keys.latest import Latest


class ShownAtRest(FaultTolerant, Screen[None]):
    """While keys wait, nothing is drawn, and only what they need is laid out.

    That Textual works by the methods used here is held by tests/ui/keys/test_bursts.py.
    """

    def __init__(self, keys_wait: Callable[[], bool]) -> None:
        """`keys_wait`: whether more keys have come than have had their effect."""
        super().__init__()
        self._keys_wait = keys_wait
        self.latest = Latest(keys_wait, self.set_timer)
        """Puts off functions that draw a state until no key waits."""

    def _on_timer_update(self) -> None:
        # What is left to do is kept until the next time.
        if self._keys_wait():
            self._update_timer.pause()
        else:
            super()._on_timer_update()

    def _compositor_refresh(self) -> None:
        if not self._keys_wait():
            super()._compositor_refresh()

    def lay_out(self, *, anyway: bool) -> bool:
        """Lay out the widgets now if that is due, or `anyway`; returns whether it was done."""
        if not (self._layout_required or anyway):
            return False
        self._refresh_layout()
        self._layout_required = False
        return True

    def catch_up(self) -> None:
        """No key waits any more: draw the current states."""
        self.latest.catch_up()
        if self._compositor._dirty_regions:
            self._compositor_refresh()
        self.check_idle()
