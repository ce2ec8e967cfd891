"""STS in the query protocol: GetCallerIdentity, AssumeRole and GetSessionToken.

Codes and wordings are those of the API reference of STS and of answers in public logs.
"""

import re
from collections.abc import Mapping
from typing import Any

from ctui.emulator.account.accounts import Account, IamRole
from ctui.emulator.account.session_policy import statements
from ctui.emulator.account.temporary import TemporaryKey
from ctui.emulator.errors.conditions import Condition
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.operations.call_record import written_date
from ctui.emulator.services.service import Parameters, Service, ServiceAnswer, ServiceCall, invalid, required, text_of
from ctui.emulator.services.xml import CONTENT_TYPE, element, form_of, is_form, text
from ctui.emulator.wire.signature import SignedRequest, Signer

_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_ROLE_ARN = re.compile(r"arn:(?P<partition>[a-z-]+):iam::(?P<account>[0-9]{12}):role/.+")
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_LONGEST_POLICY = 2048
"""Characters of a session policy (API reference, AssumeRole)."""
_SHORTEST, _DEFAULT, _CHAINED = 900, 3600, 3600
"""Seconds of a role's session: the fewest, those without DurationSeconds, and the most where a role assumes a role."""
_LONGEST_OF_USERS, _DEFAULT_OF_USERS = 129600, 43200
"""Seconds of GetSessionToken: the most, and those without DurationSeconds."""
_SHOWN = ("RoleArn", "RoleSessionName", "Policy", "DurationSeconds", "SerialNumber")
_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_DENIED = "AccessDenied"
_MFA = "MultiFactorAuthentication failed"

_CODES = {
    Condition.SIGNATURE_MISSING: ("MissingAuthenticationToken", 403),
    Condition.SIGNATURE_MALFORMED: ("IncompleteSignature", 400),
    Condition.SIGNATURE_TWICE: ("IncompleteSignature", 400),
    Condition.SIGNATURE_WRONG: ("SignatureDoesNotMatch", 403),
    Condition.SIGNATURE_SCOPE: ("SignatureDoesNotMatch", 403),
    Condition.SIGNATURE_OLD: ("SignatureDoesNotMatch", 403),
    Condition.SIGNATURE_FUTURE: ("SignatureDoesNotMatch", 403),
    Condition.KEY_UNKNOWN: ("InvalidClientTokenId", 403),
    Condition.TOKEN_INVALID: ("InvalidClientTokenId", 403),
    Condition.REGION_DISABLED: ("InvalidClientTokenId", 403),
    Condition.TOKEN_EXPIRED: ("ExpiredToken", 403),
    Condition.DENIED: (_DENIED, 403),
    Condition.ACTION_MISSING: ("MissingAction", 400),
    Condition.ACTION_UNKNOWN: ("InvalidAction", 400),
    Condition.THROTTLED: ("Throttling", 400),
}


def get_caller_identity(call: ServiceCall) -> ServiceAnswer:
    """Who the caller is."""
    caller = call.signer
    return ServiceAnswer({"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account.id})


def assume_role(call: ServiceCall) -> ServiceAnswer:
    """Credentials of a role's session, also of a role in another account, which records the call too."""
    caller, parameters = call.signer, call.parameters
    arn, session = required(parameters, "RoleArn"), required(parameters, "RoleSessionName")
    if not _SESSION_NAME.fullmatch(session):
        raise invalid(
            f"Value '{session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular "
            r"expression pattern: [\w+=,.@-]*"
        )
    policy = _policy(parameters)
    account, role = _role(call, arn)
    seconds = _seconds(parameters, _DEFAULT, role.longest)
    if caller.key.role and seconds > _CHAINED:
        raise _wrong(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        )
    mfa = _has_mfa(call)
    if role.mfa and not mfa:
        raise _not_authorized(caller, arn)
    key = call.keyring.issue(
        account,
        now=call.now,
        world_now=call.world_now,
        seconds=seconds,
        role=role.name,
        session=session,
        mfa=mfa and not caller.key.role,
        policy=policy,
        deny=role.deny,
    )
    assumed = Signer(account, key, caller.region)
    user = {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn}
    packed = {} if policy is None else {"PackedPolicySize": max(1, len(policy) * 100 // _LONGEST_POLICY)}
    return ServiceAnswer(
        {"Credentials": _credentials(key), "AssumedRoleUser": user, **packed},
        elements=session_elements(assumed, key),
        reached=None if account.id == caller.account.id else account,
    )


def session_elements(session: Signer, key: TemporaryKey) -> dict[str, Any]:
    """What the record of a call says of the role's session that it returned."""
    return {
        "credentials": _issued(key),
        "assumedRoleUser": {"assumedRoleId": session.user_id, "arn": session.arn},
    }


def get_session_token(call: ServiceCall) -> ServiceAnswer:
    """Temporary credentials of the user itself, with MFA where a code is given."""
    caller = call.signer
    if caller.key.session_token is not None:
        raise ServiceError(_DENIED, 403, "Cannot call GetSessionToken with session credentials")
    seconds = _seconds(call.parameters, _DEFAULT_OF_USERS, _LONGEST_OF_USERS)
    key = call.keyring.issue(
        caller.account,
        now=call.now,
        world_now=call.world_now,
        seconds=seconds,
        user=caller.key.user,
        mfa=_has_mfa(call),
        deny=caller.key.deny,
    )
    return ServiceAnswer({"Credentials": _credentials(key)}, elements={"credentials": _issued(key)})


def _role(call: ServiceCall, arn: str) -> tuple[Account, IamRole]:
    """The account and the role that the caller may assume. Raises ServiceError, the same for no role."""
    caller = call.signer
    if not (20 <= len(arn) <= 2048):
        raise invalid(
            f"Value '{arn}' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal "
            "to 20"
        )
    if not (named := _ROLE_ARN.fullmatch(arn)):
        raise _wrong(f"{arn} is invalid")
    if not (caller.key.user or caller.key.role):
        raise ServiceError(_DENIED, 403, "Roles may not be assumed by root accounts.")
    account = call.world.find(named["account"])
    role = account.role(arn) if account is not None else None
    own = caller.account
    trusted = {own.id, own.arn("iam", "", "root"), caller.arn}
    if caller.key.role:
        trusted.add(own.arn("iam", "", f"role/{caller.key.role}"))
    if account is None or role is None or not trusted & set(role.assumed_by):
        raise _not_authorized(caller, arn)
    return account, role


def _has_mfa(call: ServiceCall) -> bool:
    """True if a valid code came with the call, or the caller's session was made with one. Raises ServiceError."""
    serial, code = text_of(call.parameters, "SerialNumber"), text_of(call.parameters, "TokenCode")
    caller = call.signer
    if serial is None and code is None:
        return isinstance(caller.key, TemporaryKey) and caller.key.mfa
    if serial is None or code is None:
        raise ServiceError(_DENIED, 403, f"{_MFA}, must provide both MFA serial number and one time pass code. ")
    device = caller.account.mfa_device(serial)
    if device is None or device.user != caller.key.user:
        raise ServiceError(
            _DENIED,
            403,
            f"{_MFA}, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with "
            "this user. ",
        )
    if code != device.code:
        raise ServiceError(_DENIED, 403, f"{_MFA} with invalid MFA one time pass code. ")
    return True


def _policy(parameters: Parameters) -> str | None:
    """The session policy. Raises ServiceError for one that is too long, malformed, or cannot be enforced."""
    if any(name.startswith("PolicyArns.") for name in parameters):
        raise _wrong("The emulator has no managed policies: it cannot enforce PolicyArns.")
    policy = text_of(parameters, "Policy")
    if policy is None:
        return None
    if len(policy) > _LONGEST_POLICY:
        raise invalid(
            "Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048"
        )
    try:
        statements(policy)
    except ValueError as reason:
        raise ServiceError("MalformedPolicyDocument", 400, str(reason)) from None
    return policy


def _seconds(parameters: Parameters, default: int, longest: int) -> int:
    given = text_of(parameters, "DurationSeconds")
    if given is None:
        return default
    try:
        seconds = int(given)
    except ValueError:
        raise ServiceError("MalformedInput", 400, "The request body could not be read.") from None
    if seconds < _SHORTEST:
        raise invalid(
            f"Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than "
            f"or equal to {_SHORTEST}"
        )
    if seconds > longest:
        raise _wrong("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    return seconds


def _wrong(message: str) -> ServiceError:
    return ServiceError("ValidationError", 400, message)


def _not_authorized(caller: Signer, arn: str) -> ServiceError:
    return ServiceError(
        _DENIED, 403, f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    )


def _credentials(key: TemporaryKey) -> dict[str, str | None]:
    return {
        "AccessKeyId": key.id,
        "SecretAccessKey": key.secret,
        "SessionToken": key.session_token,
        "Expiration": f"{key.expires:%Y-%m-%dT%H:%M:%SZ}",
    }


def _issued(key: TemporaryKey) -> dict[str, str]:
    return {"accessKeyId": key.id, "sessionToken": _HIDDEN, "expiration": written_date(key.until.timestamp())}


def _recorded(parameters: Parameters) -> dict[str, Any]:
    """The requestParameters, without codes."""
    shown = {name: parameters[name] for name in _SHOWN if name in parameters}
    seconds = parameters.get("DurationSeconds", "")
    return {**shown, "DurationSeconds": int(seconds)} if seconds.isdecimal() else shown


def _read(request: SignedRequest) -> tuple[str, Parameters]:
    form = form_of(request)
    return SERVICE.known(form.get("Action", "")), form


def _write(action: str, members: Mapping[str, Any], request_id: str) -> bytes:
    result = "".join(element(name, value, "member") for name, value in members.items())
    return (
        f'<{action}Response xmlns="{_NAMESPACE}"><{action}Result>{result}</{action}Result>'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
    ).encode()


def _write_error(wire: Wire, request_id: str) -> bytes:
    side = "Sender" if wire.status < 500 else "Receiver"
    return (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>{side}</Type><Code>{text(wire.code)}</Code>'
        f"<Message>{text(wire.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


SERVICE = Service(
    name="sts",
    content_type=CONTENT_TYPE,
    takes=is_form,
    read=_read,
    operations={
        "GetCallerIdentity": get_caller_identity,
        "AssumeRole": assume_role,
        "GetSessionToken": get_session_token,
    },
    write=_write,
    write_error=_write_error,
    recorded=_recorded,
    codes=_CODES,
)
