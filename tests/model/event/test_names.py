"""Who acted, by every name: each type of identity as AWS documents it, hostile records, and every real one."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.names import names_of, role_of, sessions_of
from ctui.model.event.record_view import RecordView
from ctui.model.event.summarize import summarize

ALICE = {
    "type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": "arn:aws:iam::111122223333:user/staff/alice",
    "accountId": "111122223333", "accessKeyId": "AKIAEXAMPLE", "userName": "alice",
}  # fmt: skip
ADMIN = {
    "type": "Role", "principalId": "AROAEXAMPLE", "arn": "arn:aws:iam::111122223333:role/ops/Admin",
    "accountId": "111122223333", "userName": "Admin",
}  # fmt: skip
SESSION = {
    "type": "AssumedRole", "principalId": "AROAEXAMPLE:ci-77", "accountId": "111122223333",
    "arn": "arn:aws:sts::111122223333:assumed-role/Admin/ci-77", "accessKeyId": "ASIAEXAMPLE",
    "sessionContext": {"sessionIssuer": ADMIN, "sourceIdentity": "alice@example.com"},
}  # fmt: skip
SSO = "AWSReservedSSO_ReadOnly_abcdef012345"


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ({"type": "AssumedRole", "userName": "x", "arn": "arn:aws:iam::1:user/staff/bob"}, "bob"),
        (
            {"type": "FederatedUser", "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::1:user/staff/bob"}}},
            "bob",
        ),
        (
            {"type": "AssumedRole", "inScopeOf": {"credentialsIssuedTo": "arn:aws:ec2:eu-west-1:1:instance/i-77"}},
            "i-77",
        ),
        ({"type": "AssumedRole", "inScopeOf": {"sourceArn": "arn:aws:lambda:us-east-1:1:function:Pay"}}, "Pay"),
    ],
)
def test_what_an_arn_ends_in_names_who_acted(identity: dict[str, Any], name: str) -> None:
    assert name in names_of({"userIdentity": identity}, None, None)


@pytest.mark.parametrize(
    ("identity", "role", "sessions", "names"),
    [
        pytest.param(
            ALICE, "", (),
            {"alice", "arn:aws:iam::111122223333:user/staff/alice", "AKIAEXAMPLE", "AIDAEXAMPLE"},
            id="IAMUser",
        ),
        pytest.param(
            {"type": "Root", "principalId": "111122223333", "arn": "arn:aws:iam::111122223333:root",
             "accountId": "111122223333", "userName": "my-alias"},
            "", (), {"root", "111122223333", "arn:aws:iam::111122223333:root", "my-alias"},
            id="Root",
        ),
        pytest.param(
            SESSION, "Admin", ("ci-77", "alice@example.com"),
            {"Admin", "ci-77", "alice@example.com", "ASIAEXAMPLE", "AROAEXAMPLE:ci-77", "AROAEXAMPLE",
             "arn:aws:sts::111122223333:assumed-role/Admin/ci-77", "arn:aws:iam::111122223333:role/ops/Admin"},
            id="AssumedRole",
        ),
        pytest.param(
            {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/deploy/ci-77"},
            "deploy", ("ci-77",), {"deploy", "ci-77", "arn:aws:sts::111122223333:assumed-role/deploy/ci-77"},
            id="AssumedRole, ARN alone",
        ),
        pytest.param(
            {"type": "AssumedRole", "principalId": "AROAEXAMPLE:ci-77", "sessionContext": {"sessionIssuer": {
                "arn": "arn:aws:iam::111122223333:role/ops/Admin"}}},
            "Admin", ("ci-77",),
            {"AROAEXAMPLE:ci-77", "AROAEXAMPLE", "ci-77", "Admin", "arn:aws:iam::111122223333:role/ops/Admin"},
            id="AssumedRole, issuer without a name",
        ),
        pytest.param(
            {"type": "AssumedRole", "principalId": "AROAEXAMPLE:bob@example.com",
             "arn": f"arn:aws:sts::111122223333:assumed-role/{SSO}/bob@example.com", "credentialId": "c-1",
             "sessionContext": {"sessionIssuer": {"type": "Role", "userName": SSO}},
             "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn:aws:identitystore::1:identitystore/d-1"}},
            SSO, ("bob@example.com",),
            {SSO, "bob@example.com", "u-1", "c-1", "AROAEXAMPLE", "AROAEXAMPLE:bob@example.com",
             f"arn:aws:sts::111122223333:assumed-role/{SSO}/bob@example.com"},
            id="AssumedRole of Identity Center",
        ),
        pytest.param(
            {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/fn/MyFunction", "inScopeOf": {
                "sourceArn": "arn:aws:lambda:us-east-1:1:function:MyFunction", "issuerType": "AWS::Lambda::Function",
                "credentialsIssuedTo": "arn:aws:iam::1:role/fn"}, "invokedByDelegate": {"accountId": "999999999999"}},
            "fn", ("MyFunction",),
            {"fn", "MyFunction", "arn:aws:sts::1:assumed-role/fn/MyFunction", "arn:aws:iam::1:role/fn",
             "arn:aws:lambda:us-east-1:1:function:MyFunction", "999999999999"},
            id="AssumedRole of a function, and of a delegate",
        ),
        pytest.param(
            {"type": "Role", "principalId": "AROAEXAMPLE:i-0abc", "arn": "arn:aws:iam::1:role/web/Prof"},
            "Prof", ("i-0abc",),
            {"Prof", "i-0abc", "AROAEXAMPLE", "AROAEXAMPLE:i-0abc", "arn:aws:iam::1:role/web/Prof"},
            id="Role",
        ),
        pytest.param(
            {"type": "FederatedUser", "principalId": "111122223333:bob", "accountId": "111122223333",
             "arn": "arn:aws:sts::111122223333:federated-user/bob",
             "sessionContext": {"sessionIssuer": {"type": "IAMUser", "userName": "broker", "principalId": "AIDAB",
                                                  "arn": "arn:aws:iam::111122223333:user/broker"}}},
            "", ("bob",),
            {"bob", "111122223333", "111122223333:bob", "arn:aws:sts::111122223333:federated-user/bob", "broker",
             "AIDAB", "arn:aws:iam::111122223333:user/broker"},
            id="FederatedUser",
        ),
        pytest.param({"type": "Directory", "userName": "erin"}, "", (), {"erin"}, id="Directory"),
        pytest.param(
            {"type": "AWSAccount", "principalId": "AROAEXAMPLE:carol", "accountId": "444455556666"},
            "", ("carol",), {"carol", "AROAEXAMPLE", "AROAEXAMPLE:carol", "444455556666"},
            id="AWSAccount",
        ),
        pytest.param(
            {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, "", (), {"lambda", "lambda.amazonaws.com"},
            id="AWSService",
        ),
        pytest.param(
            {"accountId": "111122223333", "invokedBy": "AWS Internal"}, "", (), {"AWS Internal"}, id="no type",
        ),
        pytest.param(
            {**ALICE, "invokedBy": "cloudformation.amazonaws.com"}, "", (),
            {"alice", "arn:aws:iam::111122223333:user/staff/alice", "AKIAEXAMPLE", "AIDAEXAMPLE", "cloudformation",
             "cloudformation.amazonaws.com"},
            id="IAMUser through a service",
        ),
        pytest.param(
            {"type": "SAMLUser", "principalId": "hash=:dave@example.com", "userName": "dave@example.com"},
            "", (), {"dave@example.com", "hash=", "hash=:dave@example.com"},
            id="SAMLUser",
        ),
        pytest.param(
            {"type": "WebIdentityUser", "principalId": "arn:aws:iam::1:oidc-provider/x:aud:repo:org/app",
             "userName": "repo:org/app", "identityProvider": "arn:aws:iam::1:oidc-provider/x"},
            "", (), {"repo:org/app", "arn:aws:iam::1:oidc-provider/x:aud:repo:org/app"},
            id="WebIdentityUser",
        ),
        pytest.param(
            {"type": "IdentityCenterUser", "accountId": "111122223333", "credentialId": "c-1",
             "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn:aws:identitystore::1:identitystore/d-1"}},
            "", (), {"u-1", "c-1"},
            id="IdentityCenterUser",
        ),
        pytest.param({"type": "Unknown", "principalId": "p-9"}, "", (), {"p-9"}, id="Unknown"),
        pytest.param({"accountId": "111122223333"}, "", (), {"111122223333"}, id="an account alone"),
        pytest.param({}, "", (), set(), id="empty"),
        pytest.param(None, "", (), set(), id="null"),
        pytest.param(["IAMUser"], "", (), set(), id="a list"),
        pytest.param(
            {"type": {}, "userName": [7], "arn": None, "principalId": [], "sessionContext": "x", "inScopeOf": 1},
            "", (), set(),
            id="wrong types",
        ),
    ],
)  # fmt: skip
def test_every_type_of_identity_has_its_names(
    identity: Any, role: str, sessions: tuple[str, ...], names: set[str]
) -> None:
    record = {"userIdentity": identity}
    assert role_of(record) == role
    assert sessions_of(record) == sessions
    found = names_of(record, None, None)
    assert set(found) == names
    assert len(found) == len(names)


@pytest.mark.parametrize(
    ("record", "names"),
    [
        ({"additionalEventData": {"UserName": "frank"}, "userIdentity": {"type": "Unknown"}}, {"frank"}),
        ({"eventType": "AwsServiceEvent", "eventSource": "kms.amazonaws.com"}, {"kms", "kms.amazonaws.com"}),
        ({"eventType": "AwsApiCall", "eventSource": "kms.amazonaws.com"}, set()),
    ],
)
def test_names_that_stand_outside_the_identity(record: dict[str, Any], names: set[str]) -> None:
    assert set(names_of(record, None, None)) == names


def test_what_the_service_said_comes_first() -> None:
    assert names_of({"userIdentity": ALICE}, "alice@corp", "AKIAOTHER")[:2] == ("alice@corp", "alice")
    assert "AKIAOTHER" in names_of({"userIdentity": ALICE}, "alice@corp", "AKIAOTHER")


ODD = st.recursive(
    st.sampled_from(
        [None, True, 7, "", "Root", "AssumedRole", ":", "a:b", "arn:aws:iam::1:", "arn:aws:iam::1:role/", "x/y"]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["arn", "type"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
KEYS = ("type", "arn", "principalId", "userName", "accountId", "invokedBy", "sessionContext", "inScopeOf", "onBehalfOf")


@settings(max_examples=examples(200), deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), ODD), ODD)
def test_no_record_is_too_odd(identity: dict[str, Any], issuer: Any) -> None:
    record = {"userIdentity": {**identity, "sessionContext": {"sessionIssuer": issuer, "attributes": issuer}}}
    names = names_of(record, None, None)
    assert all(isinstance(name, str) and name for name in (*names, *sessions_of(record)))
    assert role_of(record) in ("", *names)
    assert set(sessions_of(record)) <= set(names)


def test_the_table_shows_no_one_whom_the_names_lack() -> None:
    """The user and the role of a row are names of who acted, for every real record."""
    roles = 0
    for record in real_records():
        view = RecordView(event_of(record), "us-east-1")
        summary = summarize(view.event, "us-east-1")
        assert {summary.user, summary.role} <= {"", *view.names()}
        if record.get("userIdentity") and record["userIdentity"].get("type") == "AssumedRole":
            roles += 1
            assert summary.role in (view.role(), "")
    assert roles > 1_000


def test_what_the_service_calls_the_user_of_a_real_answer_is_a_name() -> None:
    named = [event for event in looked_up() if event.username]
    assert named
    for event in named:
        assert event.username in RecordView(event, "us-east-1").names()
        # The record alone has it too, as the session's or the user's own name, or "root".
        assert event.username in names_of(RecordView(event, "us-east-1").record, None, None)
