"""What the key of an assumed role may do, and what its sessions are called."""

import json

import pytest

from ctui.aws.decode.readers import ANSWER_READERS
from ctui.aws.login.role_credentials import SESSION_POLICY, session_name


def test_the_session_may_read_with_the_calls_of_ctui_and_do_nothing_else() -> None:
    (statement,) = json.loads(SESSION_POLICY)["Statement"]
    assert statement["Effect"] == "Allow"
    assert sorted(statement["Action"]) == [
        "account:ListRegions",
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:LookupEvents",
        "ec2:DescribeRegions",
        "organizations:ListAccounts",
    ]
    assert {action for action, reader in ANSWER_READERS.items() if reader.changes} == {
        "CreateTrail",
        "UpdateTrail",
        "DeleteTrail",
        "StartLogging",
        "StopLogging",
    }
    assert len(SESSION_POLICY) < 2048, "AWS's limit"


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ("alice", "ctui-alice"),
        ("DOMAIN\\al ice", "ctui-DOMAIN-al-ice"),
        ("zoë", "ctui-zo-"),
        ("a" * 99, f"ctui-{'a' * 59}"),
    ],
)
def test_the_session_is_named_after_the_user(monkeypatch: pytest.MonkeyPatch, user: str, name: str) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: user)
    assert session_name() == name


def test_a_user_without_a_name_has_a_session_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert session_name() == "ctui-user"
