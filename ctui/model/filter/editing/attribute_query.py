"""A filter line as the API has it: one attribute, its value, from and to. The form edits this."""

from dataclasses import field, replace

from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import value_fields
from ctui.model.filter.selection import attributes_of, clauses_of, term_of
from ctui.model.filter.syntax.names import expands
from ctui.model.filter.terms import AllOf, AnyOf, Filter, Term
from ctui.model.filter.write import quoted, unquoted
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.lookup.timespan import Timespan, ends_of, parse_timespan
from ctui.model.rules.validate import validate_attribute
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class AttributeQuery:
    """The form's fields as they are typed, valid or not, and the rest of the filter line."""

    key: AttributeKey | None
    """The attribute, or None for every event."""
    value: str
    """The value; a source can be short, or in quotes to be taken literally."""
    since: str
    """An age or a time; "" for the start of history."""
    until: str
    """An age or a time; "" for now."""
    line: Filter = field(default_factory=Filter)
    """What the form does not show, which is kept, and the range as the line names it."""
    place: int = 0
    """The index among the line's terms at which the attribute belongs."""
    timespan: Timespan | None = None
    """The range with which the form was opened; None if it is not known."""

    @classmethod
    def of(cls, line: Filter, timespan: Timespan) -> "AttributeQuery":
        """The first term with one value that the API can select by, among those that must all match, and the range."""
        since, until = _ends_of(timespan)
        attributes = ((place, _attribute_of(term)) for place, term in enumerate(line.terms))
        place, shown = next(((place, one) for place, one in attributes if one is not None), (0, None))
        if shown is None:
            return cls(None, "", since, until, line, 0, timespan)
        rest = replace(line, terms=(*line.terms[:place], *line.terms[place + 1 :]))
        value = shown.value
        if _suffix(shown.key) and (expands(value) or unquoted(value) is not None):
            value = quoted(value)
        return cls(shown.key, value, since, until, rest, place, timespan)

    @property
    def beyond_form(self) -> Filter:
        """What the line asks the service for and the form cannot show: several values, or several attributes."""
        return Filter(tuple(term for term in self.line.terms if clauses_of(Filter((term,)))))

    @property
    def filtered_here(self) -> Filter:
        """What the service cannot select by."""
        return Filter(tuple(term for term in self.line.terms if not clauses_of(Filter((term,)))))

    @property
    def sent_value(self) -> str:
        """The value to send: a source is completed as in the line, unless it is in quotes."""
        suffix = "" if self.key is None else _suffix(self.key)
        if not suffix or not self.value:
            return self.value
        literal = unquoted(self.value)
        if literal is not None:
            return literal
        return self.value + suffix if expands(self.value) else self.value

    def errors(self) -> dict[str, str]:
        """What is wrong, by field ("value", "since", "until"); {} if the query is valid."""
        errors: dict[str, str] = {}
        if self.key is not None:
            finding = validate_attribute(self.key, self.sent_value)
            if not finding.ok:
                errors["value"] = finding.reason
        since, until = self.since, self.until
        for name, moment, text in (("since", since, f"{since}..now"), ("until", until, f"..{until}")):
            if reason := moment and (_two_moments(moment) or _range_error(text)):
                errors[name] = reason
        # If both are valid but in the wrong order, the second one gets the error.
        both = since and until and not errors.keys() & {"since", "until"}
        if both and (reason := _range_error(f"{since}..{until}")):
            errors["until"] = reason
        return errors

    def parsed(self) -> tuple[Filter, Timespan]:
        """The line and the range. Raises ValueError if `errors` has any.

        A range that was not changed stays where it was, in the line or next to it; another one is not in the line.
        """
        terms = list(self.line.terms)
        if self.key is not None:
            terms.insert(self.place, term_of((LookupAttribute(self.key, self.sent_value),)))
        if self.timespan is not None and (self.since, self.until) == _ends_of(self.timespan):
            return replace(self.line, terms=tuple(terms)), self.timespan
        return Filter(tuple(terms)), self.range

    @property
    def range(self) -> Timespan:
        """The range from one time to the other. Raises ValueError if `errors` has one of them."""
        return parse_timespan(f"{self.since}..{self.until}" if self.until else self.since or "all")


def _attribute_of(term: Term) -> LookupAttribute | None:
    """The attribute of a term that the form can show, or None."""
    if isinstance(term, AnyOf | AllOf) or len(attributes := attributes_of(term)) != 1:
        return None
    return attributes[0]


def _ends_of(timespan: Timespan) -> tuple[str, str]:
    """From and To as the form has them."""
    if timespan.start is None and timespan.end is None:
        return "", ""
    since, _, until = (part.strip() for part in timespan.text.partition(".."))
    return since, "" if until.lower() == "now" else until


def _suffix(key: AttributeKey) -> str:
    """What completes a bare value of this attribute, or "" if nothing does."""
    return next((field.suffix for field in value_fields() if field.attribute is key), "")


def _two_moments(word: str) -> str:
    """An error if the field contains a range instead of one time; else ""."""
    if (ends := ends_of(word)) is None:
        return ""
    instead = " and ".join(f"{end} in {at}" for at, end in zip(("From", "To"), ends, strict=True) if end)
    return f"One time only{f': write {instead}' if instead else ''}"


def _range_error(text: str) -> str:
    """Why a range is not valid; "" if it is."""
    try:
        parse_timespan(text)
    except ValueError as error:
        return str(error)
    return ""
