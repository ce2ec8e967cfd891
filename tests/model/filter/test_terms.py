"""Terms: what of them can be asked of the service, and switching a kind on and off."""

import pytest

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import FIELDS
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.selection import attributes_of
from ctui.model.filter.write import write_filter


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("name:ConsoleLogin", [(AttributeKey.EVENT_NAME, "ConsoleLogin")]),
        ("user:a,b,a", [(AttributeKey.USERNAME, "a"), (AttributeKey.USERNAME, "b")]),
        ("source:ec2", [(AttributeKey.EVENT_SOURCE, "ec2.amazonaws.com")]),
        ("id:x", [(AttributeKey.EVENT_ID, "x")]),
        ("key:AKIA", [(AttributeKey.ACCESS_KEY_ID, "AKIA")]),
        ("resource:logs", [(AttributeKey.RESOURCE_NAME, "logs")]),
        ("type:AWS::S3::Bucket", [(AttributeKey.RESOURCE_TYPE, "AWS::S3::Bucket")]),
        ("is:write", [(AttributeKey.READ_ONLY, "false")]),
        ("is:read", [(AttributeKey.READ_ONLY, "true")]),
        ("is:read,error", []),
        ("is:error", []),
        ("-name:X", []),
        ("name:X*", []),
        ("name:X,Y*", []),
        ("error:X", []),
        ("ip:1.2.3.4", []),
        ("eventName:X", []),
        ("word", []),
        ("/x/", []),
        (f"user:{'x' * 2001}", []),
        ("user:" + ",".join(f"u{n}" for n in range(51)), []),
        (
            "user:" + ",".join("ab"[n % 2] for n in range(51)),
            [(AttributeKey.USERNAME, "a"), (AttributeKey.USERNAME, "b")],
        ),
    ],
)
def test_only_what_is_exact_and_positive_can_be_asked_of_the_service(
    text: str, asked: list[tuple[AttributeKey, str]]
) -> None:
    (term,) = parse_filter(text).terms
    assert [(one.key, one.value) for one in attributes_of(term)] == asked


def test_a_kind_is_switched_on_and_off() -> None:
    line = parse_filter("name:X is:error")
    assert write_filter(line.toggled(EventKind.WRITE)) == "name:X is:error is:write"
    assert write_filter(line.toggled(EventKind.ERROR)) == "name:X"
    assert line.toggled(EventKind.WRITE).toggled(EventKind.WRITE) == line


def test_a_field_that_people_use_stays() -> None:
    names = "id name source user key resource type account region ip agent error is since until"
    assert set(names.split()) <= set(FIELDS)
