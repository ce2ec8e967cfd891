"""Which questions ask the same, or more, and the feeds of earlier ones: they show their rows again without a call."""

from collections.abc import Hashable

from ctui.core.feed import EventFeed
from ctui.model.lookup import Lookup
from ctui.model.timespan import ALL_HISTORY

_KEPT = 4


def alike(one: Lookup, other: Lookup) -> bool:
    """True where both ask the same."""
    return (one.timespan, one.category) == (other.timespan, other.category) and set(one.conditions) == set(
        other.conditions
    )


def covers(lookup: Lookup, question: Lookup) -> bool:
    """True where whatever answers the question answers the lookup too."""
    return (
        lookup.timespan in (question.timespan, ALL_HISTORY)
        and lookup.category is question.category
        and set(lookup.conditions) <= set(question.conditions)
    )


class EarlierFeeds:
    """The latest feed of each of the last few questions, of one account and its Regions."""

    def __init__(self) -> None:
        self._feeds: list[EventFeed] = []
        self._about: tuple[Hashable, ...] = ()

    def keep(self, feed: EventFeed, *about: Hashable) -> None:
        """Remember a feed; `about` says whose rows it holds, and feeds about others are forgotten."""
        if about != self._about:
            self._feeds.clear()
            self._about = about
        others = [one for one in self._feeds if not alike(one.lookup, feed.lookup)]
        self._feeds = [*others[-(_KEPT - 1) :], feed]

    def covering(self, question: Lookup, *, stored: bool) -> EventFeed | None:
        """The feed that holds all that answers the question, with as little beside it as possible.

        `stored`: one that shows the store alone, or else one that asks the service.
        """
        feeds = [feed for feed in self._feeds if covers(feed.lookup, question) and feed.state.stored is stored]
        return max(feeds, key=lambda feed: len(feed.lookup.conditions), default=None)
