"""What a record says of credentials: which a call used, which it issued, and whether one issued the other."""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest
from support.examples import examples
from support.real_records import event_of, looked_up, real_records
from support.session_records import (
    ACCOUNT,
    OTHER,
    START,
    assume,
    call,
    foreigner,
    make_key,
    role,
    service,
    sign_in,
    user,
)

from ctui.model.event.credentials import CredentialKind, Credentials, credentials_of, epoch_second
from ctui.model.event.issuance import IssueKind, issuance_of
from ctui.model.event.issuer import Call, Proof, call_of, proof_of
from ctui.model.event.record import decode_record

BOB = user("bob", "AKIABOB")
ADMIN = role("admin", "bob", "ASIAADMIN", START)


def issued(event: Any) -> tuple[IssueKind, CredentialKind, str, str, str, str] | None:
    """What an event issued, in short."""
    call = call_of(event, "eu-west-1")
    if call.issued is None:
        return None
    given = call.issued.credentials
    return call.issued.kind, given.kind, given.key, given.name, given.role, given.account


@pytest.mark.parametrize(
    ("identity", "kind"),
    [
        (BOB, CredentialKind.USER_KEY),
        (user("bob", "ASIABOB"), CredentialKind.USER_SESSION),
        (user("bob", "ASIABOB", began=START), CredentialKind.USER_SESSION),
        (user("bob"), CredentialKind.PERSON),
        ({"type": "Root", "accountId": ACCOUNT, "accessKeyId": ""}, CredentialKind.PERSON),
        (ADMIN, CredentialKind.ROLE),
        (service("lambda"), CredentialKind.SERVICE),
        ({"accountId": ACCOUNT, "invokedBy": "acm.amazonaws.com"}, CredentialKind.SERVICE),
        (foreigner(), CredentialKind.OTHER_ACCOUNT),
        ({"type": "FederatedUser"}, CredentialKind.FEDERATED),
        ({"type": "WebIdentityUser"}, CredentialKind.WEB_IDENTITY),
        ({"type": "SAMLUser"}, CredentialKind.SAML),
        ({"type": "IdentityCenterUser"}, CredentialKind.IDENTITY_CENTER),
        ({"onBehalfOf": {"userId": "906"}}, CredentialKind.IDENTITY_CENTER),
        ({"type": ["IAMUser"]}, CredentialKind.UNKNOWN),
        ("Alice", CredentialKind.UNKNOWN),
        (None, CredentialKind.UNKNOWN),
    ],
)
def test_the_kind_of_credentials(identity: object, kind: CredentialKind) -> None:
    assert credentials_of({"userIdentity": identity}).kind is kind


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (assume(START, BOB, ADMIN), (IssueKind.CREDENTIALS, CredentialKind.ROLE, "ASIAADMIN", "bob", "admin", ACCOUNT)),
        (
            assume(START, BOB, role("prod", "bob", "ASIAPROD", START, account=OTHER)),
            (IssueKind.CREDENTIALS, CredentialKind.ROLE, "ASIAPROD", "bob", "prod", OTHER),
        ),
        (assume(START, BOB, ADMIN, errorCode="AccessDenied"), None),
        (
            make_key(START, BOB, "backup", "AKIABACKUP"),
            (IssueKind.USER_KEY, CredentialKind.USER_KEY, "AKIABACKUP", "backup", "", ACCOUNT),
        ),
        (sign_in(START, user("bob")), (IssueKind.SIGN_IN, CredentialKind.USER_SESSION, "", "bob", "", ACCOUNT)),
        (
            sign_in(START, {**user("bob"), "type": "IAMUser"}, additionalEventData={"MFAUsed": "No"}),
            (IssueKind.SIGN_IN, CredentialKind.USER_SESSION, "", "bob", "", ACCOUNT),
        ),
        (
            call(START, BOB, "GetSessionToken", responseElements={"credentials": {"accessKeyId": "ASIAMFA"}}),
            (IssueKind.CREDENTIALS, CredentialKind.USER_SESSION, "ASIAMFA", "bob", "", ACCOUNT),
        ),
        (
            # An event that nobody has heard of yet, but that returns credentials.
            call(START, ADMIN, "GiveKeys", responseElements={"credentials": {"accessKeyId": "ASIANEW"}}),
            (IssueKind.CREDENTIALS, CredentialKind.ROLE, "ASIANEW", "bob", "admin", ACCOUNT),
        ),
        (call(START, BOB, "ListAccessKeys", responseElements={"accessKey": {"accessKeyId": "AKIAX"}}), None),
        (call(START, BOB, "DescribeInstances"), None),
    ],
)
def test_what_an_event_issued(event: Any, expected: object) -> None:
    assert issued(event) == expected


def test_a_failed_sign_in_issues_nothing() -> None:
    failed = call(START, user("bob"), "ConsoleLogin", source="signin", responseElements={"ConsoleLogin": "Failure"})
    assert issued(failed) is None


USED = credentials_of(decode_record(call(START + 30, ADMIN, "ListUsers").record))


@pytest.mark.parametrize(
    ("event", "proof"),
    [
        (assume(START, BOB, ADMIN), Proof.KEY),
        (assume(START + 2, BOB, ADMIN), Proof.KEY),
        # Masked records give one key to all: the time and the principal tell sessions apart.
        (assume(START + 3, BOB, ADMIN), None),
        (assume(START, BOB, {**ADMIN, "principalId": "AROAELSE:bob"}), None),
        (assume(START, BOB, {**ADMIN, "accessKeyId": ""}), Proof.LIKELY),
        (assume(START + 2, BOB, {**ADMIN, "accessKeyId": ""}), None),
        (assume(START, BOB, {**ADMIN, "accessKeyId": "ASIAOTHER"}), None),
        (assume(START, BOB, {**ADMIN, "accessKeyId": "ASIAOTHER"}, userAgent="AWS Internal"), Proof.SESSION),
        (assume(START, BOB, role("admin", "eve", "ASIAEVE", START), userAgent="AWS Internal"), None),
        (sign_in(START + 21, ADMIN | {"accessKeyId": ""}), Proof.LIKELY),
        (sign_in(START + 700, ADMIN | {"accessKeyId": ""}), None),
        (sign_in(START, user("eve")), None),
        (make_key(START, BOB, "bob", "AKIANEW"), None),
    ],
)
def test_why_an_event_is_taken_for_the_issuer(event: Any, proof: Proof | None) -> None:
    call = call_of(event, "eu-west-1")
    assert (call.issued and proof_of(call.issued, call.second, USED)) == proof


@pytest.mark.parametrize(
    ("stamp", "second"),
    [
        ("2026-11-20T09:00:00Z", START),
        ("20261120T090000Z", START),
        ("2026-11-20T10:00:00+01:00", START),
        ("2026-11-20T09:00:00", START),
        ("Nov 20, 2026", None),
        ("9" * 50, None),
        (1_795_000_000, None),
        (None, None),
    ],
)
def test_the_beginning_of_a_session(stamp: object, second: int | None) -> None:
    assert epoch_second(stamp) == second


def test_hostile_records_never_raise() -> None:
    dice = __import__("random").Random(7)
    values: list[Any] = [None, 1, True, "x", "", [], {}, ["a"], {"credentials": "x"}, {"accessKeyId": 3}, "\ud800"]
    keys = ("userIdentity", "responseElements", "requestParameters", "additionalEventData", "eventName", "eventTime")
    names = ("AssumeRole", "ConsoleLogin", "CreateAccessKey", "SwitchRole", "GetFederationToken", "CreateOAuth2Token")
    inner = ("type", "arn", "credentials", "assumedRoleUser", "sessionContext", "SwitchFrom", "roleArn", "accessKeyId")
    for _ in range(examples(2_000)):
        record = {key: dice.choice([*values, {name: dice.choice(values) for name in inner}]) for key in keys}
        record["eventName"] = dice.choice([*names, None, 3])
        call_of(event_of(json.dumps(record)), "eu-west-1")
        issuance_of(record, START)


def _real_calls() -> list[Call]:
    calls = []
    for record in real_records():
        stamp = record.get("eventTime")
        if isinstance(stamp, str) and (second := epoch_second(stamp)) is not None:
            time = datetime.fromtimestamp(second, UTC)
            calls.append(call_of(event_of(record, time=time, name=record.get("eventName")), "us-east-1"))
    return calls


def test_real_sessions_began_in_the_second_in_which_their_key_was_issued() -> None:
    calls = _real_calls()
    by_key: dict[str, list[Call]] = defaultdict(list)
    for one in calls:
        if one.issued is not None and one.issued.credentials.key:
            by_key[one.issued.credentials.key].append(one)
    began = defaultdict(set)
    for one in calls:
        began[one.credentials.key].add(one.credentials.began)
    proofs: Counter[Proof | None] = Counter()
    # One key in many sessions is a mask.
    for used in (one for one in calls if len(began[one.credentials.key]) == 1):
        for issuer in by_key.get(used.credentials.key, ()):
            proof = None if issuer.issued is None else proof_of(issuer.issued, issuer.second, used.credentials)
            proofs[proof] += 1
            if proof is Proof.KEY and used.credentials.began is not None:
                assert issuer.second == used.credentials.began
                assert issuer.second <= used.second
    assert set(proofs) == {Proof.KEY}
    assert proofs[Proof.KEY] > 50


def test_attack_techniques_lead_back_to_the_user_behind_them() -> None:
    """Stratus Red Team's records: roles and federation tokens, each taken by its user, `christophe` or a bait."""
    calls = _real_calls()
    issuers = {one.issued.credentials.key: one for one in calls if one.issued and one.issued.credentials.key}
    federated = [one for one in calls if one.credentials.kind is CredentialKind.FEDERATED]
    assert [one.name for one in federated], "a call with the token of GetFederationToken"
    for one in federated:
        issuer = issuers[one.credentials.key]
        assert (issuer.name, issuer.credentials.kind) == ("GetFederationToken", CredentialKind.USER_KEY)
    assumed = [
        issuers[one.credentials.key]
        for one in calls
        if one.credentials.role.startswith("stratus-red-team") and one.credentials.key in issuers
    ]
    assert len(assumed) > 40
    assert {one.credentials.name for one in assumed} == {"christophe"}


def test_real_answers_of_the_service_are_read() -> None:
    kinds = {call_of(event, "us-east-1").credentials.kind for event in looked_up()}
    assert CredentialKind.UNKNOWN not in kinds


def test_a_session_is_told_by_its_key_or_by_who_and_when() -> None:
    other_key = Credentials(CredentialKind.ROLE, "ASIAELSE", principal=USED.principal, began=USED.began)
    assert USED.is_session_of(other_key)
    assert not USED.is_session_of(
        Credentials(CredentialKind.ROLE, "ASIAELSE", principal=USED.principal, began=START + 9)
    )
    assert not Credentials(CredentialKind.UNKNOWN).is_session_of(Credentials(CredentialKind.UNKNOWN))
