"""Every name of who acted in an event: the role, the session, and each way in which a person or service is named.

Sources: CloudTrail user guide, "CloudTrail userIdentity element"; IAM user guide, "IAM identifiers" (ARNs and unique
IDs); IAM Identity Center user guide, "CloudTrail events" (a sign-in's UserName, onBehalfOf). Records are hostile: any
element can be missing, null or of another type, and is then ignored. All texts are as recorded.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from ctui.model.event.identity import arn_parts, behind_colon, caller_of, signed_in_name
from ctui.model.event.record import mapping, text

AMAZON: Final = ".amazonaws.com"
"""What a service's name ends in, as an event source and as a caller."""
_ACCOUNTS: Final = ("Root", "AWSAccount")
"""Types of identities that an account ID names: its root user, and a caller from another account."""
_PROVIDERS: Final = ("SAMLUser", "WebIdentityUser")
"""Types whose principalId begins with the identity provider: what follows a colon is no session's name."""


def role_of(record: dict[str, Any]) -> str:
    """The name of the role whose permissions were used; "" if there is none. Never raises.

    The session's issuer is preferred if it is a role, then the caller's ARN, `assumed-role/ROLE/SESSION` or
    `role/PATH/ROLE`. The role of an Identity Center permission set has the name that AWS gave it,
    `AWSReservedSSO_SET_SUFFIX`.
    """
    identity = mapping(record.get("userIdentity"))
    issuer = mapping(mapping(identity.get("sessionContext")).get("sessionIssuer"))
    of_issuer = arn_parts(text(issuer.get("arn")))
    if issuer.get("type") == "Role" or of_issuer[:1] == ["role"]:
        name = text(issuer.get("userName")) or (of_issuer[-1] if len(of_issuer) > 1 else "")
        if name:
            return name
    parts = arn_parts(text(identity.get("arn")))
    if len(parts) > 1 and parts[0] == "assumed-role":
        return parts[1]
    return parts[-1] if len(parts) > 1 and parts[0] == "role" else ""


def sessions_of(record: dict[str, Any]) -> tuple[str, ...]:
    """The names of the session that acted: that in the ARN or the principal ID, and its source identity.

    Empty for credentials that are no session. Never raises.
    """
    identity = mapping(record.get("userIdentity"))
    return tuple(dict.fromkeys(filter(None, _sessions(identity))))


def acts_as_service(record: dict[str, Any]) -> bool:
    """True if the event's source is among the names of who acted, unless the record names the service. Never raises."""
    kind = mapping(record.get("userIdentity")).get("type")
    return kind == "AWSService" or record.get("eventType") == "AwsServiceEvent"


def names_of(record: dict[str, Any], username: str | None, access_key_id: str | None) -> tuple[str, ...]:
    """Every text that names who acted, each once, what people call them first. Never raises.

    `username` and `access_key_id` are the service's own fields around the record. A service is named in full and
    without `.amazonaws.com`. An account ID names its root user, a caller from another account, and a caller of whom
    nothing better is known.
    """
    identity = mapping(record.get("userIdentity"))
    names = [username or "", *_names(record, identity), access_key_id or "", caller_of(record, username).user]
    if identity.get("type") in _ACCOUNTS:
        names.append(text(identity.get("accountId")))
    return tuple(dict.fromkeys(filter(None, names)))


def _sessions(identity: dict[str, Any]) -> Iterator[str]:
    parts = arn_parts(text(identity.get("arn")))
    if (parts[:1] == ["assumed-role"] and len(parts) > 2) or (parts[:1] == ["federated-user"] and len(parts) > 1):
        yield parts[-1]
    if identity.get("type") not in _PROVIDERS:
        yield behind_colon(text(identity.get("principalId")))
    yield text(mapping(identity.get("sessionContext")).get("sourceIdentity"))


def _names(record: dict[str, Any], identity: dict[str, Any]) -> Iterator[str]:
    issuer = mapping(mapping(identity.get("sessionContext")).get("sessionIssuer"))
    scope = mapping(identity.get("inScopeOf"))
    principal = text(identity.get("principalId"))
    yield text(identity.get("userName"))
    yield signed_in_name(record)
    yield from _sessions(identity)
    if identity.get("type") == "Root":
        yield "root"
    yield role_of(record)
    yield text(issuer.get("userName"))
    yield from _service_names(record, identity)
    for arn in (identity.get("arn"), issuer.get("arn"), scope.get("credentialsIssuedTo"), scope.get("sourceArn")):
        yield _last_part(text(arn))
        yield text(arn)
    yield text(identity.get("accessKeyId"))
    yield principal
    if identity.get("type") != "WebIdentityUser":
        yield principal.partition(":")[0]
        yield behind_colon(principal)
    yield text(issuer.get("principalId"))
    yield text(identity.get("credentialId"))
    yield text(mapping(identity.get("onBehalfOf")).get("userId"))
    yield text(mapping(identity.get("invokedByDelegate")).get("accountId"))


def _service_names(record: dict[str, Any], identity: dict[str, Any]) -> Iterator[str]:
    """The service that acted or passed the call on. An event of a service that names none is one of its source."""
    name = text(identity.get("invokedBy"))
    if not name and acts_as_service(record):
        name = text(record.get("eventSource"))
    yield name.removesuffix(AMAZON)
    yield name


def _last_part(arn: str) -> str:
    """What an ARN ends in, such as `alice` for a user and `root` for an account; "" if the text is not an ARN."""
    fields = arn.split(":", 5)
    return re.split("[:/]", fields[5])[-1] if len(fields) == 6 and fields[0] == "arn" else ""
