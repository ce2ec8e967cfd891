"""Which rows of a growing list have come above what a person has seen of it."""

from ctui.ui.widgets.headings import DatedRows


class NewestSeen:
    """Remembers the first row of a list as it was when that was in sight last."""

    def __init__(self) -> None:
        self._row_id: int | None = None

    def forget(self) -> None:
        """The list holds other rows."""
        self._row_id = None

    def look(self, rows: DatedRows, *, at_top: bool) -> None:
        """These rows are shown; `at_top`: from the first one on."""
        if len(rows.ids) and (at_top or self._row_id is None):
            self._row_id = rows.ids[0]

    def above(self, rows: DatedRows, first_in_sight: int) -> int:
        """How many rows above the first one in sight have come since."""
        return 0 if self._row_id is None else min(first_in_sight, rows.index_of(self._row_id) or 0)
