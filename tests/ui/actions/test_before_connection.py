"""What is asked for before there is a connection happens as soon as there is one; esc takes it back."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

from ctui.errors import EndpointUnreachable

Open = Callable[..., AbstractAsyncContextManager[Driver]]
SOON = "starts once connected"

ASKS = {
    "M": (("M",), "M", "120"),
    "m": (("m",), "m", ">100"),
    "m twice": (("m", "m"), "m", "120"),
    "enter": (("slash", *"user:user-1*", "enter"), "enter", "31 in 120"),
}
"""Keys, what the word begins with, and how many rows there are in the end."""

THEN = {"M": "load all", "m": "load more", "m twice": "load more", "enter": "continue searching"}
"""What stands at the foot meanwhile."""


@pytest.fixture
def service() -> Service:
    """Three pages, behind a connection that does not stand yet."""
    service = Service(events(120, EPOCH))
    service.hold_connection()
    return service


def keys_of(name: str) -> tuple[str, ...]:
    """Keys as the terminal names them."""
    names = {":": "colon", "-": "minus", "*": "asterisk"}
    return tuple(names.get(key, key) for key in ASKS[name][0])


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("name", ASKS)
async def test_it_happens_once_the_connection_stands(
    open_app: Open, service: Service, name: str, size: tuple[int, int]
) -> None:
    async with open_app(service, size, settle=False) as ctui:
        await ctui.tap(*keys_of(name))
        assert ctui.notices() == [f"{ASKS[name][1]}: {SOON}; esc cancel"]
        service.release_connection()
        await ctui.settle()
        assert ctui.title("events").endswith(f"of {ASKS[name][2]}")


@pytest.mark.parametrize("name", ASKS)
async def test_it_happens_after_a_connection_that_failed_and_r(open_app: Open, service: Service, name: str) -> None:
    async with open_app(service, settle=False) as ctui:
        await ctui.tap(*keys_of(name))
        service.fail["connect"] = EndpointUnreachable("No connection", "Nothing listens there.")
        service.release_connection()
        await ctui.settle()
        assert "failed" in ctui.title("events")
        assert f"No connection, r retry, then {THEN[name]}" in ctui.line("feed-line")
        service.fail.clear()
        await ctui.press("r")
        assert ctui.title("events").endswith(f"of {ASKS[name][2]}")


@pytest.mark.parametrize("name", ASKS)
async def test_it_happens_where_it_is_asked_for_after_the_connection_failed(
    open_app: Open, service: Service, name: str
) -> None:
    service.release_connection()
    service.fail["connect"] = EndpointUnreachable("No connection", "Nothing listens there.")
    async with open_app(service) as ctui:
        await ctui.press(*keys_of(name))
        assert f"{ASKS[name][1]}: {SOON}; r retry" in ctui.notices()
        service.fail.clear()
        await ctui.press("r")
        assert ctui.title("events").endswith(f"of {ASKS[name][2]}")


@pytest.mark.parametrize("name", ASKS)
async def test_esc_takes_it_back(open_app: Open, service: Service, name: str) -> None:
    async with open_app(service, settle=False) as ctui:
        await ctui.tap(*keys_of(name), "escape")
        assert ctui.notices() == ["esc: canceled, nothing loads once connected"]
        service.release_connection()
        await ctui.settle()
        assert service.lookups == 1


async def test_once_everything_is_asked_for_the_keys_say_so(open_app: Open, service: Service) -> None:
    async with open_app(service, settle=False) as ctui:
        await ctui.tap("M", "M")
        assert ctui.notices() == ["M: the whole range loads once connected; esc cancel"]
        await ctui.tap("escape", "M", "escape", "m")
        service.release_connection()
        await ctui.settle()
        assert ctui.title("events").endswith("of >100")
