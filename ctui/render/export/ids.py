"""Event IDs, one a line."""

from collections.abc import Sequence

from ctui.model.event.event import Event
from ctui.render.text.spans import clean_text


class Ids:
    """One event ID a line. A character that would act on a terminal or break the line is shown, as on the screen."""

    def head(self) -> bytes:
        """Nothing."""
        return b""

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        """A line for each event."""
        return "".join(f"{clean_text(event.event_id)}\n" for event in events).encode()

    def tail(self) -> bytes:
        """Nothing."""
        return b""
