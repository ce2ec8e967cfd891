"""AWS Organizations: ListAccounts, for the management account alone. JSON 1.1, as CloudTrail's."""

from ctui.emulator.account.accounts import Account, World
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.services import rest
from ctui.emulator.services.pages import page
from ctui.emulator.services.service import Parameters, Service, ServiceAnswer, ServiceCall
from ctui.emulator.wire.protocol import object_of
from ctui.emulator.wire.reply import JSON_TYPE
from ctui.emulator.wire.signature import SignedRequest

_TARGET = "AWSOrganizationsV20161128."
_ORGANIZATION = "o-emulator01"
_MOST = 20
"""Accounts on a page (API reference, ListAccounts)."""
_JOINED = 1577836800
"""Epoch second at which all accounts joined: 1 January 2020."""


def list_accounts(call: ServiceCall) -> ServiceAnswer:
    """The accounts of the caller's organization, in the order of the account file."""
    account = call.signer.account
    if account.organization == "none":
        raise ServiceError("AWSOrganizationsNotInUseException", 400, "Your account is not a member of an organization.")
    if account.organization == "member":
        raise ServiceError("AccessDeniedException", 400, "You don't have permissions to access this resource.")
    listed, more = page(_members(call.world, account), call.parameters, most=_MOST, code="InvalidInputException")
    return ServiceAnswer({"Accounts": [_account(one, account) for one in listed], **more})


def _members(world: World, management: Account) -> list[Account]:
    return [one for one in world.accounts if management.id in (one.id, one.management)]


def _account(account: Account, management: Account) -> dict[str, object]:
    where = f"arn:{account.partition}:organizations::{management.id}:account/{_ORGANIZATION}/{account.id}"
    return {
        "Id": account.id,
        "Arn": where,
        "Email": account.email,
        "Name": account.name or account.id,
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": "INVITED" if account is management else "CREATED",
        "JoinedTimestamp": _JOINED,
    }


def _takes(request: SignedRequest) -> bool:
    return request.headers.get("x-amz-target", "").startswith(_TARGET)


def _read(request: SignedRequest) -> tuple[str, Parameters]:
    action = request.headers["x-amz-target"].removeprefix(_TARGET)
    return SERVICE.known(action), object_of(request.body)


SERVICE = Service(
    name="organizations",
    content_type=JSON_TYPE,
    takes=_takes,
    read=_read,
    operations={"ListAccounts": list_accounts},
    write=rest.write,
    write_error=rest.write_typed_error,
)
