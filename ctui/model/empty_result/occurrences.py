"""Where an event has the value of a leaf instead: in another field or path, in a longer form, or spelled otherwise.

The screen shows some values in a shorter form than their field has: the role in brackets after the session, the last
part of an ARN, `autoscaling` for a service's host name, an error without "Exception", "+2" after a resource. Typed into
the line, such a value matches nothing, and after a dash it hides nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ctui.model.empty_result.finding import FindingKind, Occurrence
from ctui.model.event.event import Event
from ctui.model.event.mfa import Mfa
from ctui.model.event.names import AMAZON
from ctui.model.event.record import decode_record, text
from ctui.model.filter.editing.completion import paths_of
from ctui.model.filter.fields import (
    ABOUT,
    AGENT,
    ERROR,
    IP,
    MFA,
    RESOURCE,
    ROLE,
    SESSION,
    USER,
    ValueField,
    value_fields,
)
from ctui.model.filter.matching.addresses import AddressRange, address_of, parse_range
from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.predicate import field_values, value_test
from ctui.model.filter.terms import CompareTerm, FieldTerm, Leaf, PathTerm, WordTerm, any_of

_SHOWN_TOGETHER = (re.compile(r"(.+) \((.+)\)", re.DOTALL), re.compile(r"(.+) \+\d+", re.DOTALL))
"""A session with its role in brackets; a resource with the number of further ones."""
_KEY = re.compile(r"[A-Za-z_@][\w@$-]*")
_WORDS = {"userIdentity.arn": "part of the caller's ARN"}
"""What people call a path of the record, the best known first."""
_LONG_TEXTS = (ERROR, AGENT)
"""Fields whose values are long, so that people type a part of one."""
_MISTAKEN = (USER, ROLE, SESSION)
"""Fields of names that are taken for each other."""
SERVICES = FieldTerm(IP, (Pattern(("", AMAZON)),))
"""Matches the names of services in the place of an address."""
ANY_ADDRESS = FieldTerm(IP, (AddressRange("0.0.0.0/0"), AddressRange("::/0")))
"""Matches every address."""


def occurrences(leaf: Leaf, event: Event, region: str) -> Iterator[Occurrence]:
    """The terms that match what this event has of a leaf's value. Never raises."""
    if isinstance(leaf, WordTerm):
        yield from _in_network(leaf, event, region)
    elif isinstance(leaf, FieldTerm) and names_network(leaf):
        yield from _of_service(leaf, event, region)
    elif isinstance(leaf, FieldTerm) and leaf.field is MFA:
        yield from _unknown_mfa(leaf, event, region)
    elif isinstance(leaf, FieldTerm | PathTerm) and compares_whole(leaf):
        yield from _whole_value(leaf, event, region)
    if isinstance(leaf, FieldTerm) and leaf.field in _LONG_TEXTS:
        yield from _part(leaf, event, region)
    if isinstance(leaf, PathTerm | CompareTerm):
        yield from _similar_paths(leaf, event)


def is_explained(leaf: Leaf) -> bool:
    """True if `occurrences` can find something for this leaf."""
    part = isinstance(leaf, FieldTerm) and leaf.field in _LONG_TEXTS and len(leaf.one_of) == 1
    path = isinstance(leaf, PathTerm | CompareTerm)
    return part or path or compares_whole(leaf) or names_network(leaf) or network_of(leaf) is not None


def compares_whole(leaf: Leaf) -> bool:
    """True for a leaf that compares one whole value with letter case."""
    return (
        isinstance(leaf, FieldTerm | PathTerm)
        and not leaf.ignore_case
        and len(leaf.patterns) == len(leaf.one_of) == 1
        and leaf.patterns[0].exact
    )


def names_network(leaf: Leaf) -> bool:
    """True for `ip:` with a network or a range of addresses."""
    return isinstance(leaf, FieldTerm) and len(leaf.patterns) < len(leaf.one_of)


def network_of(leaf: Leaf) -> FieldTerm | None:
    """The term that a bare word was meant as, if each of its texts is a network or a range of addresses."""
    if not isinstance(leaf, WordTerm):
        return None
    ranges = []
    for pattern in leaf.one_of:
        try:
            found = parse_range(pattern.parts[0]) if pattern.exact else None
        except ValueError:
            found = None
        if found is None:
            return None
        ranges.append(found)
    return FieldTerm(IP, tuple(ranges), leaf.negated)


def searched_fields() -> tuple[ValueField, ...]:
    """The fields that are searched for a value that another field lacks, the likeliest first."""
    fields = (field for field in value_fields() if field.search_order)
    return tuple(sorted(fields, key=lambda field: field.search_order))


def _kind(leaf: Leaf) -> FindingKind:
    return FindingKind.HIDES_NOTHING if leaf.negated else FindingKind.OCCURS


def _in_network(leaf: WordTerm, event: Event, region: str) -> Iterator[Occurrence]:
    """A bare word that is a network. Its negation as one hides what is no address too, and so any event may change."""
    if (term := network_of(leaf)) is None:
        return
    if leaf.negated:
        yield Occurrence(leaf, _kind(leaf), 0, term, "without ip: a network is a text, with it it hides")
    elif any(map(value_test(term), field_values(IP.name, event, region))):
        yield Occurrence(leaf, _kind(leaf), 0, term, "without ip: a network is a text; its addresses occur in")


def _of_service(leaf: FieldTerm, event: Event, region: str) -> Iterator[Occurrence]:
    """An event that has the name of a service in the place of an address."""
    if any(map(value_test(SERVICES), field_values(IP.name, event, region))):
        if leaf.negated:
            term, rest = any_of((leaf, SERVICES)), " of services, whose names are no addresses"
            yield Occurrence(leaf, FindingKind.HIDES_SERVICES, 0, term, "also hides", rest)
        else:
            words = "only names of services, which are no addresses, in"
            yield Occurrence(leaf, FindingKind.OCCURS, 0, SERVICES, words)


def _unknown_mfa(leaf: FieldTerm, event: Event, region: str) -> Iterator[Occurrence]:
    """An event that does not know whether MFA was used, for a leaf that asks whether it was."""
    unknown = FieldTerm(MFA, (Pattern((Mfa.UNKNOWN,)),))
    if not leaf.negated and unknown.one_of != leaf.one_of and Mfa.UNKNOWN in field_values(MFA.name, event, region):
        yield Occurrence(leaf, FindingKind.OCCURS, 0, unknown, "MFA is unknown, as for federated users and roles, in")


def _part(leaf: FieldTerm, event: Event, region: str) -> Iterator[Occurrence]:
    """A long text of the same field that contains what was typed."""
    if len(leaf.one_of) > 1:
        return
    (pattern,) = leaf.patterns
    inside = Pattern(("", *filter(None, pattern.parts), ""))
    if len(inside.parts) == 2:
        return
    whole, name = value_test(replace(leaf, ignore_case=True)), "*".join(filter(None, pattern.parts))
    for value in field_values(leaf.field.name, event, region):
        for ignore_case in (False, True):
            term = replace(leaf, one_of=(inside,), ignore_case=ignore_case)
            if not whole(value) and value_test(term)(value):
                words = f"{leaf.field.name}: contains {name} in"
                yield Occurrence(leaf, _kind(leaf), 1, term, words)


def _similar_paths(leaf: PathTerm | CompareTerm, event: Event) -> Iterator[Occurrence]:
    """Paths of the record that differ in letter case, or in what stands before the last key."""
    own = ".".join(leaf.path)
    folded, last = own.casefold(), leaf.path[-1].casefold()
    if last not in event.record.casefold() and "\\" not in event.record:
        return
    for path in dict.fromkeys(path for path in paths_of(event) if path != own):
        like = path.casefold()
        if like == folded or like.rpartition(".")[2] == last:
            words = f"{own} is recorded as {path} in" if like == folded else f"{leaf.path[-1]} is recorded at {path} in"
            yield Occurrence(leaf, _kind(leaf), int(like != folded), replace(leaf, path=tuple(path.split("."))), words)


def _whole_value(leaf: FieldTerm | PathTerm, event: Event, region: str) -> Iterator[Occurrence]:
    recorded = (event.record, *(one.name or "" for one in event.resources))
    for form in _forms(leaf.patterns[0].parts[0]):
        if leaf.negated:
            # The case may be what is wrong with it.
            near = any(form.casefold() in one.casefold() for one in recorded)
        else:
            near = any(form in one for one in recorded)
        if near or "\\" in event.record or address_of(form) is not None:
            yield from _form(leaf, form, event, region)


def _form(leaf: FieldTerm | PathTerm, form: str, event: Event, region: str) -> Iterator[Occurrence]:
    """Where this event has what is typed as `form`: in the same field, another field, or elsewhere in the record."""
    own = leaf.field.name if isinstance(leaf, FieldTerm) else ".".join(leaf.path)
    kind, negated = _kind(leaf), leaf.negated
    for value in field_values(own, event, region):
        pattern = _spelled(form, value, error=own in ("error", "errorCode"))
        if pattern is not None and not matches(leaf.patterns[0], value):
            words = f"{form} occurs as {own}: in" if form == value else f"{form} is short for {value} in"
            yield Occurrence(leaf, kind, 0, replace(leaf, one_of=(pattern,)), words)
        elif own in (IP.name, "sourceIPAddress") and value != form and _same_address(value, form):
            yield Occurrence(
                leaf, kind, 0, replace(leaf, one_of=(Pattern((value,)),)), f"{form} is recorded as {value} in"
            )
        elif (negated or own == ABOUT.name) and value != form and value.casefold() == form.casefold():
            named = "is named in" if own == ABOUT.name else f"occurs as {own}: in"
            words = f"case matters: {value} {named}"
            yield Occurrence(leaf, kind, 0, replace(leaf, one_of=(Pattern((value,)),)), words)
    if own == RESOURCE.name and not negated and form in field_values(ABOUT.name, event, region):
        words = f"{form} is named in the resources, request or response of"
        yield Occurrence(leaf, kind, 1, FieldTerm(ABOUT, (Pattern((form,)),)), words)
    searched = searched_fields()
    mistaken = [field.name for field in _MISTAKEN]
    for rank, field in enumerate(searched, 2):
        # A value that is excluded from one field is not expected in another, but a role can be taken for a user.
        expected = not negated or (own in mistaken and field.name in mistaken)
        if expected and field.name != own and form in field_values(field.name, event, region):
            term = FieldTerm(field, (Pattern((form,)),), negated)
            yield Occurrence(leaf, kind, rank, term, f"{form} occurs as {field.name}: in")
    for path, value in _leaves(decode_record(event.record)):
        pattern = _spelled(form, value, error=path == "errorCode")
        if (
            pattern is not None
            and path != own
            and (not negated or (own == USER.name and path.startswith("userIdentity.")))
        ):
            known = list(_WORDS)
            rank = len(searched) + 2 + (known.index(path) if path in known else len(known))
            words = f"{form} occurs at {path}" + (f" ({_WORDS[path]}) in" if path in _WORDS else " in")
            yield Occurrence(leaf, kind, rank, PathTerm(tuple(path.split(".")), (pattern,), negated), words)


def _same_address(one: str, other: str) -> bool:
    address = address_of(one)
    return address is not None and address == address_of(other)


def _forms(value: str) -> Iterator[str]:
    """The value, and its parts if it was typed as it is shown together with another."""
    yield value
    for pattern in _SHOWN_TOGETHER:
        if (found := pattern.fullmatch(value)) is not None:
            yield from found.groups()


def _spelled(form: str, value: str, *, error: bool) -> Pattern | None:
    """A pattern that matches the value, if the screen shows the value as `form`; else None."""
    whole = [form, form + AMAZON, f"{form}{AMAZON}.cn"]
    if error:
        whole += [f"{form}Exception", f"Client.{form}", f"Client.{form}Exception"]
    if value in whole:
        return Pattern((value,))
    found = re.search(rf"[:/]{re.escape(form)}(?:([:/])|$)", value) if value.startswith("arn:") else None
    if found is None:
        return None
    return Pattern(("", found[0], "")) if found[1] else Pattern(("", found[0]))


def _leaves(record: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Every text of a record with its dotted path, as it can be typed; a list counts as all its items."""
    waiting: list[tuple[object, str]] = [(record, "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(key, str) and _KEY.fullmatch(key):
                    waiting.append((inner, f"{path}.{key}" if path else key))
        elif isinstance(value, list):
            waiting.extend((inner, path) for inner in value)
        elif path and text(value):
            yield path, text(value)
