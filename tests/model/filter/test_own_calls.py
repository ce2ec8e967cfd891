"""Own calls: which events the hidden term matches, with records of attackers who would like to be among them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.real_records import event_of

from ctui.model.filter.own_calls import asks_for_own_calls, own_calls
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import Filter
from ctui.model.filter.write import write_filter

NOW = datetime(2026, 11, 28, tzinfo=UTC)
AGENT = "Boto3/1.43.117 md/Botocore#1.43.117 ua/2.1 os/linux lang/python#3.11.7 ctui/0.3.0"
ALICE = "arn:aws:iam::111122223333:user/alice"
ROLE = "arn:aws:sts::111122223333:assumed-role/Admin"
SESSION = f"{ROLE}/alice@example.com"
MADE_UP = f"{ROLE}/botocore-session-1764352800"


def record(arn: str = ALICE, **changed: Any) -> dict[str, Any]:
    """A LookupEvents of ctui as CloudTrail records it."""
    made = {
        "userIdentity": {"type": "IAMUser", "arn": arn},
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "LookupEvents",
        "userAgent": AGENT,
        "readOnly": True,
    }
    return {**made, **changed}


def hidden(ours: str, made: dict[str, Any], **around: Any) -> bool:
    line = Filter(terms=(own_calls(ours),))
    sent = {"source": made["eventSource"], "name": made["eventName"], "read_only": "true", **around}
    event = event_of(json.dumps(made), **sent)
    return compile_filter(line, NOW)(event, "us-east-1")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("cloudtrail.amazonaws.com", "LookupEvents"),
        ("cloudtrail.amazonaws.com", "DescribeTrails"),
        ("cloudtrail.amazonaws.com", "GetTrailStatus"),
        ("sts.amazonaws.com", "GetCallerIdentity"),
        ("account.amazonaws.com", "ListRegions"),
        ("ec2.amazonaws.com", "DescribeRegions"),
        ("organizations.amazonaws.com", "ListAccounts"),
    ],
)
def test_the_automatic_reads_are_own_calls(source: str, name: str) -> None:
    assert hidden(ALICE, record(eventSource=source, eventName=name))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (ALICE, ALICE, True),
        (ALICE, ALICE + "2", False),
        (ALICE, ALICE.replace("user/", "user/staff/"), False),
        (ALICE, ALICE.replace("111122223333", "444455556666"), False),
        (SESSION, SESSION, True),
        (SESSION, f"{ROLE}/mallory@example.com", False),
        (SESSION, SESSION.replace("Admin", "ReadOnly"), False),
        # An earlier login of the same principal: the SDK has made up another name.
        (MADE_UP, f"{ROLE}/botocore-session-1764000000", True),
        (MADE_UP, f"{ROLE}/mallory", False),
        (MADE_UP, MADE_UP.replace("Admin", "ReadOnly"), False),
        # Names that a person may have chosen.
        (f"{ROLE}/build-1234", f"{ROLE}/build-1235", False),
        (f"{ROLE}/1764352800", f"{ROLE}/1764352801", False),
        ("arn:aws:iam::111122223333:user/robot-1764352800", "arn:aws:iam::111122223333:user/robot-1764352801", False),
        ("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root", True),
    ],
)
def test_only_the_same_principal_is_ours(ours: str, theirs: str, expected: bool) -> None:
    assert hidden(ours, record(theirs)) is expected


@pytest.mark.parametrize(
    "changed",
    [
        # Writes, with our agent and even with our principal.
        {"eventName": "StopLogging", "readOnly": False},
        {"eventName": "DeleteTrail", "readOnly": False},
        {"eventName": "UpdateTrail", "readOnly": False},
        {"eventName": "LookupEvents", "readOnly": False},
        # Other reads.
        {"eventName": "GetEventSelectors"},
        {"eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue"},
        {"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole"},
        {"eventSource": "sts.amazonaws.com", "eventName": "LookupEvents"},
        {"eventSource": "cloudtrail.amazonaws.com.evil.example"},
        # The same reads, made by hand or by another program.
        {"userAgent": "aws-cli/2.31.0 md/awscrt#0.27.6"},
        {"userAgent": "actui/0.3.0"},
        {"userAgent": None},
        {"userAgent": ["ctui/0.3.0"]},
        # Our ARN in the wrong places.
        {"userIdentity": {"type": "IAMUser", "arn": ALICE + "2", "sessionContext": {"sessionIssuer": {}}}},
        {"userIdentity": {"type": "IAMUser", "arn": ALICE + "2"}, "requestParameters": {"arn": ALICE}},
        {"userIdentity": None},
    ],
)
def test_nothing_else_is_hidden(changed: dict[str, Any]) -> None:
    assert not hidden(ALICE, record(**changed))


def test_a_write_is_none_whatever_its_record_says() -> None:
    assert hidden(ALICE, record())
    assert not hidden(ALICE, record(), read_only="false")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", False),
        ("user:alice is:notable", False),
        ("is:own", True),
        ("-is:own", True),
        ("name:x (is:error OR -is:own)", True),
        ("is:secret,own", True),
        ("own", False),
    ],
)
def test_a_line_that_names_own_calls_hides_none(line: str, expected: bool) -> None:
    assert asks_for_own_calls(parse_filter(line)) is expected


def test_what_is_hidden_can_be_written_as_a_line() -> None:
    line = f"(is:own who:{ROLE}/botocore-session-*)"
    assert write_filter(Filter(terms=(own_calls(MADE_UP),))) == line
    assert write_filter(Filter(terms=(own_calls(ALICE),))) == f"(is:own who:{ALICE})"
