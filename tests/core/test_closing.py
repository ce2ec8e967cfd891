"""Closing a session waits for nothing that hangs: logins, Regions, the list of Regions, what is followed."""

import asyncio
from functools import partial
from typing import Literal

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.cloudtrail import REGION, FakeCloudTrail, FakeConnector

from ctui.core.logins import OtherLogin
from ctui.core.session_state import SessionPhase
from ctui.model.connection import Identity

OTHER = "us-east-1"
_SECONDS = 120.0
"""After which closing counts as hanging, on any machine."""


class Stuck(asyncio.Event):
    """What is never set, and says when something waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def wait(self) -> Literal[True]:
        """Waits for ever."""
        self.reached.set()
        return await super().wait()


async def closes(session: CoreDriver, stuck: Stuck) -> None:
    """Close once something hangs, and see that all has ended while it still does."""
    await asyncio.wait_for(stuck.reached.wait(), _SECONDS)
    await asyncio.wait_for(session.close(), _SECONDS)
    await asyncio.wait_for(session.idle(), _SECONDS)
    assert session.state.phase is SessionPhase.CLOSED
    assert not stuck.is_set()


@pytest.mark.parametrize("method", ["connect", "identify", "list_regions", "describe_trails", "lookup_events"])
async def test_closing_waits_for_no_answer(start: StartSession, service: FakeCloudTrail, method: str) -> None:
    stuck = service.hanging[method] = Stuck()
    other = OtherLogin("dev", FakeConnector(FakeCloudTrail(service.clock, identity=_another_account)))
    session = await start(service, every_region=True, other_logins=[other], waits=False)
    await closes(session, stuck)


@pytest.mark.parametrize("working", [True, False])
async def test_closing_waits_for_no_login(start: StartSession, service: FakeCloudTrail, working: bool) -> None:
    stuck = Stuck()
    hangs, answers = FakeConnector(service, login=partial(_wait, stuck)), FakeConnector(service)
    first, second = (hangs, answers) if working else (answers, hangs)
    session = await start(first, every_region=True, other_logins=[OtherLogin("dev", second)], waits=False)
    await closes(session, stuck)


@pytest.mark.parametrize("region", [REGION, OTHER])
@pytest.mark.parametrize("follows", [False, True])
async def test_closing_waits_for_no_region(
    start: StartSession, service: FakeCloudTrail, region: str, follows: bool
) -> None:
    session, stuck = await start(regions=[OTHER]), Stuck()
    service.hanging[region] = stuck
    if follows:
        session.follow.start()
    else:
        session.refresh()
    await closes(session, stuck)


async def _another_account() -> Identity:
    return Identity("222222222222", "arn:aws:iam::222222222222:user/bob")


async def _wait(stuck: Stuck) -> None:
    await stuck.wait()
