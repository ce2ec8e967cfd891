"""Values of fields and paths of a few rows, read from their records off the loop."""

from collections.abc import Sequence

from ctui.core.rows.row_filter import ReadRows
from ctui.model.event.event import Event
from ctui.model.filter.fields import value_field
from ctui.model.filter.predicate import field_values


async def row_values(
    read: ReadRows, ids: Sequence[int], fields: Sequence[str]
) -> dict[int, dict[str, tuple[str, ...]]]:
    """The values of these fields (names or dotted paths) in each of the rows that are stored. Raises StoreError.

    Those of a list are in its order.
    """

    def values(event: Event, region: str) -> dict[str, tuple[str, ...]]:
        found = {field: field_values(field, event, region) for field in fields}
        # A path is followed from the last item of a list to the first.
        return {field: each if value_field(field) else each[::-1] for field, each in found.items()}

    found: dict[int, dict[str, tuple[str, ...]]] = {}
    done = 0
    while done < len(ids):
        portion = await read.evaluate(ids[done:], values)
        found |= {ids[done + index]: result for index, result in portion.results}
        done += portion.scanned
    return found
