"""The head of the detail pane: an event as a sentence, and its facts, each with the value that it is about."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from ctui.model.event.event import Event
from ctui.model.event.identity import another_account, arn_parts
from ctui.model.event.kind import DATA, NETWORK
from ctui.model.event.mfa import Mfa, mfa_of
from ctui.model.event.origin import Origin, OriginKind, origin_of
from ctui.model.event.record import mapping, text
from ctui.model.event.record_tree import Path, RecordValue
from ctui.model.event.summary import Summary
from ctui.model.filter.sightings import FirstTimes, SeenWith
from ctui.model.log_files.tree_state import FilePlace
from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.names import service
from ctui.render.text.notable import notable_text
from ctui.render.text.record_text import decoded
from ctui.render.text.sentence import identity_kind, sentence
from ctui.render.text.spans import clean, fit, join, wrap
from ctui.render.text.spans import width as cells_of

_LABEL = 9
_NO_TIME: Line = (("unreadable", Role.WARNING), (" · listed at ", Role.DIM))
_WHO: tuple[Path, ...] = (
    ("userIdentity", "userName"),
    ("userIdentity", "arn"),
    ("userIdentity", "principalId"),
    ("userIdentity", "invokedBy"),
    ("userIdentity", "accountId"),
)
"""Where a record names who acted, what people search for first."""
_KEYS = {"AKIA": "long-term key ", "ASIA": "temporary key "}
"""What an access key's ID begins with (IAM user guide, "IAM identifiers", unique ID prefixes)."""
_WORDS = {SeenWith.NETWORK: "from", SeenWith.AGENT: "with", SeenWith.REGION: "in", SeenWith.SERVICE: "to"}


@dataclass(frozen=True, slots=True)
class HeadFact:
    """A fact above the record."""

    label: str
    """"" for the sentence, which takes the whole width."""
    says: Line
    value: RecordValue | None = None
    """The recorded value that it is about, or None."""
    one_line: bool = False
    """Whether it is cut at the end of the line: the record below has all of it."""

    def lines(self, width: int) -> Iterator[Line]:
        """The fact in lines of `width` cells, the label before the first."""
        if not self.label:
            yield from wrap(self.says, width)
            return
        room = max(1, width - _LABEL)
        says = fit(self.says, room) if self.one_line and cells_of(self.says) > room else self.says
        for number, line in enumerate(wrap(says, room)):
            label = "" if number else self.label.strip()
            yield (*fit(((label, Role.LABEL),), min(_LABEL, max(0, width - 1))), *line)


def detail_head(event: Event, summary: Summary, zone: tzinfo | None, width: int) -> tuple[Line, ...]:
    """All lines of the head, safe to draw in `width` cells. `zone` is the person's, the machine's own when None."""
    return tuple(line for fact in head_facts(event, summary, zone) for line in fact.lines(width))


def head_facts(
    event: Event, summary: Summary, zone: tzinfo | None, other: datetime | None = None
) -> tuple[HeadFact, ...]:
    """The sentence, when, the rate of an Insights event, why it is notable or failed, who, how they came, from where,
    on what, agent and ID. `other`: the time of the other event of an Insights event's pair, if that is known."""
    record = decoded(event.record)
    return tuple(
        fact
        for fact in (
            HeadFact("", sentence(event, summary), _value(record, ("eventName",))),
            HeadFact("When", _when(event, zone), _value(record, ("eventTime",))),
            _rate(event, summary, other),
            *_kind(record, summary),
            HeadFact("Notable", notable_text(record, summary) if summary.notable else ()),
            *_oddities(event),
            _error(record, summary),
            _who(record, summary),
            _how(record),
            _from(record, summary),
            _on(event),
            _success(record, summary),
            HeadFact("Agent", clean(text(record.get("userAgent")), Role.DIM), _value(record, ("userAgent",)), True),
            HeadFact("Event ID", clean(event.event_id, Role.DIM), _value(record, ("eventID",))),
        )
        if fact.says
    )


def _rate(event: Event, summary: Summary, other: datetime | None) -> HeadFact:
    if summary.insight is None:
        return HeadFact("Rate", ())
    from ctui.render.text.insights import rate_line  # noqa: PLC0415 - there are none of these on most screens

    return HeadFact("Rate", rate_line(event, summary.insight, other))


def _kind(record: dict[str, Any], summary: Summary) -> Iterator[HeadFact]:
    """What an event that event history does not have is, and what an aggregated one counts."""
    category = record.get("eventCategory")
    if summary.aggregate is not None:
        from ctui.render.text.aggregates import count_lines  # noqa: PLC0415 - there are none of these on most screens

        for number, line in enumerate(count_lines(summary.aggregate)):
            yield HeadFact(" " if number else "Counts", line)
    elif category == NETWORK:
        denied = text(record.get("errorCode")) == "VpceAccessDenied"
        says: Line = (("network activity", Role.PLAIN),)
        if endpoint := text(record.get("vpcEndpointId")):
            says = (*says, (" at the VPC endpoint ", Role.DIM), *clean(endpoint))
        if owner := text(record.get("vpcEndpointAccountId")):
            says = (*says, (" of account ", Role.DIM), *clean(owner))
        if denied:
            says = (*says, (" · refused by the policy of the endpoint", Role.WARNING))
        yield HeadFact("Kind", says, _value(record, ("vpcEndpointId",)))
    elif category == DATA:
        yield HeadFact("Kind", (("data event", Role.PLAIN),), _value(record, ("eventCategory",)))


def mark_facts(mark: tuple[datetime, str] | None) -> tuple[HeadFact, ...]:
    """The note that a person wrote on an event, and when it was marked; nothing if it is not marked."""
    if mark is None:
        return ()
    made, note = mark
    said = (*clean(note, Role.STRONG), (" · ", Role.DIM)) if note else ()
    return (HeadFact("Marked", (*said, (times.instant_utc(made), Role.TIME))),)


def first_facts(first: FirstTimes | None) -> tuple[HeadFact, ...]:
    """With what the caller is seen for the first time, and over how long the store can tell."""
    if first is None:
        return ()
    if not first.seconds:
        return (HeadFact("New", (("the oldest stored event: nothing before it to compare with", Role.DIM),)),)
    over = (f" in {_days(first.seconds)} of stored events", Role.DIM)
    if first.caller_is_new:
        return (HeadFact("New", (("first event of this user or role", Role.PLAIN), over)),)
    parts: list[Line] = [((f"{_WORDS[what]} ", Role.DIM), *clean(service(value))) for what, value in first.seen_with]
    return (HeadFact("New", (("first time ", Role.PLAIN), *join(parts, ", "), over)),)


def scope_facts(names: Sequence[str]) -> tuple[HeadFact, ...]:
    """In which accounts or Regions the event was found; nothing if it was in one."""
    if not names:
        return ()
    return (HeadFact("Found in", (*join(map(clean, names), ", "), (" · one event, shown once", Role.DIM))),)


def file_facts(file: FilePlace | None) -> tuple[HeadFact, ...]:
    """In which log file the record stands; nothing if it came from the service."""
    if file is None:
        return ()
    member: Line = ((" · ", Role.DIM), *clean(file.member)) if file.member else ()
    return (HeadFact("File", (*clean(file.path), *member)),)


def _days(seconds: int) -> str:
    return times.length(seconds).replace(" d", " days")


def _when(event: Event, zone: tzinfo | None) -> Line:
    instant: datetime = event.time
    line: Line = ((times.instant_utc(instant), Role.TIME),)
    if instant.astimezone(zone).utcoffset():
        line = (*line, (" · ", Role.DIM), (times.instant_local(instant, zone), Role.PLAIN), (" local", Role.DIM))
    return line if event.timed else (*_NO_TIME, *line)


def _oddities(event: Event) -> Iterator[HeadFact]:
    if event.oddity is not None:
        label, role = ("Unread", Role.WARNING) if event.oddity.lost else ("Odd", Role.PLAIN)
        for number, why in enumerate(event.oddity.reasons):
            yield HeadFact(" " if number else label, clean(why, role))


def _error(record: dict[str, Any], summary: Summary) -> HeadFact:
    if not summary.error:
        return HeadFact("Error", ())
    message = text(record.get("errorMessage"))
    said = clean(": " + message) if message and message != summary.error else ()
    return HeadFact("Error", (*clean(summary.error, Role.ERROR), *said), _value(record, ("errorCode",)))


def _success(record: dict[str, Any], summary: Summary) -> HeadFact:
    """The sentence says that it was done, so this can stand further down than why it was not."""
    if summary.error or not record.get("eventName"):
        return HeadFact("Outcome", ())
    return HeadFact("Outcome", (("succeeded", Role.PLAIN), (" · write" if summary.write else "", Role.DIM)))


def _who(record: dict[str, Any], summary: Summary) -> HeadFact:
    identity = mapping(record.get("userIdentity"))
    account = text(identity.get("accountId"))
    kind = identity_kind(record)
    parts: list[Line] = [
        clean(service(summary.user), Role.USER),
        (("role ", Role.DIM), *clean(summary.role)) if summary.role else (),
        ((kind, Role.PLAIN),) if kind and not summary.root and identity.get("type") != "AWSAccount" else (),
    ]
    if another_account(record):
        parts.append((("another account ", Role.WARNING), *clean(account)))
    elif account != summary.user:
        parts.append(clean(account, Role.DIM))
    path = next((path for path in _who_paths(identity) if _value(record, path) is not None), _WHO[0])
    return HeadFact("Who", join(parts, " · "), _value(record, path))


def _who_paths(identity: dict[str, Any]) -> tuple[Path, ...]:
    # The user name of a session is that of its role, if there is one at all.
    of_session = arn_parts(text(identity.get("arn")))[:1] in (["assumed-role"], ["federated-user"])
    return _WHO[1:] if of_session else _WHO


def _how(record: dict[str, Any]) -> HeadFact:
    origin = origin_of(record)
    key = text(mapping(record.get("userIdentity")).get("accessKeyId"))
    parts: list[Line] = [origin_words(origin)]
    if key:
        parts.append(((_KEYS.get(key[:4], "key "), Role.DIM), *clean(key)))
    if record.get("userIdentity") and origin.kind is not OriginKind.SERVICE:
        parts.append(_mfa(mfa_of(record)))
    return HeadFact("How", join(parts, " · "), _value(record, ("userIdentity", "accessKeyId")))


def origin_words(origin: Origin) -> Line:
    """How the caller came: "AWS CLI 2.15.0", "boto3 1.26 in Lambda (SDK)", "console"; () if that is not known."""
    if origin.kind is OriginKind.UNKNOWN:
        return ()
    name = service(origin.tool).removeprefix("the ").removeprefix("an ").removeprefix("a ")
    if not name:
        return (("inside AWS" if origin.kind is OriginKind.SERVICE else origin.kind.value, Role.PLAIN),)
    line = clean(name)
    if origin.kind is OriginKind.SERVICE:
        line = ((f"{origin.kind.value} ", Role.DIM), *line)
    if origin.version:
        line = (*line, (f" {origin.version}", Role.PLAIN))
    if origin.place:
        line = (*line, (f" in {origin.place}", Role.PLAIN))
    if origin.kind in (OriginKind.SDK, OriginKind.CONSOLE) and origin.kind.value not in name:
        line = (*line, (f" ({origin.kind.value})", Role.DIM))
    return line


def _mfa(mfa: Mfa) -> Line:
    if mfa is Mfa.UNKNOWN:
        return (("MFA unknown", Role.DIM),)
    return (("MFA", Role.PLAIN),) if mfa is Mfa.YES else (("no MFA", Role.WARNING),)


def _from(record: dict[str, Any], summary: Summary) -> HeadFact:
    address = text(record.get("sourceIPAddress"))
    if not address:
        return HeadFact("From", ())
    line: Line = clean(service(address), Role.STRONG)
    endpoint = text(record.get("vpcEndpointId"))
    if endpoint:
        line = (*line, (" through ", Role.DIM), *clean(endpoint))
    if summary.source:
        line = (*line, (" to ", Role.DIM), *clean(service(summary.source)))
    if summary.region:
        line = (*line, (" in ", Role.DIM), *clean(summary.region))
    return HeadFact("From", line, _value(record, ("sourceIPAddress",)))


def _on(event: Event) -> HeadFact:
    names = [resource.name or resource.type or "" for resource in event.resources]
    line = join((clean(name) for name in names), ", ")
    if len(event.resources) == 1 and event.resources[0].name and event.resources[0].type:
        line = (*line, ("  ", Role.PLAIN), *clean(event.resources[0].type, Role.DIM))
    named = next((resource.name for resource in event.resources if resource.name), None)
    return HeadFact("On", line, RecordValue((), (), named) if named else None)


def _value(record: dict[str, Any], path: Path) -> RecordValue | None:
    """The text at a path of a decoded record, or None if there is none."""
    value: object = record
    for key in path:
        value = mapping(value).get(key)
    return RecordValue(path, (), value) if isinstance(value, str) and value else None
