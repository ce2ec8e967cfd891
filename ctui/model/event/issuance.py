"""Which credentials an event issued: by a call that returns them, by making a key, or by a sign-in.

Sources: CloudTrail user guide, "AWS Management Console sign-in events" (ConsoleLogin, SwitchRole and its SwitchFrom);
IAM user guide, "Logging IAM and AWS STS API calls" (credentials in the response of each call of STS); AWS Sign-In user
guide, "OAuth" (CreateOAuth2Token and its signInSessionArn); IAM Identity Center user guide, "CloudTrail events"
(Federate and GetRoleCredentials). Records are hostile: any element can be missing, null or of another type, and is then
ignored.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from ctui.model.event.credentials import TEMPORARY, CredentialKind, Credentials, account_in, credentials_of
from ctui.model.event.identity import arn_parts, behind_colon, signed_in_name
from ctui.model.event.outcome import failure_of
from ctui.model.event.record import mapping, text
from ctui.model.values import dataclass


class IssueKind(StrEnum):
    """What an event that issues credentials does."""

    CREDENTIALS = "credentials"
    """It returns temporary credentials."""
    USER_KEY = "user key"
    """It makes a long-term access key."""
    SIGN_IN = "sign-in"
    """A person signs in to the console."""
    SWITCH = "switch"
    """A person takes a role in the console."""
    TOKEN = "token"
    """It returns a token, from which credentials are made later."""


SIGN_INS: Final = ("ConsoleLogin",)
SWITCHES: Final = ("SwitchRole", "RenewRole")
TOKENS: Final = ("CreateOAuth2Token", "AuthorizeOAuth2Access", "CreateOAuth2TokenWithIAM")
PORTAL: Final = ("Federate", "GetRoleCredentials", "GetSigninToken")
"""Events of IAM Identity Center after which its user has a session of a permission set's role."""
_WITHOUT_KEY: Final = {
    **dict.fromkeys(SIGN_INS, IssueKind.SIGN_IN),
    **dict.fromkeys(SWITCHES, IssueKind.SWITCH),
    **dict.fromkeys(TOKENS, IssueKind.TOKEN),
    **dict.fromkeys(PORTAL, IssueKind.TOKEN),
    "AssumeRole": IssueKind.CREDENTIALS,
    "AssumeRoleWithSAML": IssueKind.CREDENTIALS,
    "AssumeRoleWithWebIdentity": IssueKind.CREDENTIALS,
    "AssumeRoot": IssueKind.CREDENTIALS,
    "GetFederationToken": IssueKind.CREDENTIALS,
    "GetSessionToken": IssueKind.CREDENTIALS,
    "CreateAccessKey": IssueKind.USER_KEY,
}
"""Events that issue credentials, also where their record does not name the key."""


@dataclass(frozen=True, slots=True)
class Issuance:
    """What one event issued; "" where its record does not say."""

    kind: IssueKind
    credentials: Credentials
    """What was issued. `began` is the second of the event."""
    switched_from: str = ""
    """The ARN of who took the role in the console."""
    internal: bool = False
    """True if AWS made the call for a person in the console: that goes on to use other keys in the same session."""


def issuance_of(record: dict[str, Any], second: int, username: str | None = None) -> Issuance | None:
    """What a decoded record's event issued at an epoch second; None if it issued nothing, or failed. Never raises."""
    response = mapping(record.get("responseElements"))
    key = text(mapping(response.get("credentials")).get("accessKeyId"))
    made = text(mapping(response.get("accessKey")).get("accessKeyId"))
    name = text(record.get("eventName"))
    kind = _WITHOUT_KEY.get(name)
    if kind is None and key:
        kind = IssueKind.CREDENTIALS
    if kind is None or (made and kind is not IssueKind.USER_KEY) or failure_of(record):
        return None
    extra = mapping(record.get("additionalEventData"))
    caller = credentials_of(record, username)
    if kind is IssueKind.USER_KEY:
        issued = _made_key(record, response, made, second)
    elif kind is IssueKind.CREDENTIALS:
        issued = _session(record, response, caller, key, second)
    else:
        issued = _signed_in(record, caller, key, second)
    internal = "AWS Internal" in (record.get("sourceIPAddress"), record.get("userAgent"))
    internal = internal or text(record.get("userAgent")).startswith("AWS Signin")
    if internal and kind is IssueKind.CREDENTIALS:
        issued = replace(issued, console=True, username=issued.username or issued.name)
    return Issuance(
        kind=kind,
        credentials=issued,
        switched_from=text(extra.get("SwitchFrom")),
        internal=internal,
    )


def _session(
    record: dict[str, Any], response: dict[str, Any], caller: Credentials, key: str, second: int
) -> Credentials:
    """The session that a call of STS has returned: of a role, of a federated user, or of the caller."""
    role_user, federated = mapping(response.get("assumedRoleUser")), mapping(response.get("federatedUser"))
    request = mapping(record.get("requestParameters"))
    arn = text(role_user.get("arn")) or text(federated.get("arn"))
    principal = text(role_user.get("assumedRoleId")) or text(federated.get("federatedUserId"))
    role_arn = text(request.get("roleArn"))
    if role_user or role_arn:
        parts, of_role = arn_parts(arn), arn_parts(role_arn)
        return Credentials(
            CredentialKind.ROLE,
            key,
            name=text(request.get("roleSessionName")) or (parts[-1] if parts else "") or behind_colon(principal),
            role=of_role[-1] if of_role else parts[-2] if len(parts) > 2 else "",
            principal=principal,
            arn=arn,
            account=account_in(arn) or account_in(role_arn),
            began=second,
        )
    if federated or text(request.get("name")):
        name = text(request.get("name")) or behind_colon(principal)
        account = account_in(arn) or caller.account
        return Credentials(
            CredentialKind.FEDERATED, key, name=name, principal=principal, arn=arn, account=account, began=second
        )
    return Credentials(
        caller.kind if caller.kind in TEMPORARY else CredentialKind.USER_SESSION,
        key,
        name=caller.name,
        role=caller.role,
        principal=caller.principal,
        arn=caller.arn,
        account=caller.account,
        began=second,
    )


def _made_key(record: dict[str, Any], response: dict[str, Any], key: str, second: int) -> Credentials:
    made, request = mapping(response.get("accessKey")), mapping(record.get("requestParameters"))
    caller = credentials_of(record)
    user = text(made.get("userName")) or text(request.get("userName")) or caller.name
    return Credentials(
        CredentialKind.USER_KEY,
        key,
        name=user,
        account=text(record.get("recipientAccountId")) or caller.account,
        began=second,
        username=user,
    )


def _signed_in(record: dict[str, Any], caller: Credentials, key: str, second: int) -> Credentials:
    """The session of a sign-in is that of who signed in; the event names no key, or one that is used once."""
    extra = mapping(record.get("additionalEventData"))
    granted = {**mapping(record.get("requestParameters")), **mapping(record.get("serviceEventDetails"))}
    kind = CredentialKind.ROLE if caller.role or caller.kind is CredentialKind.ROLE else CredentialKind.USER_SESSION
    return Credentials(
        kind,
        key,
        name=caller.name or signed_in_name(record),
        role=caller.role or text(granted.get("role_name")),
        principal=caller.principal,
        arn=caller.arn,
        account=text(granted.get("account_id")) or caller.account or text(record.get("recipientAccountId")),
        began=second,
        sign_in_session=text(extra.get("signInSessionArn")) or caller.sign_in_session,
        console=text(record.get("eventName")) not in (*TOKENS, *PORTAL),
        username=caller.username,
    )
