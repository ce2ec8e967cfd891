"""One login for several connectors: who comes while it is under way waits for it, and nobody logs in twice."""

import asyncio
from collections import deque
from types import SimpleNamespace
from typing import Any, cast

import pytest
from support.fakes.cloudtrail import CONNECTION

from ctui.aws.connector import Resolved, SharedLogin
from ctui.aws.login.login import Login
from ctui.errors import ExpiredLogin
from ctui.model.connection import Connection

pytestmark = pytest.mark.asyncio


class Person:
    """Logs in when the test lets them."""

    def __init__(self) -> None:
        self.asked = 0
        self.canceled = 0
        self.outcomes: deque[Login | Exception] = deque()
        self.gate = asyncio.Event()

    async def log_in(self, resolved: Resolved) -> Login:
        self.asked += 1
        resolved(CONNECTION)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.canceled += 1
            raise
        outcome = self.outcomes.popleft()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def a_login() -> Login:
    return cast(Login, SimpleNamespace(connection=CONNECTION, prepared=SimpleNamespace))


def nobody(_: Connection) -> None:
    """Nobody listens."""


async def turns() -> None:
    """Let what can run do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_during_a_login_waits_for_it_and_hears_what_it_has_said() -> None:
    person, heard, late = Person(), list[Connection](), list[Connection]()
    shared = SharedLogin(person.log_in)
    first = asyncio.create_task(shared.get(heard.append))
    await turns()
    second = asyncio.create_task(shared.get(late.append))
    await turns()
    assert heard == late == [CONNECTION]
    person.outcomes.append(a_login())
    person.gate.set()
    assert await first is await second is shared.current
    assert await shared.get(late.append) is shared.current
    assert late == [CONNECTION, CONNECTION]
    assert person.asked == 1


async def test_a_login_that_is_over_is_made_again_once() -> None:
    person = Person()
    person.gate.set()
    person.outcomes.extend((a_login(), a_login()))
    shared = SharedLogin(person.log_in)
    over = await shared.get(nobody)
    assert await shared.get(nobody) is over
    new, same = await asyncio.gather(shared.get(nobody, instead_of=over), shared.get(nobody, instead_of=over))
    assert new is same is not over
    assert await shared.get(nobody, instead_of=over) is new
    assert person.asked == 2


async def test_a_failure_is_told_to_all_who_wait_and_to_nobody_after() -> None:
    person = Person()
    person.outcomes.extend((ExpiredLogin("Over", "It is over."), a_login()))
    shared = SharedLogin(person.log_in)
    waiting = [asyncio.create_task(shared.get(nobody)) for _ in range(3)]
    await turns()
    person.gate.set()
    assert [type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)] == [ExpiredLogin] * 3
    assert await shared.get(nobody) is shared.current
    assert person.asked == 2


async def test_a_login_ends_when_the_last_who_waits_gives_up() -> None:
    person = Person()
    shared = SharedLogin(person.log_in)
    waiting = [asyncio.create_task(shared.get(nobody)) for _ in range(2)]
    await turns()
    waiting[0].cancel()
    await turns()
    assert person.canceled == 0
    waiting[1].cancel()
    await turns()
    assert (person.canceled, shared.current) == (1, None)
    person.outcomes.append(a_login())
    person.gate.set()
    assert await shared.get(nobody) is shared.current


async def test_who_opens_a_gateway_again_gets_one_of_another_login_unless_there_is_one_already() -> None:
    person = Person()
    person.gate.set()
    logins: list[Any] = [a_login() for _ in range(3)]
    person.outcomes.extend(logins)
    shared = SharedLogin(person.log_in)
    assert await shared.get(nobody) is logins[0]
    await shared.open(nobody)
    assert person.asked == 1, "a role asked first: its login serves"
    await shared.open(nobody)
    assert person.asked == 2
    assert await shared.get(nobody, instead_of=logins[1]) is logins[2]
    await shared.open(nobody)
    assert person.asked == 3, "a role has logged in again since: its login serves"
