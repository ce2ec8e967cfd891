"""Which credentials a call was made with, read from its record.

Source: CloudTrail user guide, "CloudTrail userIdentity element" (sessionContext, creationDate, invokedBy). Records are
hostile: any element can be missing, null or of another type, and is then ignored.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from ctui.model.event.identity import caller_of
from ctui.model.event.names import role_of
from ctui.model.event.record import mapping, text
from ctui.model.values import dataclass


class CredentialKind(StrEnum):
    """What kind of credentials a call was made with."""

    USER_KEY = "user key"
    """A long-term access key of an IAM user or the root user."""
    USER_SESSION = "user session"
    """Temporary credentials of an IAM user or the root user: the console, aws login, GetSessionToken."""
    ROLE = "role"
    """A session of a role."""
    FEDERATED = "federated user"
    """Credentials of GetFederationToken."""
    PERSON = "person"
    """A person who signs in: there are no credentials yet."""
    SERVICE = "service"
    """An AWS service on its own."""
    OTHER_ACCOUNT = "another account"
    """A caller from another account, of which the record names no key."""
    WEB_IDENTITY = "web identity"
    """A token of an OpenID Connect provider."""
    SAML = "SAML"
    """An assertion of a SAML provider."""
    IDENTITY_CENTER = "Identity Center"
    """A user of IAM Identity Center."""
    UNKNOWN = "unknown"
    """The record does not say."""


TEMPORARY: Final = frozenset((CredentialKind.USER_SESSION, CredentialKind.ROLE, CredentialKind.FEDERATED))
"""Kinds of credentials that a call or a sign-in has issued a while before."""
RESERVED_ROLE: Final = "AWSReservedSSO_"
"""What the name of the role of an Identity Center permission set begins with."""
_KINDS: Final = {
    "AssumedRole": CredentialKind.ROLE,
    "FederatedUser": CredentialKind.FEDERATED,
    "AWSService": CredentialKind.SERVICE,
    "AWSAccount": CredentialKind.OTHER_ACCOUNT,
    "WebIdentityUser": CredentialKind.WEB_IDENTITY,
    "SAMLUser": CredentialKind.SAML,
    "IdentityCenterUser": CredentialKind.IDENTITY_CENTER,
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials as a record names them. Texts are as recorded: hostile until `render` has cleaned them; "" if the
    record does not say."""

    kind: CredentialKind
    key: str = ""
    """The access key ID."""
    name: str = ""
    """The person, session or service."""
    role: str = ""
    """The role's name."""
    principal: str = ""
    """The unique ID of who acts, for a session followed by a colon and its name."""
    arn: str = ""
    account: str = ""
    """The account of who acts, twelve digits."""
    began: int | None = None
    """The epoch second at which the session began (creationDate); None if there is none."""
    sign_in_session: str = ""
    """The ARN of the sign-in session behind it."""
    provider: str = ""
    """The identity provider behind the session."""
    console: bool = False
    """True for the console, which uses several keys for one session."""
    username: str = ""
    """The service's own Username."""

    def is_session_of(self, other: "Credentials") -> bool:
        """True if both are the same session: one key, or one principal in a session that began in the same second."""
        if self.key and self.key == other.key:
            return True
        return bool(self.principal) and (self.principal, self.began) == (other.principal, other.began)


def credentials_of(record: dict[str, Any], username: str | None = None) -> Credentials:
    """The credentials that a decoded record's call was made with. Never raises, whatever the record contains.

    `username` is the service's own field.
    """
    identity = mapping(record.get("userIdentity"))
    session = mapping(identity.get("sessionContext"))
    caller = caller_of(record, username)
    kind, key = _kind_of(record, identity), text(identity.get("accessKeyId"))
    federation = mapping(session.get("webIdFederationData"))
    return Credentials(
        kind=kind,
        key=key,
        name=caller.user,
        role=role_of(record),
        principal=text(identity.get("principalId")),
        arn=text(identity.get("arn")),
        account=text(identity.get("accountId")) or account_in(text(identity.get("arn"))),
        began=epoch_second(mapping(session.get("attributes")).get("creationDate")),
        sign_in_session=text(session.get("signInSessionArn")),
        provider=text(identity.get("identityProvider")) or text(federation.get("federatedProvider")),
        console=record.get("sessionCredentialFromConsole") in (True, "true"),
        username=username or "",
    )


def _kind_of(record: dict[str, Any], identity: dict[str, Any]) -> CredentialKind:
    kind, key = identity.get("type"), text(identity.get("accessKeyId"))
    if kind in ("IAMUser", "Root"):
        if mapping(mapping(identity.get("sessionContext")).get("attributes")).get("creationDate"):
            return CredentialKind.USER_SESSION
        if key:
            return CredentialKind.USER_SESSION if key.startswith("ASIA") else CredentialKind.USER_KEY
        return CredentialKind.PERSON
    if isinstance(kind, str) and kind in _KINDS:
        return _KINDS[kind]
    if mapping(identity.get("onBehalfOf")):
        return CredentialKind.IDENTITY_CENTER
    if text(identity.get("invokedBy")) or record.get("eventType") == "AwsServiceEvent":
        return CredentialKind.SERVICE
    return CredentialKind.UNKNOWN


def epoch_second(stamp: object) -> int | None:
    """The epoch second of an ISO 8601 text, as creationDate is written (UTC if it names no zone).

    None for any other value, and for a time before 1970.
    """
    if not isinstance(stamp, str) or len(stamp) > 40:
        return None
    try:
        moment = datetime.fromisoformat(stamp)
        second = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None
    return second if second >= 0 else None


def account_in(arn: str) -> str:
    """The account that an ARN names; "" if it names none, or the text is not an ARN."""
    fields = arn.split(":", 5)
    return fields[4] if len(fields) == 6 and fields[0] == "arn" else ""
