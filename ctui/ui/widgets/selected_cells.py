"""The cells of lines that are selected with the mouse. An offset of a selection is a cell and the number of a line."""

from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

MOST_SELECTED = 10_000
"""Lines of a selection at most."""


def selected_lines(selection: Selection, count: int) -> range:
    """The numbers of the lines, of so many, in which something is selected."""
    first = 0 if selection.start is None else max(0, selection.start.y)
    last = count - 1 if selection.end is None else min(selection.end.y, count - 1)
    return range(first, min(last + 1, first + MOST_SELECTED))


def selected_text(strip: Strip, selection: Selection, number: int) -> str:
    """What the selected cells of a line show, without the blanks at its end."""
    start, end = _span(strip, selection, number)
    return "".join(segment.text for segment in strip.crop(start, end)).rstrip()


def highlighted(strip: Strip, selection: Selection, number: int) -> Strip:
    """A line with its selected cells in exchanged colors, which every terminal can show."""
    start, end = _span(strip, selection, number)
    if start >= end:
        return strip
    reversed_cells = strip.crop(start, end).apply_style(Style(reverse=True))
    return Strip.join((strip.crop(0, start), reversed_cells, strip.crop(end)))


def _span(strip: Strip, selection: Selection, number: int) -> tuple[int, int]:
    if (span := selection.get_span(number)) is None:
        return 0, 0
    start, end = span
    return start, strip.cell_length if end < 0 else min(end, strip.cell_length)
