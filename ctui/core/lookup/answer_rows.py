"""AnswerRows: an answer's rows as a list shows them: ids in order, their times, and where one stands."""

from array import array

from ctui.core.lookup.answer import Answer


class AnswerRows:
    """The rows of an answer that grows, read-only for others."""

    def __init__(self) -> None:
        self._answer = Answer()

    @property
    def ids(self) -> "array[int]":
        """Row ids in the store, newest first."""
        return self._answer.rows.ids

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index of `ids`."""
        return self._answer.rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the count where none is."""
        return self._answer.rows.first_before(second, start)

    def index_of(self, row_id: int) -> int | None:
        """Where a row stands in `ids`, None where it does not; reads its second from the store, then searches."""
        second = self._answer.store.second(row_id) if self._answer.begun else None
        return None if second is None else self._answer.rows.index_of(row_id, second)
