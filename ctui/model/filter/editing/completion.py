"""Completions at the cursor of a filter line, and the line with one inserted."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ctui.model.event.event import Event
from ctui.model.event.record import RECORD_KEYS, decode_record
from ctui.model.filter.editing.cursor import CursorContext, Slot
from ctui.model.filter.fields import FIELDS, SINCE, UNTIL, ValueField, value_field
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.predicate import field_values
from ctui.model.filter.syntax.names import FIELD, expands
from ctui.model.filter.write import write_pattern, write_value
from ctui.model.lookup.moment import DAY_WORDS, WEEKDAYS
from ctui.model.lookup.timespan import parse_timespan
from ctui.model.values import dataclass

PATHS = "."
"""Stands for "the paths of the stored records" where a field's name is expected."""
MOST = 40
"""The most completions at one time."""
_LONGEST_VALUE = 2000
"""Characters of the longest value that is offered; a line has room for five of them."""
_TIMES = (*SINCE.values, *DAY_WORDS, *(day[:3] for day in WEEKDAYS))
"""What times can be completed with."""
_OBJECTS = frozenset(
    (
        "additionalEventData", "addendum", "edgeDeviceDetails", "eventContext", "insightDetails", "requestParameters",
        "responseElements", "serviceEventDetails", "tlsDetails", "userIdentity",
    )
)  # fmt: skip
"""Keys of a record whose values are objects, so that a path continues after them."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion."""

    text: str
    """The text to show: recorded, so hostile until cleaned."""
    insertion: str
    """The text to insert into the line."""
    count: int = 0
    """How many events have the value; 0 if that does not apply."""


def paths_of(event: Event) -> Iterator[str]:
    """The dotted paths of the values in an event's record, as they can be typed; a list counts as all its items."""
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
    """The field whose recorded values complete the text at the cursor, or `PATHS`; "" if none do."""
    field = context.field
    if context.slot is Slot.FIELD:
        return PATHS if _is_path(context.typed) else ""
    if context.slot is not Slot.VALUE:
        return ""
    return field if value_field(field) is not None or "." in field or field in RECORD_KEYS else ""


def recorded_values(field: str, event: Event, region: str) -> Iterable[str]:
    """The values of an event that complete a field (`field_to_complete`): of `PATHS` the paths in its record."""
    return paths_of(event) if field == PATHS else field_values(field, event, region)


def completions_at(context: CursorContext, values: Sequence[tuple[str, int]]) -> tuple[Completion, ...]:
    """The completions at the cursor; `values` are the recorded values of its field, most frequent first.

    Texts that start with the typed text come before texts that only contain it. Case is ignored.
    """
    if context.slot is Slot.FIELD:
        return _names_at(context, values) if context.typed else ()
    if context.slot is not Slot.VALUE:
        return ()
    if context.field in (SINCE.name, UNTIL.name):
        return _fitting([Completion(text, text) for text in _times_at(context)], context.typed)
    if (row := FIELDS.get(context.field)) is not None and row.values:
        return _fitting([Completion(text, text) for text in row.values], context.typed)
    field = value_field(context.field)
    if field is not None and (last := field.offered_last) is not None:
        values = sorted(values, key=lambda pair: last.match(pair[0]) is not None)
    shown = [Completion(_shown(text, field), text, count) for text, count in values if len(text) <= _LONGEST_VALUE]
    return tuple(replace(one, insertion=_written(one, field)) for one in _fitting(shown, context.typed))


def insert_completion(line: str, context: CursorContext, offer: Completion) -> tuple[str, int]:
    """The line with the completion in place of the typed text, and the new position of the cursor.

    A completion that ends with a blank takes the one that is there.
    """
    end = context.end + (offer.insertion.endswith(" ") and line[context.end : context.end + 1] == " ")
    return line[: context.start] + offer.insertion + line[end:], context.start + len(offer.insertion)


def _is_path(typed: str) -> bool:
    return "." in typed and FIELD.fullmatch(f"{typed.rstrip('.')}:") is not None


def _names_at(context: CursorContext, values: Sequence[tuple[str, int]]) -> tuple[Completion, ...]:
    """What a term or an operator can start with."""
    if _is_path(context.typed):
        names = [Completion(f"{path}:", f"{path}:", count) for path, count in values]
    else:
        texts = [f"{name}:" for name in FIELDS]
        texts += [f"{key}." if key in _OBJECTS else f"{key}:" for key in sorted(RECORD_KEYS)]
        names = [Completion(text, text) for text in texts]
        operators = [Completion(text, f"{text} ") for text in context.operators]
        # Who types capitals means an operator.
        names = [*operators, *names] if context.typed.isupper() else [*names, *operators]
    return _fitting(names, context.typed, lambda typed, text: text.startswith(typed))


def _times_at(context: CursorContext) -> Iterator[str]:
    """Times that can be typed here, in a range those that do not end before it starts."""
    for text in ("now", *_TIMES) if context.field == UNTIL.name else _TIMES:
        try:
            parse_timespan(f"{context.range_start}..{text}" if context.field == UNTIL.name else text)
        except ValueError:
            continue
        yield text


def _fitting(
    offers: Sequence[Completion], typed: str, fits: Callable[[str, str], bool] = lambda typed, text: typed in text
) -> tuple[Completion, ...]:
    word = typed.casefold()
    found = [offer for offer in offers if fits(word, offer.text.casefold())]
    first = [offer for offer in found if offer.text.casefold().startswith(word)]
    rest = [offer for offer in found if not offer.text.casefold().startswith(word)]
    # What is already typed is not a completion.
    return () if [offer.text for offer in found] == [typed] else tuple((*first, *rest)[:MOST])


def _shown(text: str, field: ValueField | None) -> str:
    """The value as people call it: without the field's suffix, if the line adds that suffix again."""
    if field is None or not field.suffix:
        return text
    short = text.removesuffix(field.suffix)
    plain = short != text and expands(short) and write_value(short) == short and short.isprintable()
    return short if plain else text


def _written(offer: Completion, field: ValueField | None) -> str:
    return offer.text if offer.text != offer.insertion else _safely(offer.insertion, field)


def _safely(text: str, field: ValueField | None) -> str:
    """The value as it can be typed; a wildcard replaces characters that cannot be, such as an escape."""
    parts = [""]
    for char in text:
        if char == " " or unicodedata.category(char)[0] not in "CZ":
            parts[-1] += char
        elif len(parts) == 1 or parts[-1]:
            parts.append("")
    return write_pattern(Pattern(tuple(parts)), field.name if field is not None else None)
