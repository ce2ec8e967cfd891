"""DetailPane: one event, with a cursor on its values: what is folded there, and what a search finds."""

from asyncio import sleep
from collections.abc import Iterator

from textual import work

from ctui.model.event.record_tree import Address, Node, RecordValue
from ctui.render.record.detail import EventDetail
from ctui.render.roles import Role
from ctui.render.text.spans import plain
from ctui.ui.widgets.detail.found_places import FoundPlaces
from ctui.ui.widgets.detail.record_pane import RecordPane

_SEARCHED_AT_ONCE = 200
"""Values that a search looks at in one go, in about a millisecond."""
_LINES_OF_ONE = 500
"""Lines of one value among which a search goes on; a value of a megabyte has thousands."""


class DetailPane(RecordPane):
    """The record as a tree that folds, or as JSON."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._wanted: Address | None = None
        self._search_began: Address = ()
        self._search_row: int | None = None
        self._jump = False

    def show(self, detail: EventDetail, *, keep_place: bool = False) -> None:
        """Show an event, from the top; with `keep_place`, at the value that has the path of the one under the cursor.

        Where that is not among the lines that are made at once, from the top too.
        """
        node = self.node if keep_place else None
        line = 0 if self.cursor is None else self.cursor - self.first_in_sight
        self._put_subject(detail, detail.row_id)
        address = detail.tree.address_of(node.path) if node is not None and detail.tree is not None else None
        row = None if address is None else self._first_row(address)
        if row is not None:
            self.cursor = row
            self._scroll_line(max(0, row - line))

    @property
    def node(self) -> Node | None:
        """The node of the record that the cursor is on; None in the head and in JSON."""
        row, detail = self._row, self.shown
        if row is None or row.address is None or detail is None or detail.tree is None:
            return None
        return detail.tree.at(row.address, folded=self._folded)

    @property
    def value(self) -> RecordValue | None:
        """The value under the cursor with its path, of the record or the head; None if there is none."""
        node, row = self.node, self._row
        if node is not None:
            return node.recorded()
        return None if row is None else row.value

    @property
    def on_value(self) -> bool:
        """Whether there is a value under the cursor."""
        row = self._row
        return row is not None and (row.address or row.value) is not None

    @property
    def as_json(self) -> bool:
        """Whether the record is shown as JSON."""
        return self._as_json

    def turn(self) -> None:
        """Show the record as JSON, or as a tree again."""
        in_head = self.cursor is None or self.cursor < self._rows.head
        self._as_json = not self._as_json
        self._make()
        if not in_head:
            self.cursor = self._rows.head

    # Folding.

    def toggle_fold(self) -> bool:
        """Fold what the cursor is on, or unfold it; False if it cannot be folded."""
        node = self.node
        if node is None or not node.children:
            return False
        self._fold(node, fold=not node.folded)
        return True

    def fold(self) -> None:
        """Fold what the cursor is on; where nothing is to be folded, go to what it is in."""
        node = self.node
        if node is None:
            return
        if node.children and not node.folded:
            self._fold(node, fold=True)
        elif (parent := self._first_row(node.address[:-1])) is not None:
            self.cursor = parent

    def unfold(self) -> None:
        """Unfold what the cursor is on; what is unfolded already, go into it."""
        node = self.node
        if node is None or not node.children:
            return
        if node.folded:
            self._fold(node, fold=False)
        elif (child := self._first_row((*node.address, 0))) is not None:
            self.cursor = child

    def _fold(self, node: Node, *, fold: bool) -> None:
        (self._folded.add if fold else self._folded.discard)(node.path)
        row, detail = self._first_row(node.address), self.shown
        if row is None or detail is None:
            return
        self.cursor = row
        rest = detail.rows_from(node.address, self.line_width, folded=self._folded)
        self._lay_out_from(row, rest)

    def _first_row(self, address: Address) -> int | None:
        """The first line of a node, or None if it is not made."""
        return self._rows.first_of(address)

    # Searching. A place is the address of a node, or in JSON the number of a line.

    @property
    def searched(self) -> str:
        """What is searched for; "" for nothing."""
        return "" if self._found is None else self._found.text

    def begin_search(self) -> None:
        """Where the cursor is now, a search that is being typed begins each time."""
        self._search_began, self._search_row = self._place, self.cursor

    def search(self, text: str, *, stay: bool = False) -> None:
        """Mark a text, in upper or lower case, and go to the first place with it; "" marks nothing, and goes back.

        With `stay` the cursor stays where it is.
        """
        self._found = FoundPlaces(text) if text else None
        self._mark()
        self._jump = bool(text) and not stay
        self._look_again()
        if not text and not stay:
            self._go_to(self._search_began)

    def find(self, step: int) -> bool:
        """Go to the next place (1) or the previous one (-1); False if there is none."""
        if self._found is None:
            return False
        row = self._found_in_value(step)
        if row is not None:
            self.cursor = row
            return True
        place = self._found.beyond(self._place, step)
        if place is None:
            return False
        self._go_to(place)
        return True

    @property
    def _place(self) -> Address:
        """Where the cursor is."""
        row = self._row
        if row is None or self.cursor is None or self.cursor < self._rows.head:
            return ()
        return (self.cursor,) if row.address is None else row.address

    def _found_in_value(self, step: int) -> int | None:
        """A further line of the value under the cursor with what is searched for."""
        row, here = self._row, self.cursor
        if row is None or row.address is None or here is None:
            return None
        for number in range(here + step, here + step * _LINES_OF_ONE, step):
            if not self._rows.in_node(number, row.address):
                return None
            if any(role is Role.FOUND for _, role in self.line(number)):
                return number
        return None

    def _record_laid_out_anew(self) -> None:
        self._wanted = None
        self._look_again()

    def _look_again(self) -> None:
        """Look for the text in the record of now, portion by portion."""
        self.workers.cancel_group(self, "search")
        if self._found is None or self.shown is None:
            self.set_foot(())
            return
        tree = self.shown.tree
        by_line = self._as_json or tree is None
        matches = self._found.pattern.search
        self._found.look_in(
            self._lines_with() if by_line or tree is None else tree.search(lambda text: matches(text) is not None)
        )
        self._look()

    def _lines_with(self) -> Iterator[Address | None]:
        """The lines of the JSON that match; lines that are not made yet are waited for."""
        number = self._rows.head
        while self._found is not None and (number < len(self._rows) or not self._laid_out):
            if number < len(self._rows):
                found = self._found.pattern.search(plain(self._rows[number].line))
                number += 1
                yield (number - 1,) if found else None
            else:
                yield None

    @work(group="search", exclusive=True)
    async def _look(self) -> None:
        while (found := self._found) is not None:
            more = found.look_on(_SEARCHED_AT_ONCE)
            if self._jump and (place := found.first_from(self._search_began)) is not None:
                self._jump = False
                self._go_to(place)
            self._say_found()
            if not more:
                return
            await sleep(0)

    def _say_found(self) -> None:
        self.set_foot(() if self._found is None else self._found.words(self._place))

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        """Which of the places it is."""
        super().watch_cursor(old, new)
        self._say_found()

    def _go_to(self, place: Address) -> None:
        """Put the cursor on a place: unfold what it is in, and wait for its lines if they are not made yet."""
        self._wanted = None
        detail = self.shown
        if not place or detail is None:
            self.cursor = self._nearest(min(self._search_row or 0, len(self._rows) - 1), -1) or 0
        elif self._as_json or detail.tree is None:
            self.cursor = min(place[0], len(self._rows) - 1)
        else:
            for depth in range(1, len(place)):
                node = detail.tree.at(place[:depth], folded=self._folded)
                if node.folded:
                    self._fold(node, fold=False)
            self._wanted = place
            self._rows_added()

    def _rows_added(self) -> None:
        if self._wanted is None or (row := self._first_row(self._wanted)) is None:
            return
        self._wanted = None
        # Its line may be below those that the scroll bar knows of.
        self.recount()
        self.cursor = row
        if not any(role is Role.FOUND for _, role in self.line(row)) and (further := self._found_in_value(1)):
            self.cursor = further
