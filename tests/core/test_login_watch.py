"""LoginWatch: how often the stored login is looked at, and that everything goes on once it is another one."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock, FakeClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event

from ctui.core.login_watch import LIKELY, SELDOM, SOON
from ctui.core.logins import LoginPhase, OtherLogin
from ctui.core.session import SessionPhase
from ctui.errors import ExpiredLogin, LoginNeeded
from ctui.model.login_command import SSO_LOGIN, LoginAgain, LoginCommand


class StoredLogin:
    """A login in a file: whether it is another one, and how often that was asked."""

    def __init__(self) -> None:
        self.is_new = False
        self.looks: list[threading.Thread] = []

    def renewed(self) -> bool:
        self.looks.append(threading.current_thread())
        return self.is_new

    def needed(self) -> LoginNeeded:
        again = LoginAgain(LoginCommand(SSO_LOGIN, "work"), "/token", self.renewed)
        return LoginNeeded("SSO session expired", "It is over.", "Log in.", again)


@pytest.fixture
def stored() -> StoredLogin:
    return StoredLogin()


@pytest.fixture(autouse=True)
def pages(service: FakeCloudTrail) -> None:
    """An account with three pages."""
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n)) for n in range(120)]


async def watch(session: CoreDriver, seconds: float) -> None:
    """Look each second, as the screen does while a login is needed."""
    clock = session.clock
    assert isinstance(clock, FakeClock)
    for _ in range(int(seconds)):
        clock.advance(1)
        if session.login_needed is not None:
            session.login_watch.look()
        await session.idle()


async def test_an_hour_without_a_login_costs_few_looks_and_no_call(
    start: StartSession, service: FakeCloudTrail, stored: StoredLogin
) -> None:
    connector = FakeConnector(service, [stored.needed()])
    session = await start(connector)
    assert session.state.phase is SessionPhase.FAILED
    await watch(session, 3600)
    assert len(stored.looks) == LIKELY // SOON + (3600 - LIKELY) // SELDOM - 1
    assert threading.current_thread() not in stored.looks, "a home on a network may hang"
    assert (connector.connected, service.calls.total()) == (0, 0)


@pytest.mark.parametrize("after", [5, 2000], ids=["soon", "late"])
async def test_once_it_is_stored_the_session_connects_by_itself(
    start: StartSession, service: FakeCloudTrail, stored: StoredLogin, after: int
) -> None:
    connector = FakeConnector(service, [stored.needed()])
    session = await start(connector)
    await watch(session, after)
    stored.is_new = True
    looks = len(stored.looks)
    await watch(session, SELDOM)
    assert session.state.phase is SessionPhase.READY
    assert session.login_needed is None
    assert len(session.loaded()) == 50
    assert (connector.connected, len(stored.looks)) == (1, looks + 1)


async def test_a_login_that_still_does_not_work_is_needed_anew(
    start: StartSession, service: FakeCloudTrail, stored: StoredLogin
) -> None:
    second = StoredLogin()
    connector = FakeConnector(service, [stored.needed(), second.needed()])
    session = await start(connector)
    stored.is_new = True
    await watch(session, 60)
    assert session.login_needed is not None
    assert len(stored.looks) == 1, "what was tried is not tried again"
    second.is_new = True
    await watch(session, 10)
    assert session.state.phase is SessionPhase.READY


async def test_of_another_account_that_one_alone_connects(
    start: StartSession, service: FakeCloudTrail, stored: StoredLogin, clock: AutoClock
) -> None:
    working, other = FakeConnector(service), FakeConnector(FakeCloudTrail(clock), [stored.needed()])
    session = await start(working, other_logins=[OtherLogin("work", other)])
    assert session.state.phase is SessionPhase.READY
    assert session.login_needed is not None
    stored.is_new = True
    await watch(session, SELDOM)
    assert [login.phase for login in session.logins.state] == [LoginPhase.READY]
    assert (working.connected, other.connected) == (1, 1)


async def test_in_the_middle_of_a_load_it_goes_on_from_where_it_was(
    start: StartSession, service: FakeCloudTrail, stored: StoredLogin
) -> None:
    connector = FakeConnector(service)
    session = await start(connector)
    service.calls.clear()
    service.failures.extend([None, stored.needed()])
    await session.load_all()
    assert session.login_needed is not None
    before = len(session.loaded())
    stored.is_new = True
    await watch(session, 60)
    assert (before, len(session.loaded())) == (100, 120)
    assert len(set(session.loaded())) == 120


@pytest.mark.parametrize(
    "error",
    [
        lambda: ExpiredLogin("MFA session expired", "It is over.", "Press r."),
        lambda: LoginNeeded("SSO login needed", "Nobody knows which.", "Log in."),
    ],
    ids=["no browser", "unknown"],
)
async def test_other_logins_are_not_watched(
    start: StartSession, service: FakeCloudTrail, error: Callable[[], ExpiredLogin]
) -> None:
    session = await start(FakeConnector(service, [error()]))
    assert session.state.phase is SessionPhase.FAILED
    assert session.login_needed is None
