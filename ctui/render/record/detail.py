"""One event in the detail pane: the head, and below it the record as a tree or as JSON."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import chain, islice

from ctui.model.event.event import Event
from ctui.model.event.record_tree import Address, Node, Path, RecordTree, RecordValue
from ctui.model.event.summary import Summary
from ctui.model.filter.sightings import FirstTimes
from ctui.model.log_files.tree_state import FilePlace
from ctui.model.values import dataclass
from ctui.render.panes.pane_title import detail_title
from ctui.render.record.detail_head import detail_head, file_facts, first_facts, head_facts, mark_facts, scope_facts
from ctui.render.record.record_tree import mark_node, node_lines
from ctui.render.roles import Line
from ctui.render.text.marks import Marking, mark_line, no_marks
from ctui.render.text.record_text import copy_text, record_lines

__all__ = ["DetailRow", "EventDetail", "MarkedLines", "detail_head"]

_MOST_PARTS = 200
"""Lines of one node that are marked as a whole: a text of a megabyte has thousands, of which few are in sight."""


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A line of the pane, and what of the event it shows."""

    line: Line
    address: Address | None = None
    """Its node in the record's tree; None in the head and in JSON."""
    part: int = 0
    """Which of the node's lines it is, from 0."""
    value: RecordValue | None = None
    """The value that a line of the head is about."""


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event as its pane shows it. Title, head, record and what is copied are all made of this one value."""

    row_id: int
    event: Event
    summary: Summary
    zone: tzinfo | None
    """The person's time zone; None for the machine's."""
    mark: tuple[datetime, str] | None = None
    """When a person marked the event, and the note, which may be empty; None if it is not marked."""
    first: FirstTimes | None = None
    """Of what the event is the first sighting in the store; None if of nothing, or while that is not known."""
    other: datetime | None = None
    """When the other event of an Insights event's pair is; None if it is not stored, or while that is not known."""

    found_in: tuple[str, ...] = ()
    """In which accounts or Regions it was found, by name, if it was in several."""
    file: FilePlace | None = None
    """In which log file its record stands; None if the service has returned it."""

    @property
    def of_store(self) -> tuple[object, ...]:
        """What the store says besides the event."""
        return (self.mark, self.first, self.other, self.found_in)

    @property
    def title(self) -> Line:
        """What the pane's border says of it."""
        return detail_title(self.summary)

    @property
    def tree(self) -> RecordTree | None:
        """The record as a tree, or None if it is no JSON."""
        return _tree_of(self.event.body)

    def rows(self, width: int, *, as_json: bool, folded: Collection[Path]) -> Iterator[DetailRow]:
        """Head, an empty line and the record in `width` cells, safe to draw, each line made when it is asked for.

        `folded`: the paths of the tree whose children are left out.
        """
        sentence, *facts = head_facts(self.event, self.summary, self.zone, self.other)
        of_store = (*mark_facts(self.mark), *first_facts(self.first), *scope_facts(self.found_in))
        facts += file_facts(self.file)
        head = (DetailRow(line, value=fact.value) for fact in (sentence, *of_store, *facts)
                for line in fact.lines(width))  # fmt: skip
        body: Iterator[DetailRow]
        if as_json or self.tree is None:
            body = (DetailRow(line) for line in record_lines(self.event.body, width))
        else:
            body = self.rows_from((0,), width, folded=folded)
        return chain(head, (DetailRow(()),), body)

    def rows_from(self, start: Address, width: int, *, folded: Collection[Path]) -> Iterator[DetailRow]:
        """The lines of the tree from a node on, which can be one behind the last child of its parent."""
        tree = self.tree
        for node in () if tree is None else tree.nodes(start, folded=folded):
            for part, line in enumerate(self.node_lines(node, width)):
                yield DetailRow(line, node.address, part)

    def node_lines(self, node: Node, width: int) -> Iterator[Line]:
        """The lines of one node, without marks."""
        return node_lines(node, self._happened, width)

    @property
    def copied(self) -> str:
        """The record as it is copied: indented, pure ASCII."""
        return copy_text(self.event.body)

    @property
    def _happened(self) -> datetime | None:
        return self.event.time if self.event.timed else None


class MarkedLines:
    """The lines in sight with marks, each node's made once. Marks move no line break."""

    def __init__(
        self,
        detail: EventDetail | None = None,
        folded: Collection[Path] = (),
        width: int = 0,
        marking: Marking = no_marks,
    ) -> None:
        self._tree = None if detail is None else detail.tree
        self._detail = detail
        self._folded = folded
        self._width = width
        self._marking = marking
        self._known: dict[Address, Sequence[Line]] = {}

    def line(self, row: DetailRow) -> Line:
        """A row's line with the marks of its node, or of the line alone where it has none or very many lines."""
        if self._marking is no_marks:
            return row.line
        if row.address is None or row.part >= _MOST_PARTS or self._tree is None or self._detail is None:
            return mark_line(row.line, self._marking)
        lines = self._known.get(row.address)
        if lines is None:
            node = self._tree.at(row.address, folded=self._folded)
            drawn = list(islice(self._detail.node_lines(node, self._width), _MOST_PARTS))
            lines = self._known[row.address] = mark_node(node, drawn, self._marking)
        return lines[row.part]


@lru_cache(maxsize=2)
def _tree_of(record: str) -> RecordTree | None:
    # The next event often comes while this one is still drawn.
    try:
        return RecordTree(record)
    except ValueError:
        return None
