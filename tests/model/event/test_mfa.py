"""Whether MFA was used: what each kind of caller's record can know of it."""

from typing import Any

import pytest
from support.real_records import event_of

from ctui.model.event.mfa import Mfa, mfa_of
from ctui.model.event.record_view import RecordView


def session(kind: str, said: object, **more: object) -> dict[str, Any]:
    """A call with credentials of a session."""
    return {"userIdentity": {"type": kind, "sessionContext": {"attributes": {"mfaAuthenticated": said}, **more}}}


def sign_in(kind: str, said: object) -> dict[str, Any]:
    """A console sign-in."""
    return {
        "eventName": "ConsoleLogin", "userIdentity": {"type": kind}, "additionalEventData": {"MFAUsed": said},
    }  # fmt: skip


SSO = {"type": "Role", "userName": "AWSReservedSSO_ReadOnly_abcdef012345"}


@pytest.mark.parametrize(
    ("record", "mfa"),
    [
        (session("IAMUser", "true"), "yes"),
        (session("IAMUser", True), "yes"),
        (session("IAMUser", "false"), "no"),
        (session("IAMUser", False), "no"),
        (session("Root", "true"), "yes"),
        (session("Root", "false"), "no"),
        # A session of AssumeRoot was made by another identity.
        (session("Root", "false", assumedRoot="true"), "unknown"),
        (session("Root", "false", assumedRoot=True), "unknown"),
        (session("Root", "false", assumedRoot="false"), "no"),
        # A role says false of a person with SAML and MFA, of a machine, and of an IAM user without MFA alike.
        (session("AssumedRole", "true"), "yes"),
        (session("AssumedRole", "false"), "unknown"),
        (session("AssumedRole", "false", sessionIssuer=SSO), "unknown"),
        (session("AssumedRole", "false", webIdFederationData={"federatedProvider": "accounts.google.com"}), "unknown"),
        (session("FederatedUser", "false"), "unknown"),
        (session("SAMLUser", "false"), "unknown"),
        (session("WebIdentityUser", "false"), "unknown"),
        (session("IdentityCenterUser", "false"), "unknown"),
        (session("Unknown", "false"), "unknown"),
        (sign_in("IAMUser", "Yes"), "yes"),
        (sign_in("IAMUser", "No"), "no"),
        (sign_in("Root", "No"), "no"),
        (sign_in("AssumedRole", "Yes"), "yes"),
        (sign_in("AssumedRole", "No"), "unknown"),
        (sign_in("FederatedUser", "No"), "unknown"),
        # A yes of either element counts; an odd value says nothing.
        ({**sign_in("IAMUser", "No"), **session("IAMUser", "true")}, "yes"),
        (sign_in("IAMUser", "perhaps"), "unknown"),
        (sign_in("IAMUser", ["No"]), "unknown"),
        (session("IAMUser", {}), "unknown"),
        ({"userIdentity": {"type": "IAMUser", "accessKeyId": "AKIAEXAMPLE"}}, "unknown"),
        ({"userIdentity": {"type": {}}, "additionalEventData": {"MFAUsed": "No"}}, "unknown"),
        ({"userIdentity": None, "additionalEventData": "MFAUsed"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_no_counts_where_the_record_can_know_it(record: dict[str, Any], mfa: str) -> None:
    assert mfa_of(record) is Mfa(mfa)
    assert RecordView(event_of(record), "eu-west-1").mfa() is Mfa(mfa)
