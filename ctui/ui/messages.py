"""Messages without data, posted when core state changes. A burst folds into one; its handler reads the state."""

from textual.message import Message


class _Fact(Message):
    def can_replace(self, message: Message) -> bool:
        """A later message of the same kind says the same."""
        return type(message) is type(self)


class SessionChanged(_Fact):
    """The session has another state."""


class TrailsChanged(_Fact):
    """The trail book has another state."""


class ExplorerChanged(_Fact):
    """The explorer has another state."""


class QueueChanged(_Fact):
    """The lookup queue has another state."""


class TraceChanged(_Fact):
    """A trace has another state."""


class ShapeChanged(_Fact):
    """The counts of what events share are others."""


class ExportChanged(_Fact):
    """An export has another state."""


class MarksChanged(_Fact):
    """Other events are marked, or a note is different."""


class FollowChanged(_Fact):
    """Following has another state."""


class RecordFactsChanged(_Fact):
    """More is known of the event whose record is shown: its first sighting, the other end of its stretch, its
    accounts and Regions."""


class ScopesRead(_Fact):
    """It is known of other rows in sight in which accounts and Regions their events were found."""


class LinesRead(_Fact):
    """Records that lines of the list were without have been read."""


class RowsReplaced(_Fact):
    """The explorer shows the rows of another query or view."""
