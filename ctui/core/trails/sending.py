"""The API call for each change of a trail."""

from collections.abc import Awaitable, Callable

from ctui.core.sources import Gateway
from ctui.core.trails.verification import TrailChange, Verb


async def send(gateway: Gateway, change: TrailChange) -> None:
    """Make the call once. Raises the service's errors, and OutcomeUnknown if no answer came."""
    await _CALLS[change.verb](gateway, change)


async def _create(gateway: Gateway, change: TrailChange) -> None:
    assert change.draft is not None
    await gateway.create_trail(change.region, change.draft)


async def _update(gateway: Gateway, change: TrailChange) -> None:
    assert change.draft is not None
    await gateway.update_trail(change.region, change.draft)


async def _delete(gateway: Gateway, change: TrailChange) -> None:
    await gateway.delete_trail(change.region, change.key)


async def _start(gateway: Gateway, change: TrailChange) -> None:
    await gateway.start_logging(change.region, change.key)


async def _stop(gateway: Gateway, change: TrailChange) -> None:
    await gateway.stop_logging(change.region, change.key)


_CALLS: dict[Verb, Callable[[Gateway, TrailChange], Awaitable[None]]] = {
    Verb.CREATE: _create,
    Verb.UPDATE: _update,
    Verb.DELETE: _delete,
    Verb.START: _start,
    Verb.STOP: _stop,
}
