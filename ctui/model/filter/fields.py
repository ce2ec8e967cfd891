"""The table of filter fields: one row has everything about a field.

The parser, the writer, predicates, prefilters, completion, the help and the store's index read this table. To add a
field, add a row to `FIELDS`, and a test. A field that the store should find in its index also needs a column there.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.event.mfa import Mfa
from ctui.model.event.names import AMAZON
from ctui.model.event.outcome import MARKS
from ctui.model.event.record import text
from ctui.model.event.record_view import RecordView
from ctui.model.event.things import short_names

_AGES = ("15m", "1h", "3h", "12h", "1d", "3d", "7d", "30d", "90d")


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """The column of a field in the store."""

    name: str
    """The column of the store's event table; its values are those that the field's `read` returns."""
    part: int | None = None
    """The index in each pair, for a column that holds pairs; None for a column of plain values."""


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class FilterField:
    """A name that can be typed before a colon in a filter line. Rows compare by identity, since each exists once."""

    name: str
    """As it is typed before the colon."""
    help: str
    """What the field is, in a few words."""
    example: str
    """A value as it can be typed after the colon."""
    aliases: tuple[str, ...] = ()
    """What other tools call it, in lower case and without dashes: hints on their syntax name this field for it."""
    attribute: AttributeKey | None = None
    """The lookup attribute that the service can select by, or None."""
    column: FieldColumn | None = None
    """Where the store keeps it, or None if it has to be read from the record."""
    values: tuple[str, ...] = ()
    """The values it can be completed with; () for those of recorded events."""

    @property
    def help_line(self) -> str:
        """The line in the help: with the example, unless the words contain it."""
        return self.help if self.example in self.help else f"{self.help}, such as {self.example}"

    def __repr__(self) -> str:
        return f"<{self.name}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False, kw_only=True)
class ValueField(FilterField):
    """A field that compares values of an event. Its terms take wildcards and lists, and upper and lower case count."""

    read: Callable[[RecordView], Iterable[str]]
    """The values that an event has of it; "" is no value. Never raises."""
    single: bool = False
    """True if an event has one value at most, whatever its record holds, so that two values exclude each other."""
    closed: bool = False
    """True if each event has one of `values`, so that any other value in a line is a mistake and an error."""
    in_record: bool = True
    """False if a value can be absent from the record's text, so that the text rules no event out."""
    beside: tuple[AttributeKey, ...] = ()
    """Attributes of the service whose values are the only ones that can be absent from the record's text."""
    markers: tuple[str, ...] = ()
    """Each plain record with a value contains at least one of these texts; () if no such texts are known."""
    short_names: Callable[[str], tuple[str, ...]] | None = None
    """Shorter names of the same thing, by which recorded and typed values count too; None if only whole values do."""
    asked_first: AttributeKey | None = None
    """An attribute by which the service finds some of the events of an exact value, but perhaps not all."""
    offers: AttributeKey | None = None
    """The attribute whose values complete it, if those of its own are too many and too odd; None for its own."""
    offered_last: re.Pattern[str] | None = None
    """What the values begin with that are completed after the others, however frequent, such as IDs among names."""
    suffix: str = ""
    """What completes a value that is typed without a dot and without quotes."""
    noun: str = ""
    """What a bare word is called that is a value of it, such as "a user"; "" if bare words are not compared with it."""
    word_order: int = 0
    """Its position among the fields that bare words are compared with, the likeliest first."""
    search_order: int = 0
    """Its position among the fields that are searched for a value that another field lacks; 0 if it is not searched."""


def _string(view: RecordView, key: str) -> str:
    return text(view.record.get(key))


NAME: Final = ValueField(
    name="name",
    help="event name",
    example="ConsoleLogin",
    aliases=("event", "action", "api", "call", "method", "eventname"),
    attribute=AttributeKey.EVENT_NAME,
    column=FieldColumn("name"),
    read=lambda view: (view.event.name or "",),
    single=True,
    noun="an event",
    word_order=3,
    search_order=5,
)
USER: Final = ValueField(
    name="user",
    help="user name",
    example="alice",
    aliases=("username", "userid"),
    attribute=AttributeKey.USERNAME,
    column=FieldColumn("username"),
    read=lambda view: (view.event.username or "",),
    single=True,
    noun="a user",
    word_order=1,
    search_order=1,
)
WHO: Final = ValueField(
    name="who",
    help="any name of who acted",
    example="alice",
    aliases=("principal", "identity", "caller", "actor", "principalid", "arn", "email"),
    column=FieldColumn("who"),
    read=lambda view: view.names(),
    in_record=False,
    beside=(AttributeKey.USERNAME, AttributeKey.ACCESS_KEY_ID),
    offered_last=re.compile(r"arn:|A[A-Z]{2}A[A-Z0-9]{8}|[0-9]{12}|[0-9a-f]{8}-"),
    search_order=12,
)
ROLE: Final = ValueField(
    name="role",
    help="role that acted",
    example="Admin",
    aliases=("rolename", "assumedrole", "iamrole", "sessionissuer"),
    column=FieldColumn("role"),
    read=lambda view: (view.role(),),
    single=True,
    markers=("sessionIssuer", "role/"),
    search_order=2,
)
SESSION: Final = ValueField(
    name="session",
    help="session or source identity",
    example="alice@example.com",
    aliases=("sessionname", "rolesessionname", "sourceidentity"),
    column=FieldColumn("session"),
    read=lambda view: view.sessions(),
    search_order=3,
)
SOURCE: Final = ValueField(
    name="source",
    help="service, such as ec2",
    example="ec2",
    aliases=("service", "eventsource", "provider"),
    attribute=AttributeKey.EVENT_SOURCE,
    column=FieldColumn("source"),
    read=lambda view: (view.event.source or "",),
    single=True,
    suffix=AMAZON,
    search_order=8,
)
IS: Final = FilterField(
    name="is",
    help=f"kind: {', '.join(tuple(EventKind)[:-1])} or {tuple(EventKind)[-1]}",
    example="error",
    attribute=AttributeKey.READ_ONLY,
    column=FieldColumn("read_only"),
    values=tuple(EventKind),
)
ERROR: Final = ValueField(
    name="error",
    help="error code or message",
    example="AccessDenied",
    aliases=("errorcode", "errormessage", "exception"),
    column=FieldColumn("error"),
    read=lambda view: view.errors(),
    markers=MARKS,
    search_order=9,
)
RESOURCE: Final = ValueField(
    name="resource",
    help="resource name",
    example="my-bucket",
    aliases=("resourcename", "bucket", "instance", "object", "table", "secret"),
    attribute=AttributeKey.RESOURCE_NAME,
    column=FieldColumn("resources", part=1),
    read=lambda view: (resource.name or "" for resource in view.event.resources),
    noun="a resource",
    word_order=4,
    search_order=4,
)
ABOUT: Final = ValueField(
    name="about",
    help="any name or ARN of a thing",
    example="my-bucket",
    aliases=("thing", "target"),
    read=lambda view: view.things(),
    in_record=False,
    beside=(AttributeKey.RESOURCE_NAME,),
    short_names=short_names,
    asked_first=AttributeKey.RESOURCE_NAME,
    offers=AttributeKey.RESOURCE_NAME,
)
TYPE: Final = ValueField(
    name="type",
    help="resource type",
    example="AWS::S3::Bucket",
    aliases=("resourcetype",),
    attribute=AttributeKey.RESOURCE_TYPE,
    column=FieldColumn("resources", part=0),
    read=lambda view: (resource.type or "" for resource in view.event.resources),
    search_order=10,
)
IP: Final = ValueField(
    name="ip",
    help="source IP address",
    example="198.51.100.*",
    aliases=("src", "srcip", "ipaddress", "sourceip", "clientip", "net", "cidr", "subnet", "host"),
    column=FieldColumn("ip"),
    read=lambda view: (_string(view, "sourceIPAddress"),),
    single=True,
    markers=("sourceIPAddress",),
    search_order=7,
)
AGENT: Final = ValueField(
    name="agent",
    help="user agent",
    example="aws-cli*",
    column=FieldColumn("agent"),
    read=lambda view: (_string(view, "userAgent"),),
    single=True,
    markers=("userAgent",),
)
KEY: Final = ValueField(
    name="key",
    help="access key ID",
    example="AKIAIOSFODNN7EXAMPLE",
    aliases=("accesskey", "accesskeyid"),
    attribute=AttributeKey.ACCESS_KEY_ID,
    column=FieldColumn("access_key_id"),
    read=lambda view: (view.event.access_key_id or "",),
    single=True,
    noun="an access key",
    word_order=2,
    search_order=6,
)
MFA: Final = ValueField(
    name="mfa",
    help="MFA: yes, no or unknown",
    example="no",
    aliases=("mfaused", "mfaauthenticated", "multifactorauthpresent"),
    values=tuple(Mfa),
    closed=True,
    column=FieldColumn("mfa"),
    read=lambda view: (view.mfa(),),
    single=True,
    in_record=False,
)
ID: Final = ValueField(
    name="id",
    help="event ID",
    example="3038ebd2-c98a-4c65-9b6e-e22506292313",
    attribute=AttributeKey.EVENT_ID,
    column=FieldColumn("event_id"),
    read=lambda view: (view.event.event_id,),
    single=True,
    search_order=11,
)
ACCOUNT: Final = ValueField(
    name="account",
    help="account of the event",
    example="111122223333",
    aliases=("accountid", "awsaccountid"),
    column=FieldColumn("account"),
    read=lambda view: (view.account(),),
    single=True,
)
REGION: Final = ValueField(
    name="region",
    help="Region of the event",
    example="eu-west-1",
    # A record that names no Region counts as one of the Region that was searched.
    column=FieldColumn("region"),
    read=lambda view: (_string(view, "awsRegion") or view.region,),
    single=True,
    in_record=False,
)
ANY: Final = FilterField(
    name="any",
    help="any line of a file",
    example="@iocs.txt",
    aliases=("anyof", "ioc", "iocs", "indicator", "indicators"),
)
SINCE: Final = FilterField(
    name="since",
    help="start: 2h, 13:30, yesterday, mon or 2026-11-01T12:00Z; UTC",
    example="2h",
    aliases=("from", "after", "start", "starttime", "time", "date", "day", "timestamp", "timegenerated"),
    values=_AGES,
)
UNTIL: Final = FilterField(
    name="until",
    help="end, in the same ways; a day ends with its last second",
    example="13:30",
    aliases=("to", "before", "end", "endtime"),
    values=_AGES,
)

FIELDS: Final[dict[str, FilterField]] = {
    field.name: field
    for field in (
        NAME, USER, WHO, ROLE, SESSION, SOURCE, IS, ERROR, ABOUT, RESOURCE, TYPE, IP, AGENT, KEY, MFA, ID, ACCOUNT,
        REGION, ANY, SINCE, UNTIL,
    )
}  # fmt: skip
"""Every field but the paths, by name, in the order of the help."""


def value_fields() -> tuple[ValueField, ...]:
    """The fields that compare values, in the order of the help."""
    return tuple(field for field in FIELDS.values() if isinstance(field, ValueField))


_DASHES = str.maketrans("", "", "-_")


def field_called(name: str) -> str:
    """The field with this lowercase name, or that other tools call so, with dashes or without; "" if there is none."""
    if name in FIELDS:
        return name
    plain = name.translate(_DASHES)
    return next((field.name for field in FIELDS.values() if plain in field.aliases), "")


def value_field(name: str) -> ValueField | None:
    """The field of this name that compares values, or None."""
    field = FIELDS.get(name)
    return field if isinstance(field, ValueField) else None
