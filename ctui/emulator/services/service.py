"""What the other services than CloudTrail have in common: how one is recognized, its actions, and how it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ctui.emulator.account.accounts import Account, World
from ctui.emulator.account.temporary import Keyring
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.operations.call_record import RecordedCall
from ctui.emulator.wire.signature import SignedRequest, Signer

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call to another service, of a caller that is known."""

    action: str
    parameters: Parameters
    """As the request named them."""
    caller: Signer | None
    """Who signed it, or None in a service whose calls are not signed."""
    world: World
    keyring: Keyring
    now: datetime
    """Real time, in which clients count how long credentials last."""
    world_now: datetime

    @property
    def signer(self) -> Signer:
        """Who signed it. Raises TypeError in a service whose calls are not signed."""
        if self.caller is None:
            raise TypeError(f"{self.action} is not signed")
        return self.caller


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """The answer to a call, and what the record of the call says of it."""

    members: Mapping[str, Any]
    elements: Mapping[str, Any] | None = None
    """responseElements, or None for a call that only reads."""
    reached: Account | None = None
    """The account in which it is recorded too, because a role of that account was assumed."""
    recorded: RecordedCall | None = None
    """What the event says of a call that is not signed, or None if there is none."""


Operation = Callable[[ServiceCall], ServiceAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: all that the API needs to answer for it."""

    name: str
    """As credential scopes and ARNs write it."""
    content_type: str
    takes: Callable[[SignedRequest], bool]
    """True for a request that is meant for it."""
    read: Callable[[SignedRequest], tuple[str, Parameters]]
    """Action and parameters of a request. Raises Refusal or ServiceError."""
    operations: Mapping[str, Operation]
    write: Callable[[str, Mapping[str, Any], str], bytes]
    """The answer to an action as bytes: action, members, request ID."""
    write_error: Callable[[Wire, str], bytes]
    signed: bool = True
    recorded: Callable[[Parameters], Mapping[str, Any]] = lambda _: {}
    """The parameters that the record of a call shows."""
    codes: Mapping[Condition, tuple[str, int]] = field(default_factory=dict)
    """Its own codes and statuses of what every call can meet. Where it has none, CloudTrail's count."""

    def error(self, condition: Condition, wire: Wire) -> Wire:
        """An error as this service returns it; `wire` is CloudTrail's."""
        code, status = self.codes.get(condition, (wire.code, wire.status))
        return Wire(code, status, wire.message)

    def known(self, action: str) -> str:
        """The action, if the service has it here. Raises Refusal otherwise."""
        if not action:
            raise Refusal(Condition.ACTION_MISSING)
        if action not in self.operations:
            raise Refusal(Condition.ACTION_UNKNOWN, action=action)
        return action


def text_of(parameters: Parameters, name: str) -> str | None:
    """A parameter that is a text, or None if it is not there."""
    value = parameters.get(name)
    return value if isinstance(value, str) and value else None


def required(parameters: Parameters, name: str) -> str:
    """A parameter that must be there. Raises ServiceError as STS and the newer services word it."""
    value = text_of(parameters, name)
    if value is None:
        shown = name[0].lower() + name[1:]
        raise invalid(f"Value null at '{shown}' failed to satisfy constraint: Member must not be null")
    return value


def invalid(reason: str) -> ServiceError:
    """A parameter that its rules do not allow."""
    return ServiceError("ValidationError", 400, f"1 validation error detected: {reason}")
