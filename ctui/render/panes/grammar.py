"""The filter line's grammar, for help: what can be written, line by line."""

from ctui.model.filter.fields import FIELDS

EXAMPLE = "name:ConsoleLogin user:alice -source:ec2 since:2h"

FORMS: tuple[tuple[str, str], ...] = (
    ("name:Value", "exact value, case-sensitive; AWS can search for it"),
    ("name:A,B", "one of these values"),
    ("name:Run*", "wildcard; this and all forms below are filtered here"),
    ("-name:Value", "excluded; a dash negates any term"),
    ("a.b.c:Value", "a value at or below a path in the record: requestParameters.bucketName:logs*"),
    ("word", "anywhere in the record, ignoring case"),
    ('"two words"', 'a word with spaces, commas or colons; write \\" and \\\\ inside'),
    ("/regex/", "regular expression, RE2 syntax; /regex/i ignores case"),
    ("13:30..14:00", "a time range; also 13:30, today, yesterday, mon, 2h, 30m ago, 2026-11-27; all in UTC"),
    (
        '"AND"',
        "quoted text; AND, OR, NOT, !, ( ), =, > and networks are not operators and need quotes",
    ),
)
"""What a term can look like, and what it means. All terms of a line must hold."""


def grammar() -> tuple[tuple[str, str], ...]:
    """(what is written, what it means): the forms, then every field."""
    return (*FORMS, *((f"{field.name}:", field.help_line) for field in FIELDS.values()))
