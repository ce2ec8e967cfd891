"""How each change of a trail is sent."""

from collections.abc import Awaitable, Callable

from ctui.core.sources import Gateway
from ctui.core.trails.verification import Request, Verb


async def send(gateway: Gateway, request: Request) -> None:
    """Make the call that was asked for, once; raises the service's errors, and OutcomeUnknown where none came."""
    await _CALLS[request.verb](gateway, request)


async def _create(gateway: Gateway, request: Request) -> None:
    assert request.draft is not None
    await gateway.create_trail(request.region, request.draft)


async def _update(gateway: Gateway, request: Request) -> None:
    assert request.draft is not None
    await gateway.update_trail(request.region, request.draft)


async def _delete(gateway: Gateway, request: Request) -> None:
    await gateway.delete_trail(request.region, request.key)


async def _start(gateway: Gateway, request: Request) -> None:
    await gateway.start_logging(request.region, request.key)


async def _stop(gateway: Gateway, request: Request) -> None:
    await gateway.stop_logging(request.region, request.key)


_CALLS: dict[Verb, Callable[[Gateway, Request], Awaitable[None]]] = {
    Verb.CREATE: _create,
    Verb.UPDATE: _update,
    Verb.DELETE: _delete,
    Verb.START: _start,
    Verb.STOP: _stop,
}
