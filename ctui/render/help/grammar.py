"""The filter line's grammar, for help: what can be written, line by line."""

from ctui.model.filter.fields import FIELDS, IS, SINCE, UNTIL, value_fields
from ctui.model.filter.kinds import KINDS

FORMS: tuple[tuple[str, str], ...] = (
    ("user=alice,bob", "exactly one of these; = or : after the field"),
    ("name:Run* who:~AL*", "* is any text; ~ ignores upper and lower case"),
    ("-source:ec2 NOT who:ci", "not this; also before a group: -(a b), NOT (a OR b)"),
    ("is:error (s3 OR ec2)", "both; AND or a blank binds tighter than OR"),
    ("ip:10.0.0.0/8", "networks, ranges a-b; services: ip:*.amazonaws.com"),
    ("userIdentity.type:Root", "at or below this path; numbers, times: < <= > >="),
    ('logs "a b" /regex/i', "anywhere in the record, any case; quoted: only text"),
    ("is:write 13:30..14:00", "UTC; today, mon, 2h, 2026-11-27, since:2h until:1h"),
)
"""What can be written, and what it means. Each is a line of its own."""

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("Who deleted this bucket?", "about:my-bucket is:delete"),
    ("What changed before the outage?", "is:write 13:30..14:00"),
    ("What did this access key do?", "key:AKIAIOSFODNN7EXAMPLE"),
    ("What did alice do, or anyone with her key?", "user:alice OR key:AKIAIOSFODNN7EXAMPLE"),
    ("Who signed in without MFA?", "is:login -is:mfa"),
    ("Does one network guess passwords?", "is:login is:error ip:203.0.113.0/24"),
    ("What did people change by hand, or as root?", "is:write (is:console OR is:root)"),
    ("What was this role denied?", "role:Admin is:denied yesterday"),
    ("Was logging touched?", "name:StopLogging,DeleteTrail,UpdateTrail,PutEventSelectors"),
    ("What came from outside our networks?", "-ip:10.0.0.0/8,203.0.113.0/24 since:7d"),
)
"""What people ask, and the line for it."""


def field_rows() -> tuple[tuple[str, str], ...]:
    """(name, what it is) of each field, kinds of events with their names; a form has since: and until:."""
    fields = [field for field in FIELDS.values() if field not in (SINCE, UNTIL)]
    return tuple((f"{field.name}:", " ".join(field.values) if field is IS else field.help) for field in fields)


def selecting_fields() -> tuple[str, ...]:
    """What AWS can search by: names of fields, which take an exact value, and the kinds of events."""
    names = tuple(field.name for field in value_fields() if field.attribute is not None)
    return (*names, f"is:{','.join(kind for kind, row in KINDS.items() if row.attribute is not None)}")
