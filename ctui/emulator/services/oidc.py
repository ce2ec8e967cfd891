"""Signing in to the access portal as devices do: register a client, ask for a code, get a token, renew it.

No one has to approve it: the person of the account file has done so before the first poll.
"""

from urllib.parse import urlencode

from ctui.emulator.account.accounts import Portal
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.services import rest
from ctui.emulator.services.service import Parameters, Service, ServiceAnswer, ServiceCall
from ctui.emulator.wire.protocol import object_of
from ctui.emulator.wire.signature import SignedRequest, unique_id

_ACTIONS = {
    "/client/register": "RegisterClient",
    "/device_authorization": "StartDeviceAuthorization",
    "/token": "CreateToken",
}
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_REFRESH = "refresh_token"
_SIGN_IN_SECONDS, _RENEWAL_SECONDS, _REGISTRATION_SECONDS = 8 * 3600, 7 * 86400, 90 * 86400
_CODE = "device-code-of-the-emulator"


def register_client(call: ServiceCall) -> ServiceAnswer:
    """A client that may ask for sign-ins."""
    name = _given(call.parameters, "clientName")
    issued = int(call.now.timestamp())
    return ServiceAnswer(
        {
            "clientId": unique_id("", "client", name),
            "clientSecret": unique_id("", "secret", name),
            "clientIdIssuedAt": issued,
            "clientSecretExpiresAt": issued + _REGISTRATION_SECONDS,
        }
    )


def start_device_authorization(call: ServiceCall) -> ServiceAnswer:
    """The code that a person would type in, and the one with which the client polls."""
    portal = portal_of(call)
    if _given(call.parameters, "startUrl") != portal.start_url:
        raise _refused("InvalidRequestException", "invalid_request", "The start URL is not that of the portal")
    user_code = "EMUL-ATOR"
    return ServiceAnswer(
        {
            "deviceCode": _CODE,
            "userCode": user_code,
            "verificationUri": f"{portal.start_url}/#/device",
            "verificationUriComplete": f"{portal.start_url}/#/device?{urlencode({'user_code': user_code})}",
            "expiresIn": 600,
            "interval": 1,
        }
    )


def create_token(call: ServiceCall) -> ServiceAnswer:
    """A token of the portal, and one that renews it."""
    person = portal_of(call).person
    grant = _given(call.parameters, "grantType")
    if grant == _DEVICE:
        valid = call.parameters.get("deviceCode") == _CODE
    elif grant == _REFRESH:
        token = call.parameters.get("refreshToken")
        valid = isinstance(token, str) and call.keyring.person(token, call.now, renews=True) == person
    else:
        raise _refused("UnsupportedGrantTypeException", "unsupported_grant_type", "The emulator has no such grant")
    if not valid:
        raise _refused("InvalidGrantException", "invalid_grant", "Invalid grant provided")
    return ServiceAnswer(
        {
            "accessToken": call.keyring.sign_in(person, call.now, _SIGN_IN_SECONDS),
            "tokenType": "Bearer",
            "expiresIn": _SIGN_IN_SECONDS,
            "refreshToken": call.keyring.sign_in(person, call.now, _RENEWAL_SECONDS, renews=True),
        }
    )


def portal_of(call: ServiceCall) -> Portal:
    """The portal. Raises ServiceError if the account file has none."""
    if call.world.portal is None:
        raise _refused("InvalidRequestException", "invalid_request", "The account file has no portal")
    return call.world.portal


def _given(parameters: Parameters, name: str) -> str:
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise _refused("InvalidRequestException", "invalid_request", f"{name} is missing")
    return value


def _refused(code: str, error: str, description: str) -> ServiceError:
    return ServiceError(code, 400, f"{error}: {description}")


def _read(request: SignedRequest) -> tuple[str, Parameters]:
    if request.method != "POST":
        raise Refusal(Condition.ACTION_UNKNOWN, action=f"{request.method} {request.path}")
    return _ACTIONS[request.path], object_of(request.body)


def _write_error(wire: Wire, _request_id: str) -> bytes:
    """An error as OAuth words it."""
    error, _, description = wire.message.partition(": ")
    return rest.write("", {"error": error, "error_description": description}, "")


SERVICE = Service(
    name="sso-oauth",
    content_type=rest.CONTENT_TYPE,
    takes=lambda request: request.path in _ACTIONS,
    read=_read,
    operations={
        "RegisterClient": register_client,
        "StartDeviceAuthorization": start_device_authorization,
        "CreateToken": create_token,
    },
    write=rest.write,
    write_error=_write_error,
    signed=False,
)
