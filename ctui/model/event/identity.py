"""Who made a call, read from a record's `userIdentity`: the person or session, and the role it used.

Source: CloudTrail user guide, "CloudTrail userIdentity element". Records are hostile: any element can be missing, null
or of another type, and is then ignored.
"""

from typing import Any

from ctui.model.event.record import mapping, text
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """Who made a call; texts as recorded, so hostile until `render` has cleaned them."""

    user: str
    """The person, session or service; "" if the record names none."""
    role: str
    """The role whose permissions were used, or the IAM user for a federated user; "" if there is none."""
    root: bool
    """True for the account's root identity."""


def caller_of(record: dict[str, Any], username: str | None) -> Caller:
    """The caller in a decoded record; `username`, the service's own field, is used if the record names no one.

    Never raises, whatever the record contains.
    """
    identity = mapping(record.get("userIdentity"))
    if identity.get("type") == "Root":
        return Caller("root", "", True)
    parts = arn_parts(text(identity.get("arn")))
    issuer = text(mapping(mapping(identity.get("sessionContext")).get("sessionIssuer")).get("userName"))
    if identity.get("type") in ("AssumedRole", "FederatedUser"):
        return Caller(*_session(identity, parts, issuer, username), False)
    user = (
        text(identity.get("userName"))
        or (parts[-1] if parts else "")
        or behind_colon(text(identity.get("principalId")))
        or _signed_in(record, identity)
        or (username or "")
        or text(identity.get("invokedBy"))
        or text(identity.get("accountId"))
        or text(identity.get("principalId"))
        or issuer
    )
    return Caller(user, issuer if issuer != user else "", False)


def _session(identity: dict[str, Any], parts: list[str], issuer: str, username: str | None) -> tuple[str, str]:
    """(session, role) of temporary credentials.

    The ARN ends in `assumed-role/ROLE/SESSION` or `federated-user/NAME`; the issuer's name is preferred for the role.
    """
    of_role = parts[:1] == ["assumed-role"] and len(parts) >= 3
    of_federation = parts[:1] == ["federated-user"] and len(parts) >= 2
    session = (
        (parts[-1] if of_role or of_federation else "")
        or behind_colon(text(identity.get("principalId")))
        or (username or "")
        or text(identity.get("userName"))
    )
    role = issuer or (parts[-2] if of_role else "")
    if not session:
        return role or text(identity.get("principalId")), ""
    return session, role


def _signed_in(record: dict[str, Any], identity: dict[str, Any]) -> str:
    """IAM Identity Center: the name typed at sign-in, else the user's ID in the identity store."""
    return signed_in_name(record) or text(mapping(identity.get("onBehalfOf")).get("userId"))


def signed_in_name(record: dict[str, Any]) -> str:
    """The name that was typed at a sign-in of IAM Identity Center; "" if there is none."""
    return text(mapping(record.get("additionalEventData")).get("UserName"))


def arn_parts(arn: str) -> list[str]:
    """The path of an ARN's resource, such as ["user", "staff", "alice"]; empty if the text is not an ARN."""
    fields = arn.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        return []
    return [part for part in fields[5].split("/") if part]


def behind_colon(principal: str) -> str:
    """The session's name in a principalId such as `AROA…:alice`; "" if there is none."""
    return principal.partition(":")[2]


def account_of(record: dict[str, Any]) -> str:
    """The account of an event: recipientAccountId, else the caller's, else the accountId of an aggregated event; "" if
    none of them is a text."""
    own = mapping(record.get("userIdentity")).get("accountId")
    return text(record.get("recipientAccountId")) or text(own) or text(record.get("accountId"))


def another_account(record: dict[str, Any]) -> bool:
    """True if the caller's account is another one than the account that the event was recorded for."""
    own = text(mapping(record.get("userIdentity")).get("accountId"))
    recipient = text(record.get("recipientAccountId"))
    return bool(own and recipient) and own != recipient
