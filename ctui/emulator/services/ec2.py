"""EC2: DescribeRegions alone, in EC2's own query protocol."""

from collections.abc import Mapping
from itertools import count, takewhile
from typing import Any

from ctui.emulator.account.regions import RegionStatus, regions_of
from ctui.emulator.errors.conditions import Condition
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.services.service import Parameters, Service, ServiceAnswer, ServiceCall, text_of
from ctui.emulator.services.xml import CONTENT_TYPE, element, form_of, is_form, text
from ctui.emulator.wire.signature import SignedRequest, is_signed_for

_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
_NAME = "ec2"
_OPT_IN = {
    RegionStatus.ENABLED_BY_DEFAULT: "opt-in-not-required",
    RegionStatus.ENABLED: "opted-in",
    RegionStatus.DISABLED: "not-opted-in",
}
_AUTH = ("AuthFailure", 401)
_CODES = {
    Condition.SIGNATURE_MISSING: _AUTH,
    Condition.SIGNATURE_MALFORMED: _AUTH,
    Condition.SIGNATURE_TWICE: _AUTH,
    Condition.SIGNATURE_WRONG: _AUTH,
    Condition.SIGNATURE_SCOPE: _AUTH,
    Condition.SIGNATURE_OLD: ("RequestExpired", 400),
    Condition.SIGNATURE_FUTURE: ("RequestExpired", 400),
    Condition.KEY_UNKNOWN: _AUTH,
    Condition.TOKEN_INVALID: _AUTH,
    Condition.REGION_DISABLED: _AUTH,
    Condition.TOKEN_EXPIRED: ("RequestExpired", 400),
    Condition.DENIED: ("UnauthorizedOperation", 403),
    Condition.ACTION_MISSING: ("MissingAction", 400),
    Condition.ACTION_UNKNOWN: ("InvalidAction", 400),
    Condition.THROTTLED: ("RequestLimitExceeded", 503),
    Condition.INTERNAL: ("InternalError", 500),
    Condition.UNAVAILABLE: ("Unavailable", 503),
}


def describe_regions(call: ServiceCall) -> ServiceAnswer:
    """The Regions that are enabled, with AllRegions also the others. Names and filters narrow them down."""
    parameters = call.parameters
    statuses = {region: _OPT_IN[status] for region, status in regions_of(call.signer.account).items()}
    names = _numbered(parameters, "RegionName")
    for name in names:
        if name not in statuses:
            raise ServiceError("InvalidParameterValue", 400, f"Invalid region names: {name}")
    everything = text_of(parameters, "AllRegions") == "true"
    described = [
        {"regionName": region, "regionEndpoint": f"ec2.{region}.amazonaws.com", "optInStatus": status}
        for region, status in statuses.items()
        if (everything or status != _OPT_IN[RegionStatus.DISABLED]) and (not names or region in names)
    ]
    for field, values in _filters(parameters):
        described = [one for one in described if one[field] in values]
    return ServiceAnswer({"regionInfo": described})


def _filters(parameters: Parameters) -> list[tuple[str, list[str]]]:
    """(member of a Region, wanted values) of each filter. Raises ServiceError for an unknown one."""
    known = {"region-name": "regionName", "endpoint": "regionEndpoint", "opt-in-status": "optInStatus"}
    found = []
    for number in takewhile(lambda number: f"Filter.{number}.Name" in parameters, count(1)):
        name = parameters[f"Filter.{number}.Name"]
        if name not in known:
            raise ServiceError("InvalidParameterValue", 400, f"The filter '{name}' is invalid")
        found.append((known[name], _numbered(parameters, f"Filter.{number}.Value")))
    return found


def _numbered(parameters: Parameters, name: str) -> list[str]:
    """The values of NAME.1, NAME.2 and so on."""
    return [parameters[key] for key in takewhile(parameters.__contains__, (f"{name}.{number}" for number in count(1)))]


def _read(request: SignedRequest) -> tuple[str, Parameters]:
    form = form_of(request)
    return SERVICE.known(form.get("Action", "")), form


def _write(action: str, members: Mapping[str, Any], request_id: str) -> bytes:
    inner = "".join(element(name, value, "item") for name, value in members.items())
    name = f"{action}Response"
    return f'<{name} xmlns="{_NAMESPACE}"><requestId>{request_id}</requestId>{inner}</{name}>'.encode()


def _write_error(wire: Wire, request_id: str) -> bytes:
    return (
        f"<Response><Errors><Error><Code>{text(wire.code)}</Code><Message>{text(wire.message)}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    ).encode()


SERVICE = Service(
    name=_NAME,
    content_type=CONTENT_TYPE,
    takes=lambda request: is_form(request) and is_signed_for(request, _NAME),
    read=_read,
    operations={"DescribeRegions": describe_regions},
    write=_write,
    write_error=_write_error,
    codes=_CODES,
)
