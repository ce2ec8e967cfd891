"""A service that goes on for ever without telling anything new: a load ends, keeps its token, and claims nothing."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from support.core_driver import StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import CONNECTION, FakeCloudTrail, event

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.lookup.gap_scan import PAGES_WITHOUT_PROGRESS
from ctui.core.lookup.query_state import Halt
from ctui.core.session import Session
from ctui.model.connection import Connection, Scope
from ctui.model.lookup.scan import Page, Scan
from ctui.store.coverage import Coverage
from ctui.store.events import EventStore

Follow = Callable[[str, int], str]
"""The token that a page without progress gives, by the one it was asked with and its number."""


class Endless:
    """Stands before the ideal service: once pages are asked with `from_token`, it gives pages that lead nowhere."""

    def __init__(self, service: FakeCloudTrail, follow: Follow, *, again: bool, region: str | None = None) -> None:
        """`again`: such a page holds the events of the last good one; else it is empty. `region`: only there."""
        self.heals_after: int | None = None
        self.given = 0
        self._whole = service.lookup_events
        self._service = service
        self._follow = follow
        self._again = again
        self._region = region
        self._last: Page | None = None
        self._real: dict[str, str] = {}

    async def lookup(self, scan: Scan, token: str | None, on_sent: Callable[[], None] = lambda: None) -> Page:
        there = self._region in (None, scan.scope.region)
        healed = self.heals_after is not None and self.given >= self.heals_after
        if token is not None and there and not healed:
            self._service.calls["LookupEvents"] += 1
            self._service.asked.append((scan, token))
            following = self._follow(token, self.given)
            self._real[following] = self._real.get(token, token)
            self.given += 1
            events = self._last.events if self._again and self._last is not None else ()
            now = self._service.clock.now()
            return Page(events, following, now, now)
        page = await self._whole(scan, None if token is None else self._real.get(token, token))
        self._last = page
        return page


def fill(service: FakeCloudTrail, number: int) -> None:
    service.events = [event(f"e{n:03}", EPOCH - timedelta(minutes=n + 30)) for n in range(number)]


def coverage(session: Session, store: EventStore) -> Coverage:
    account = session.state.account
    assert account is not None
    return store.coverage(Scope(CONNECTION.origin, account, CONNECTION.region), None)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    "follow",
    [
        lambda token, number: token,
        lambda token, number: f"fresh-{number}",
        lambda token, number: f"cycle-{number % 3}",
    ],
    ids=["same token", "fresh tokens", "tokens in a circle"],
)
async def test_everything_ends_after_twenty_pages_without_progress(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch, follow: Follow, again: bool
) -> None:
    fill(service, 130)
    opened: list[EventStore] = []

    async def open_store(connection: Connection | None) -> EventStore:
        opened.append(await EventStore.open(None))
        return opened[-1]

    endless = Endless(service, follow, again=again)
    monkeypatch.setattr(service, "lookup_events", endless.lookup)
    session = await start(open_store=open_store)
    feed, known = session.explorer.query, coverage(session, opened[0])
    for load in (1, 2):
        feed.everything()
        await session.idle()
        state = feed.state
        assert (state.phase, state.halt, state.loading_all) == (QueryPhase.PAUSED, Halt.NO_PROGRESS, False)
        assert (state.more, state.loaded) == (True, 50)
        assert endless.given == load * PAGES_WITHOUT_PROGRESS
        assert coverage(session, opened[0]) == known, "such pages prove nothing"
    assert sum(token is None for _, token in service.asked) == 1, "it goes on with the token it has"
    endless.heals_after = endless.given + 7
    feed.everything()
    await session.idle()
    assert (feed.state.phase, feed.state.halt, len(feed.ids)) == (QueryPhase.COMPLETE, None, 130)
    distrusted = again or follow("a", 0) != "fresh-0"
    assert (coverage(session, opened[0]) == known) is distrusted, "after a token that came again nothing is claimed"


async def test_empty_pages_between_events_are_legal_and_cost_no_word(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nineteen empty pages after every page with events."""
    fill(service, 200)
    whole, real, numbers = service.lookup_events, dict[str, str](), count()

    async def lookup(scan: Scan, token: str | None, on_sent: Callable[[], None] = lambda: None) -> Page:
        number = next(numbers)
        if number % PAGES_WITHOUT_PROGRESS:
            following = f"empty-{number}"
            real[following] = real.get(token or "", token or "")
            return Page((), following, service.clock.now(), service.clock.now())
        return await whole(scan, None if token is None else real.get(token, token))

    monkeypatch.setattr(service, "lookup_events", lookup)
    session = await start()
    await session.load_all()
    assert (session.explorer.query.state.phase, len(session.explorer.query.ids)) == (QueryPhase.COMPLETE, 200)


async def test_a_region_that_leads_nowhere_stops_no_other(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(service, 130)
    service.elsewhere["us-east-1"] = [event(f"there{n}", EPOCH - timedelta(minutes=3 * n + 29)) for n in range(130)]
    endless = Endless(service, lambda token, number: token, again=False, region="us-east-1")
    monkeypatch.setattr(service, "lookup_events", endless.lookup)
    session = await start()
    session.explorer.search_also("us-east-1")
    await session.load_all()
    assert (session.explorer.query.state.phase, session.explorer.query.state.halt) == (
        QueryPhase.PAUSED,
        Halt.NO_PROGRESS,
    )
    assert len(session.explorer.query.ids) == 130 + 50
    assert endless.given == PAGES_WITHOUT_PROGRESS


async def test_asking_once_more_behind_the_rows_ends_too_and_goes_on_when_wished(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was proven within an hour is walked once more later: those pages may lead nowhere as well."""
    service.events = [event(f"e{n:03}", EPOCH - timedelta(minutes=20, seconds=n * 10)) for n in range(130)]
    endless = Endless(service, lambda token, number: f"fresh-{number}", again=False)
    endless.heals_after = 0
    monkeypatch.setattr(service, "lookup_events", endless.lookup)
    session = await start()
    await session.load_all()
    await service.clock.sleep(7200)
    endless.heals_after = None
    await session.reload()
    assert endless.given == PAGES_WITHOUT_PROGRESS
    assert (
        session.explorer.query.state.rechecking,
        session.explorer.query.state.more,
        len(session.explorer.query.ids),
    ) == (False, True, 130)
    assert session.explorer.query.state.halt is Halt.NO_PROGRESS, "it says why"
    await session.load_more()
    assert endless.given == PAGES_WITHOUT_PROGRESS + 1, "the next page is one of these"
    assert session.explorer.query.state.pages_without_progress == PAGES_WITHOUT_PROGRESS + 1
    endless.heals_after = endless.given
    await session.load_all()
    assert (session.explorer.query.state.phase, session.explorer.query.state.more) == (QueryPhase.COMPLETE, False)


@pytest.mark.parametrize("line", ["", "nowhere"])
async def test_moving_at_the_end_is_no_reason_to_go_on_for_ever(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Each key at the end asks for five pages at most; where none brings anything, all of them together end as well."""
    fill(service, 130)
    endless = Endless(service, lambda token, number: f"fresh-{number}", again=False)
    monkeypatch.setattr(service, "lookup_events", endless.lookup)
    session = await start()
    explorer = session.explorer
    await session.type(line)
    for _ in range(12):
        explorer.near_end()
        await session.idle()
    state = session.explorer.query.state
    assert endless.given == PAGES_WITHOUT_PROGRESS
    assert (state.phase, state.halt) == (QueryPhase.PAUSED, Halt.NO_PROGRESS)
    assert state.pages_without_progress == PAGES_WITHOUT_PROGRESS
    for presses in (1, 2, 3):
        await session.load_more()
        state = session.explorer.query.state
        assert endless.given == PAGES_WITHOUT_PROGRESS + presses, "the next page is one page"
        assert (state.halt, state.pages_without_progress) == (Halt.NO_PROGRESS, endless.given), "and it says so again"


async def test_one_region_that_leads_nowhere_is_left_alone_while_the_cursor_moves(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(service, 330)
    service.elsewhere["us-east-1"] = [event(f"there{n}", EPOCH - timedelta(minutes=n + 29)) for n in range(130)]
    endless = Endless(service, lambda token, number: token, again=False, region="us-east-1")
    monkeypatch.setattr(service, "lookup_events", endless.lookup)
    session = await start()
    session.explorer.search_also("us-east-1")
    await session.idle()
    for _ in range(40):
        session.explorer.query.near_end()
        await session.idle()
    assert endless.given == PAGES_WITHOUT_PROGRESS
    assert len(session.explorer.query.ids) == 330 + 50
    assert session.explorer.query.state.halt is Halt.NO_PROGRESS
