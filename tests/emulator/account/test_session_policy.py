"""Session policies: what each statement allows, and that what cannot be enforced is refused."""

import json
from typing import Any

import pytest

from ctui.emulator.account.session_policy import allows, statements

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(*listed: dict[str, Any], version: str = "2012-10-17") -> str:
    """A policy document."""
    return json.dumps({"Version": version, "Statement": list(listed)})


@pytest.mark.parametrize(
    ("listed", "allowed"),
    [
        ([ALL], True),
        ([{**ALL, "Action": "cloudtrail:LookupEvents"}], True),
        ([{**ALL, "Action": "CloudTrail:lookupevents"}], True),
        ([{**ALL, "Action": ["sts:*", "cloudtrail:Look?p*"]}], True),
        ([{**ALL, "Action": "cloudtrail:Lookup"}], False),
        ([{**ALL, "Action": "cloudtrail:Lookup??vents"}], False),
        ([{**ALL, "Action": "ec2:*"}], False),
        ([{**ALL, "NotAction": "ec2:*", "Action": None}], True),
        ([{**ALL, "NotAction": "cloudtrail:*", "Action": None}], False),
        ([{**ALL, "Resource": "arn:aws:cloudtrail:us-east-1:111111111111:trail/audit"}], False),
        ([{**ALL, "Resource": ["arn:aws:s3:::logs", "*"]}], True),
        ([ALL, {**ALL, "Effect": "Deny", "Action": "cloudtrail:LookupEvents"}], False),
        ([ALL, {**ALL, "Effect": "Deny", "Action": "cloudtrail:StopLogging"}], True),
        ([ALL, {**ALL, "Effect": "Deny", "Resource": "arn:aws:s3:::logs"}], False),
    ],
)
def test_what_a_policy_allows(listed: list[dict[str, Any]], allowed: bool) -> None:
    without = [{key: value for key, value in one.items() if value is not None} for one in listed]
    assert allows(policy(*without), "cloudtrail:LookupEvents") is allowed


def test_one_statement_needs_no_list() -> None:
    assert allows(json.dumps({"Version": "2012-10-17", "Statement": ALL}), "sts:AssumeRole")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "invalid Json"),
        ("[" * 100_000, "invalid Json"),
        ("[]", "version"),
        (policy(ALL, version="2020-01-01"), "version"),
        (policy(), "must have a statement"),
        (json.dumps({"Version": "2012-10-17", "Statement": ["x"]}), "Syntax errors"),
        (policy({**ALL, "Effect": "Perhaps"}), "Syntax errors"),
        (policy({**ALL, "NotAction": "x:y"}), "Syntax errors"),
        (policy({**ALL, "Action": 5}), "Syntax errors"),
        (policy({**ALL, "Action": ["a:b", 5]}), "Syntax errors"),
        (policy({"Effect": "Allow", "Action": "*"}), "Syntax errors"),
        (policy({**ALL, "Action": "LookupEvents"}), "prefaced by a vendor"),
        (policy({**ALL, "Action": "cloudtrail:Lookup.vents"}), "prefaced by a vendor"),
        (policy({**ALL, "Condition": {}}), "cannot enforce Condition"),
        (policy({**ALL, "Principal": "*"}), "cannot enforce Principal"),
    ],
)
def test_what_is_no_policy_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        statements(text)
