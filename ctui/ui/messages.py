"""What core has told: facts without content. A burst folds into one, and whoever handles it reads the state then."""

from textual.message import Message


class _Fact(Message):
    def can_replace(self, message: Message) -> bool:
        """A later fact of the same kind says the same."""
        return type(message) is type(self)


class SessionChanged(_Fact):
    """The connection or the account is in another state."""


class TrailsChanged(_Fact):
    """The trail book is in another state."""


class FeedChanged(_Fact):
    """The feed has more rows or is in another phase."""


class QueueChanged(_Fact):
    """The lookup queue is in another state."""


class FeedReplaced(_Fact):
    """Another question is asked: there is a new feed."""
