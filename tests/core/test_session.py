"""A session against an ideal service: connect, learn the account, load, refresh, close."""

from datetime import timedelta

from fakes.clock import EPOCH
from fakes.gateway import ACCOUNT, FakeCloudTrail, event

from ctui.core.feed import FeedPhase
from ctui.core.session import SessionPhase
from ctui.core.trails import TrailsPhase

from .conftest import StartSession


async def test_the_first_page_and_the_trails_load_by_themselves(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n)) for n in range(120)]

    session = await start()

    assert session.state.phase is SessionPhase.READY
    assert session.state.account == ACCOUNT
    assert session.trails.state.phase is TrailsPhase.READY
    assert session.feed.state.phase is FeedPhase.PAUSED
    assert session.feed.state.loaded == 50
    lines = session.summaries(session.feed.ids[:2])
    assert [line.event_id for line in lines] == ["e0", "e1"]
    assert session.event(session.feed.ids[49]).event_id == "e49"
