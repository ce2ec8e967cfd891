"""The filter line's grammar, for help: what can be written, line by line."""

from ctui.model.filter.fields import FIELDS

EXAMPLE = "name:ConsoleLogin user:alice -source:ec2 since:2h"

FORMS: tuple[tuple[str, str], ...] = (
    ("name:Value", "the field is exactly this, upper and lower case counting; the service can be asked for it"),
    ("name:A,B", "one of these"),
    ("name:Run*", "a wildcard; judged here, as all that follows"),
    ("-name:Value", "not so; a dash before anything negates it"),
    ("a.b.c:Value", "a value at or below this path of the record, such as requestParameters.bucketName:logs*"),
    ("word", "anywhere in the record, in upper or lower case"),
    ('"two words"', 'the same with blanks, commas or colons; \\" and \\\\ inside'),
    ("/regex/", "a regular expression in RE2's syntax; /regex/i ignores case"),
    (
        '"AND"',
        "a text; outside quotes AND, OR, NOT, !, ( ), =, > and networks are refused: a line has none of them",
    ),
)
"""What a term can look like, and what it means. All terms of a line must hold."""


def grammar() -> tuple[tuple[str, str], ...]:
    """(what is written, what it means): the forms, then every field."""
    return (*FORMS, *((f"{field.name}:", field.help) for field in FIELDS.values()))
