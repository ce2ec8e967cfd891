"""Values of fields and paths of a few rows, read from their records off the loop."""

from collections.abc import Sequence

from ctui.core.rows.row_filter import ReadRows
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.predicate import values_of


async def row_values(
    read: ReadRows, ids: Sequence[int], fields: Sequence[str]
) -> dict[int, dict[str, tuple[str, ...]]]:
    """The values of these fields (names or dotted paths) in each of the rows that are stored. Raises StoreError.

    Those of a list are in its order.
    """

    def values(event: Event, region: str) -> dict[str, tuple[str, ...]]:
        view = RecordView(event, region)
        return {field: values_of(view, field) for field in fields}

    found: dict[int, dict[str, tuple[str, ...]]] = {}
    done = 0
    while done < len(ids):
        portion = await read.evaluate(ids[done:], values)
        found |= {ids[done + index]: result for index, result in portion.results}
        done += portion.scanned
    return found
