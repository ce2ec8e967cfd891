"""Modal: the base of every screen that stands over another one and ends with a result."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from ctui.ui.fault_tolerant import FaultTolerant


class Modal(FaultTolerant, ModalScreen[ScreenResultType]):
    """Ends once, whatever asks it to."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """End with that result. Both clicks of a double click choose: Textual would end the screen below, too."""
        return super().dismiss(result) if self in self.app.screen_stack else AwaitComplete()
