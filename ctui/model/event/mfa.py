"""Whether a call or a sign-in was made with multi-factor authentication (MFA), as far as its record can know.

Two elements tell: `additionalEventData.MFAUsed` of a console sign-in ("AWS Management Console sign-in events" in the
CloudTrail user guide) and `sessionContext.attributes.mfaAuthenticated` of a session, which is true "if the root user or
IAM user whose credentials were used for the request also authenticated with an MFA device; otherwise, false"
("CloudTrail userIdentity element"). So both say No of everyone else, whatever happened. Someone who signs in with
SAML, a web identity or IAM Identity Center uses the MFA of another system, of which AWS learns nothing. A role that
another role or a service assumes has no device. And the session of a role looks the same in each of these cases.
Security Hub's control CloudWatch.3 (console sign-ins without MFA) counts IAM users alone for the same reason.

The rule: a yes is a yes. A no counts for IAM users and the root user; of anyone else it is unknown. It is unknown too
for the root user in a session of AssumeRoot (`assumedRoot`), since another identity made that, and for a record with
neither element, such as that of a call with long-term access keys.
"""

from enum import StrEnum
from typing import Any, Final

from ctui.model.event.record import mapping


class Mfa(StrEnum):
    """Whether MFA was used: a value of `mfa:`. Every event has exactly one."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


MARKERS: Final = ("MFAUsed", "mfaAuthenticated")
"""A record whose JSON uses no escapes and contains none of these says nothing of MFA."""
_KNOWN: Final = ("IAMUser", "Root")
"""The types of `userIdentity` whose devices AWS itself asks."""


def mfa_of(record: dict[str, Any]) -> Mfa:
    """Whether MFA was used for what a decoded record tells. Never raises."""
    identity = mapping(record.get("userIdentity"))
    session = mapping(identity.get("sessionContext"))
    said = (
        _said(mapping(record.get("additionalEventData")).get("MFAUsed")),
        _said(mapping(session.get("attributes")).get("mfaAuthenticated")),
    )
    if Mfa.YES in said:
        return Mfa.YES
    known = identity.get("type") in _KNOWN and _said(session.get("assumedRoot")) is not Mfa.YES
    return Mfa.NO if known and Mfa.NO in said else Mfa.UNKNOWN


def _said(value: object) -> Mfa:
    """A recorded yes or no: a JSON boolean, or its text as CloudTrail writes it."""
    if value is True or value in ("Yes", "true"):
        return Mfa.YES
    return Mfa.NO if value is False or value in ("No", "false") else Mfa.UNKNOWN
