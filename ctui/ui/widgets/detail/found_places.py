"""FoundPlaces: what a search in a record has found so far, and where its next and previous place are."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice

from ctui.model.event.record_tree import Address
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, count


class FoundPlaces:
    """The places that contain a text, in upper or lower case, found a portion at a time."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pattern = re.compile(re.escape(text), re.IGNORECASE)
        self.complete = False
        """Whether all places are known."""
        self._places: list[Address] = []
        self._source: Iterator[Address | None] = iter(())

    def look_in(self, source: Iterator[Address | None]) -> None:
        """Begin again in another record; `source` gives its places in order, None for each that does not contain it."""
        self._source, self._places, self.complete = source, [], False

    def look_on(self, number: int) -> bool:
        """Look at so many places more; returns False if none is left."""
        looked_at = list(islice(self._source, number))
        self._places += [place for place in looked_at if place is not None]
        self.complete = len(looked_at) < number
        return not self.complete

    def first_from(self, place: Address) -> Address | None:
        """The first place at this one or behind it, the first of all if there is none behind; None if nothing is found.

        None too while the rest is still looked at.
        """
        index = bisect_left(self._places, place)
        if index < len(self._places):
            return self._places[index]
        return self._places[0] if self._places and self.complete else None

    def beyond(self, place: Address, step: int) -> Address | None:
        """The next place (1) or the previous one (-1), going on at the other end; None if nothing is found."""
        if not self._places:
            return None
        index = bisect_right(self._places, place) if step > 0 else bisect_left(self._places, place) - 1
        return self._places[index % len(self._places)]

    def words(self, place: Address) -> Line:
        """What the pane says of the search: the text, and which of how many places the cursor is on."""
        total = count(len(self._places))
        if not self.complete:
            total = f">{total}"
        said: Line = (("not found", Role.WARNING),) if self.complete and not self._places else ((total, Role.PLAIN),)
        index = bisect_left(self._places, place)
        if index < len(self._places) and self._places[index] == place:
            said = ((f"{count(index + 1)} of ", Role.DIM), *said)
        return (("/", Role.ACCENT), *clean(self.text[:40]), (" ", Role.PLAIN), *said)
