"""A kind in the line, by one key."""

import pytest

from ctui.model.event.kind import EventKind
from ctui.model.filter.editing.toggle import toggle_term
from ctui.model.filter.parse import parse_filter


@pytest.mark.parametrize(
    ("text", "with_it"),
    [
        ("", "is:write"),
        ("since:2h source:ec2 until:1h", "since:2h source:ec2 until:1h is:write"),
        ("  user:alice ", "user:alice is:write"),
        ('"is:write" is:read', '"is:write" is:read is:write'),
        # It holds for every alternative.
        ("a OR b", "(a OR b) is:write"),
        ('user="a"  OR  b', '(user="a"  OR  b) is:write'),
        ("a b OR -cc", "(a b OR -cc) is:write"),
        ("(a OR b) since:2h", "(a OR b) since:2h is:write"),
        ("is:write OR is:error", "(is:write OR is:error) is:write"),
        ("-(is:write OR a)", "-(is:write OR a) is:write"),
    ],
)
def test_it_comes_last_and_goes_again(text: str, with_it: str) -> None:
    assert toggle_term(text, EventKind.WRITE) == with_it
    assert toggle_term(with_it, EventKind.WRITE) == text.strip()


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("is:write since:2h", "since:2h"),
        ("since:2h  is:write   ec2", "since:2h  ec2"),
        ("is:write ec2 is:write", "ec2"),
        # One of several stays, and so does what is only spelt like it.
        ("is:write,read", "is:write,read is:write"),
        ('"a is:write b" is:write', '"a is:write b"'),
        ("is:write (a OR b)", "a OR b"),
        ("(a OR b) is:write (c OR d)", "(a OR b) (c OR d)"),
        ("(a OR is:write c) is:write", "a OR is:write c"),
        ("a AND is:write", "a"),
        ("is:write AND a", "a"),
        ("a AND is:write AND b", "a AND b"),
        ("IS=write a", "a"),
    ],
)
def test_wherever_it_stands_it_is_taken_out(text: str, without: str) -> None:
    found = toggle_term(text, EventKind.WRITE)
    assert found == without
    assert parse_filter(found) == parse_filter(text).toggled(EventKind.WRITE)
