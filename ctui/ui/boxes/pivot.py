"""The pivot menu: the values of an event, each with the number of loaded events that it has."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList, Static

from ctui.core.rows.row_counts import MOST_BY_RECORD, RowCounts
from ctui.errors import CtuiError
from ctui.model.filter.editing.pivots import Pivot, PivotHow
from ctui.render.panes.pivot_menu import counted_line, number_text, pivot_line
from ctui.render.roles import Line, Role
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.forms.parts import content

_TITLES = {
    PivotHow.REPLACE: "Show events with the same",
    PivotHow.ADD: "Add to the filter",
    PivotHow.EXCLUDE: "Exclude from the filter",
}
_KEYS = {
    PivotHow.REPLACE: "enter search · + add · - exclude · esc cancel",
    PivotHow.ADD: "enter add · esc cancel",
    PivotHow.EXCLUDE: "enter exclude · esc cancel",
}


class PivotChoice(NamedTuple):
    """What was chosen, and what it does with the line."""

    pivot: Pivot
    how: PivotHow


class PivotScreen(ListBox[PivotChoice]):
    """Ends with what was chosen, or None. A letter chooses at once; + and - change what choosing does."""

    MOST_CELLS = 64
    OTHER_LINES = 1
    DEFAULT_CSS = "PivotScreen #counted { height: 1; padding: 0 1; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "how('ADD')", "add", show=False),
        Binding("minus", "how('EXCLUDE')", "exclude", show=False),
    ]

    def __init__(
        self,
        pivots: Sequence[Pivot],
        counts: Callable[[], AsyncIterator[RowCounts]],
        loaded: Callable[[], tuple[int, bool]],
        absent: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`counts` counts the events of each pivot; `loaded` returns how many events are loaded, and if there are
        more. `absent`: what letters stand for that have no value here."""
        super().__init__()
        self._pivots = tuple(pivots)
        self._counts = counts
        self._loaded = loaded
        self._absent = absent
        self._how = PivotHow.REPLACE
        none = len(self._pivots)
        self._counted = RowCounts(0, (0,) * none, (False,) * none, complete=False)

    def body(self) -> ComposeResult:
        """The values, and below them how many events the numbers are of."""
        yield OptionList(*self._lines(), id="values", markup=False)
        yield Static(id="counted", markup=False)

    def opened(self) -> None:
        """Show the values at once, and count."""
        self._show()
        self.run_worker(self._count(), group="counts", exclusive=True)

    def on_resize(self) -> None:
        """Lines are as wide as the box."""
        self._show()

    async def _count(self) -> None:
        try:
            async for counted in self._counts():
                self._counted = counted
                self._show()
        except CtuiError as problem:
            self._say_counted(((f"not counted: {problem.title}", Role.WARNING),))

    def _show(self) -> None:
        self.say(_TITLES[self._how], _KEYS[self._how])
        for place, line in enumerate(self._lines()):
            self.options.replace_option_prompt_at_index(place, line)
        loaded, more = self._loaded()
        counted = self._counted
        bound = 0 if all(counted.exact) else MOST_BY_RECORD
        self._say_counted(
            counted_line(
                counted.rows or loaded, complete=counted.complete, bound=bound, more=more or counted.rows < loaded
            )
        )

    def _say_counted(self, line: Line) -> None:
        self.query_one("#counted", Static).update(content((line,)))

    def _lines(self) -> list[Content]:
        cells = self.line_cells
        counted = self._counted
        return [
            content(
                (
                    pivot_line(
                        pivot.letter,
                        pivot.label,
                        pivot.text,
                        number_text(number, exact=exact, complete=counted.complete),
                        cells,
                        possible=self._is_possible(pivot),
                    ),
                )
            )
            for pivot, number, exact in zip(self._pivots, counted.matching, counted.exact, strict=True)
        ]

    def _is_possible(self, pivot: Pivot) -> bool:
        return pivot.term is not None or self._how is not PivotHow.EXCLUDE

    # What the person does.

    def on_key(self, event: Key) -> None:
        """A letter chooses its value."""
        for pivot in self._pivots:
            if event.character and event.character == pivot.letter:
                event.stop()
                self._choose(pivot)
                return
        if event.character is not None and (label := self._absent.get(event.character)):
            event.stop()
            self._say_counted(((f"this event has no {label}", Role.WARNING),))

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        self._choose(self._pivots[message.option_index])

    def _choose(self, pivot: Pivot) -> None:
        if self._is_possible(pivot):
            self.dismiss(PivotChoice(pivot, self._how))
        else:
            self._say_counted((("a time range cannot be excluded", Role.WARNING),))

    def action_how(self, name: str) -> None:
        """What choosing does; the same key again takes it back."""
        how = PivotHow[name]
        self._how = PivotHow.REPLACE if how is self._how else how
        self._show()
