"""The access portal of IAM Identity Center: its user's accounts and roles, and credentials of such a role.

Calls carry the token of a sign-in instead of a signature. Who signed in is the one person of the account file.
"""

from ctui.emulator.account.accounts import Account
from ctui.emulator.account.temporary import TemporaryKey
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.operations.call_record import RecordedCall
from ctui.emulator.services import rest
from ctui.emulator.services.oidc import portal_of
from ctui.emulator.services.service import Parameters, Service, ServiceAnswer, ServiceCall
from ctui.emulator.services.sts import session_elements
from ctui.emulator.wire.query import parts_of
from ctui.emulator.wire.signature import SignedRequest, Signer, unique_id

_ACTIONS = {
    ("GET", "/federation/credentials"): "GetRoleCredentials",
    ("GET", "/assignment/accounts"): "ListAccounts",
    ("GET", "/assignment/roles"): "ListAccountRoles",
    ("POST", "/logout"): "Logout",
}
_PATHS = frozenset(path for _, path in _ACTIONS)
_TOKEN = "x-amz-sso_bearer_token"
_SECONDS = 3600
"""How long a role's credentials last: the session duration of a permission set, one hour unless it is changed."""


def get_role_credentials(call: ServiceCall) -> ServiceAnswer:
    """Credentials of a session of the role that stands for a permission set in an account."""
    person = _person(call)
    account, name = _account(call), call.parameters.get("role_name", "")
    if name not in account.permission_sets:
        raise ServiceError("ForbiddenException", 403, "No access")
    mark = unique_id("", account.id, name)[:16].lower()
    key = call.keyring.issue(
        account,
        now=call.now,
        world_now=call.world_now,
        seconds=_SECONDS,
        role=f"aws-reserved/sso.amazonaws.com/AWSReservedSSO_{name}_{mark}",
        session=person,
    )
    credentials = {
        "accessKeyId": key.id,
        "secretAccessKey": key.secret,
        "sessionToken": key.session_token,
        "expiration": int(key.expires.timestamp() * 1000),
    }
    return ServiceAnswer({"roleCredentials": credentials}, recorded=_recorded(call, account, key))


def _recorded(call: ServiceCall, account: Account, key: TemporaryKey) -> RecordedCall:
    """The event in the account: IAM Identity Center makes a SAML assertion of the sign-in, and STS takes it."""
    region = portal_of(call).region
    provider = f"{unique_id('', account.id, 'provider')[:16]}="
    return RecordedCall(
        identity={
            "type": "SAMLUser",
            "principalId": f"{provider}:{key.session}",
            "userName": key.session,
            "identityProvider": provider,
        },
        account=account.id,
        region=region,
        service="sts",
        action="AssumeRoleWithSAML",
        parameters={
            "roleArn": account.arn("iam", "", f"role/{key.role}"),
            "roleSessionName": key.session,
            "principalArn": account.arn("iam", "", "saml-provider/AWSSSO_emulator_DO_NOT_DELETE"),
            "durationSeconds": _SECONDS,
        },
        elements=session_elements(Signer(account, key, region), key),
    )


def list_accounts(call: ServiceCall) -> ServiceAnswer:
    """The accounts in which the person has a permission set, on one page."""
    _person(call)
    reached = [one for one in call.world.accounts if one.permission_sets]
    listed = [{"accountId": one.id, "accountName": one.name or one.id, "emailAddress": one.email} for one in reached]
    return ServiceAnswer({"accountList": listed})


def list_account_roles(call: ServiceCall) -> ServiceAnswer:
    """The permission sets of the person in an account, on one page."""
    _person(call)
    account = _account(call)
    listed = [{"roleName": name, "accountId": account.id} for name in account.permission_sets]
    return ServiceAnswer({"roleList": listed})


def logout(call: ServiceCall) -> ServiceAnswer:
    """No one is signed in any more."""
    _person(call)
    call.keyring.expire_sign_ins()
    return ServiceAnswer({})


def _person(call: ServiceCall) -> str:
    """Who signed in. Raises ServiceError for a token that is not one, or is over."""
    token = call.parameters.get(_TOKEN)
    if token is None:
        raise ServiceError("InvalidRequestException", 400, "Missing session token")
    person = call.keyring.person(token, call.now)
    if person is None:
        raise ServiceError("UnauthorizedException", 401, "Session token not found or invalid")
    return person


def _account(call: ServiceCall) -> Account:
    account = call.world.find(call.parameters.get("account_id", ""))
    if account is None or not account.permission_sets:
        raise ServiceError("ForbiddenException", 403, "No access")
    return account


def _read(request: SignedRequest) -> tuple[str, Parameters]:
    action = _ACTIONS.get((request.method, request.path))
    if action is None:
        raise Refusal(Condition.ACTION_UNKNOWN, action=f"{request.method} {request.path}")
    parameters = parts_of(request.query)
    return action, {**parameters, **({_TOKEN: request.headers[_TOKEN]} if request.headers.get(_TOKEN) else {})}


SERVICE = Service(
    name="sso",
    content_type=rest.CONTENT_TYPE,
    takes=lambda request: request.path in _PATHS,
    read=_read,
    operations={
        "GetRoleCredentials": get_role_credentials,
        "ListAccounts": list_accounts,
        "ListAccountRoles": list_account_roles,
        "Logout": logout,
    },
    write=rest.write,
    write_error=rest.write_error,
    signed=False,
    codes={Condition.THROTTLED: ("TooManyRequestsException", 429)},
)
