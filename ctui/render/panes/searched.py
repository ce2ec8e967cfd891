"""What is searched, as the line under the panes says it: a range, or what the service selects by."""

from collections.abc import Sequence
from datetime import datetime

from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import FIELDS
from ctui.model.lookup.lookup import Category
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.names import service
from ctui.render.text.spans import clean, fit, join, width

LONGEST_VALUE = 16
"""Cells to which a value that the service selects by is cut before facts are left out."""
_FIELDS = {field.attribute.value: field.name for field in FIELDS.values() if field.attribute is not None}
"""How the filter line calls an attribute, which is shorter."""
_NAMED_VALUES = 3
_NAMED_KEYS = 2
"""Attributes that are named where there is no room; more of them are counted."""


def searched_forms(
    timespan: str,
    selected: Sequence[tuple[str, str]],
    now: datetime | None,
    *,
    store_only: bool,
    needs_service: bool,
    categories: Sequence[Category] = (Category.MANAGEMENT,),
) -> tuple[Line, ...]:
    """What is searched, the longest form first. `selected`: what the service selects by, as (key, value).
    `categories`: what it is asked for; only of Insights events it is said.
    """
    source: Line = (("store: ", Role.WARNING),) if store_only else ()
    if not needs_service:
        source = source or (("store: ", Role.LABEL),)
    if Category.INSIGHT in categories and not source:
        and_more = "API and Insights: " if Category.MANAGEMENT in categories else "API Insights: "
        source = ((and_more, Role.LABEL),)
    if not selected:
        brief = clean(times.shortened(timespan, now))
        return tuple((*source, *form) for form in (clean(timespan), brief, _cut(brief)))
    source = source or (("API: ", Role.LABEL),)
    values: dict[str, list[str]] = {}
    for key, value in selected:
        values.setdefault(key, []).append(service(value) if key == AttributeKey.EVENT_SOURCE else value)
    whole = _either([(*clean(f"{key}=", Role.LABEL), *_listed(some)) for key, some in values.items()])
    if len(values) == 1:
        ((key, some),) = values.items()
        forms = (whole, (*clean(f"{key}=", Role.LABEL), *_cut(_listed(some))), clean(key, Role.LABEL))
    else:
        keys = _either([((_FIELDS.get(key, key), Role.LABEL),) for key in values])
        forms = (whole, keys, keys if len(values) == _NAMED_KEYS else ((f"{len(values)} attributes", Role.LABEL),))
    return tuple((*source, *form) for form in forms)


def impossible_form(cells: int) -> Line:
    """That nothing is searched, in at most so many cells."""
    return fit((("nothing searched", Role.LABEL), (" · no event can match", Role.PLAIN)), cells)


def marked_form(timespan: str, filtered_here: Line) -> Line:
    """That all marked events of a range are looked at, without a call. `filtered_here`: what filters them, if anything
    does."""
    span = clean(timespan, Role.PLAIN)
    whole: Line = (("store: ", Role.LABEL), ("all marked events", Role.PLAIN), (" · ", Role.DIM), *span)
    return (*whole, (" · ", Role.DIM), *filtered_here) if filtered_here else whole


def _either(alternatives: Sequence[Line]) -> Line:
    return join(alternatives, " or ")


def _listed(values: Sequence[str]) -> Line:
    """ConsoleLogin,StopLogging: the first few."""
    return clean(",".join(values[:_NAMED_VALUES]) + (",…" if len(values) > _NAMED_VALUES else ""))


def _cut(line: Line) -> Line:
    return fit(line, min(width(line), LONGEST_VALUE))
