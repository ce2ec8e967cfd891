"""Snapshots: states are replaced when something happens; reading them builds nothing. Counts are the budget."""

from collections import Counter
from datetime import timedelta

import pytest
from support.core_driver import StartSession
from support.counted import counting
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, event

from ctui.core.lookup import query_state, queue
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.core.lookup.queue import QueueState
from ctui.core.lookup.scope_scan import ScopeScan

PAGES = 10


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> "Counter[str]":
    """How often each state was built and the horizon computed, by name."""
    counts: Counter[str] = Counter()

    monkeypatch.setattr(query_state, "QueryState", counting(counts, "feed", QueryState))
    monkeypatch.setattr(queue, "QueueState", counting(counts, "queue", QueueState))
    monkeypatch.setattr(ScopeScan, "_advance", counting(counts, "horizon", ScopeScan._advance))
    return counts


def fill(service: FakeCloudTrail, pages: int = PAGES) -> None:
    service.events = [event(f"e{n:04}", EPOCH - timedelta(minutes=n + 30)) for n in range(50 * pages)]


async def test_reading_a_state_builds_nothing(
    start: StartSession, service: FakeCloudTrail, built: "Counter[str]"
) -> None:
    fill(service)
    session = await start()
    built.clear()
    assert session.explorer.query.state is session.explorer.query.state
    assert session.queue.state is session.queue.state
    assert not built


async def test_a_page_builds_two_feed_states_at_most_and_computes_the_horizon_once(
    start: StartSession, service: FakeCloudTrail, built: "Counter[str]"
) -> None:
    fill(service)
    session = await start()
    built.clear()
    session.explorer.query.more()
    assert built == {"feed": 1}, "the key alone"
    await session.idle()
    assert session.explorer.query.state.pages == 2
    assert built == {"feed": 3, "queue": 3, "horizon": 1}, (
        "queued, sent and answered; the rows, and the end of the load"
    )


async def test_loading_everything_costs_one_feed_state_and_one_horizon_a_page(
    start: StartSession, service: FakeCloudTrail, built: "Counter[str]"
) -> None:
    fill(service)
    session = await start()
    built.clear()
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    rest = PAGES - 1
    assert built == {"feed": rest + 2, "queue": 3 * rest, "horizon": rest}, "and the key, and the end of the load"
