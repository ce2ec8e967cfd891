"""AWS Account Management: which Regions are enabled. REST-JSON."""

from ctui.emulator.account.accounts import Account
from ctui.emulator.account.regions import regions_of
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.services import rest
from ctui.emulator.services.pages import page
from ctui.emulator.services.service import Parameters, Service, ServiceAnswer, ServiceCall, text_of
from ctui.emulator.wire.protocol import object_of
from ctui.emulator.wire.signature import SignedRequest

_ACTIONS = {"/listRegions": "ListRegions", "/getRegionOptStatus": "GetRegionOptStatus"}
_MOST = 50
"""Regions on a page (API reference, ListRegions)."""
_BAD = "InvalidSignatureException"
_CODES = {
    Condition.SIGNATURE_MISSING: ("MissingAuthenticationTokenException", 403),
    Condition.SIGNATURE_MALFORMED: ("IncompleteSignatureException", 403),
    Condition.SIGNATURE_WRONG: (_BAD, 403),
    Condition.SIGNATURE_SCOPE: (_BAD, 403),
    Condition.SIGNATURE_OLD: (_BAD, 403),
    Condition.SIGNATURE_FUTURE: (_BAD, 403),
    Condition.KEY_UNKNOWN: ("UnrecognizedClientException", 403),
    Condition.TOKEN_INVALID: ("UnrecognizedClientException", 403),
    Condition.REGION_DISABLED: ("UnrecognizedClientException", 403),
    Condition.TOKEN_EXPIRED: ("ExpiredTokenException", 403),
    Condition.DENIED: ("AccessDeniedException", 403),
    Condition.THROTTLED: ("TooManyRequestsException", 429),
}


def list_regions(call: ServiceCall) -> ServiceAnswer:
    """The Regions of an account by name, perhaps only those with certain statuses."""
    wanted = call.parameters.get("RegionOptStatusContains")
    if wanted is not None and not isinstance(wanted, list):
        raise ServiceError("ValidationException", 400, "RegionOptStatusContains must be a list.")
    regions = [
        {"RegionName": region, "RegionOptStatus": status}
        for region, status in regions_of(_account(call)).items()
        if not wanted or status in wanted
    ]
    listed, more = page(regions, call.parameters, most=_MOST, code="ValidationException")
    return ServiceAnswer({"Regions": listed, **more})


def get_region_opt_status(call: ServiceCall) -> ServiceAnswer:
    """Whether one Region is enabled."""
    region = text_of(call.parameters, "RegionName")
    status = regions_of(_account(call)).get(region or "")
    if status is None:
        raise ServiceError("ValidationException", 400, f"The Region is not valid: {region}")
    return ServiceAnswer({"RegionName": region, "RegionOptStatus": status})


def _account(call: ServiceCall) -> Account:
    """The caller's account, or a member that the management account names. Raises ServiceError for others."""
    own, named = call.signer.account, text_of(call.parameters, "AccountId")
    if named is None:
        return own
    member = call.world.find(named)
    if member is None or member.management != own.id:
        raise ServiceError("AccessDeniedException", 403, f"You don't have access to account {named}.")
    return member


def _read(request: SignedRequest) -> tuple[str, Parameters]:
    if request.method != "POST":
        raise Refusal(Condition.ACTION_UNKNOWN, action=f"{request.method} {request.path}")
    return _ACTIONS[request.path], object_of(request.body)


SERVICE = Service(
    name="account",
    content_type=rest.CONTENT_TYPE,
    takes=lambda request: request.path in _ACTIONS,
    read=_read,
    operations={"ListRegions": list_regions, "GetRegionOptStatus": get_region_opt_status},
    write=rest.write,
    write_error=rest.write_error,
    codes=_CODES,
)
