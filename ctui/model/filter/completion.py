"""What a filter line offers at its cursor, and the line with an offer put in."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ctui.model.event.event import Event
from ctui.model.event.record import decode_record
from ctui.model.filter.cursor import CursorContext, Slot
from ctui.model.filter.fields import FIELDS, RECORD_KEYS, ValueField, value_field
from ctui.model.filter.parse import FIELD
from ctui.model.filter.terms import Pattern
from ctui.model.filter.write import expands, write_pattern, write_value

PATHS = "."
"""Stands for the paths of the records seen, where their values stand for a field's."""
MOST = 40
"""Offers made at once; more are of no help."""
_LONGEST_VALUE = 2000
"""Characters of a value that is offered: a line has room for five such."""
_OBJECTS = frozenset(
    (
        "additionalEventData", "addendum", "edgeDeviceDetails", "eventContext", "insightDetails", "requestParameters",
        "responseElements", "serviceEventDetails", "tlsDetails", "userIdentity",
    )
)  # fmt: skip
"""Keys of a record behind which a path goes on."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on."""

    text: str
    """What it is, to be shown: recorded, so hostile until cleaned."""
    insertion: str
    """What goes into the line."""
    count: int = 0
    """How often the value was seen; 0 where that means nothing."""


def paths_of(event: Event) -> Iterator[str]:
    """The dotted paths to the values of an event's record, as they can be typed; lists are passed through."""
    waiting: list[tuple[object, str]] = [(decode_record(event.record), "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((inner, f"{path}.{key}" if path else key) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((inner, path) for inner in value)
        elif value is not None and FIELD.fullmatch(f"{path}:"):
            yield path


def field_to_complete(context: CursorContext) -> str:
    """The field whose recorded values are wanted at this place, or `PATHS`; "" where none are."""
    field = context.field
    if context.slot is Slot.FIELD:
        return PATHS if "." in context.typed else ""
    if context.slot is not Slot.VALUE:
        return ""
    return field if value_field(field) is not None or "." in field or field in RECORD_KEYS else ""


def completions_at(context: CursorContext, values: Sequence[tuple[str, int]]) -> tuple[Completion, ...]:
    """What could be typed at this place; `values` are those seen of its field, most frequent first.

    What begins with the typed text goes before what only holds it, upper and lower case being the same here.
    """
    if context.slot is Slot.FIELD:
        if not context.typed:
            return ()
        if "." in context.typed:
            names = [(f"{path}:", count) for path, count in values]
        else:
            names = [(f"{name}:", 0) for name in FIELDS]
            names += [(f"{key}." if key in _OBJECTS else f"{key}:", 0) for key in sorted(RECORD_KEYS)]
        found = [Completion(text, text, count) for text, count in names]
        return _fitting(found, context.typed, lambda typed, text: text.startswith(typed))
    if context.slot is not Slot.VALUE:
        return ()
    if (row := FIELDS.get(context.field)) is not None and row.values:
        return _fitting([Completion(text, text) for text in row.values], context.typed)
    field = value_field(context.field)
    shown = [Completion(_shown(text, field), text, count) for text, count in values if len(text) <= _LONGEST_VALUE]
    return tuple(replace(one, insertion=_written(one, field)) for one in _fitting(shown, context.typed))


def insert_completion(line: str, context: CursorContext, offer: Completion) -> tuple[str, int]:
    """The line with the offer in the place of what was typed there, and where the cursor then stands."""
    return line[: context.start] + offer.insertion + line[context.end :], context.start + len(offer.insertion)


def _fitting(
    offers: Sequence[Completion], typed: str, fits: Callable[[str, str], bool] = lambda typed, text: typed in text
) -> tuple[Completion, ...]:
    word = typed.casefold()
    found = [offer for offer in offers if fits(word, offer.text.casefold())]
    first = [offer for offer in found if offer.text.casefold().startswith(word)]
    rest = [offer for offer in found if not offer.text.casefold().startswith(word)]
    # What stands there already is no offer.
    return () if [offer.text for offer in found] == [typed] else tuple((*first, *rest)[:MOST])


def _shown(text: str, field: ValueField | None) -> str:
    """The value as people call it: a source without its ending, where the line completes it to just that again."""
    if field is None or not field.suffix:
        return text
    short = text.removesuffix(field.suffix)
    plain = short != text and expands(short) and write_value(short) == short and short.isprintable()
    return short if plain else text


def _written(offer: Completion, field: ValueField | None) -> str:
    return offer.text if offer.text != offer.insertion else _safely(offer.insertion, field)


def _safely(text: str, field: ValueField | None) -> str:
    """The value as it can be typed; a wildcard stands for what no keyboard has, such as an escape character."""
    parts = [""]
    for char in text:
        if char == " " or unicodedata.category(char)[0] not in "CZ":
            parts[-1] += char
        elif len(parts) == 1 or parts[-1]:
            parts.append("")
    return write_pattern(Pattern(tuple(parts)), field.name if field is not None else None)
