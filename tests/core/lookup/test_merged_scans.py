"""Several scopes under one question: rows in one order, the one that lags first, and refusals that stop one alone."""

from datetime import UTC, datetime

import pytest
from support.fakes.cloudtrail import denied, event

from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.planner import ScopeQuery
from ctui.core.server_clock import ServiceTime
from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan
from ctui.store.events import EventStore

HERE, THERE = (Scope("aws", "111111111111", region) for region in ("eu-west-1", "us-east-1"))
END = 2_000_000_000
NOW = datetime.fromtimestamp(END + 90_000, UTC)
TIME = ServiceTime(NOW, NOW, NOW)


@pytest.fixture
def pages() -> list[str]:
    """What becomes of each page, in order."""
    return []


@pytest.fixture
def merged(store: EventStore, pages: list[str]) -> MergedScans:
    """One question in two Regions of which nothing is known."""

    async def arriving(_scan: Scan, page: Page) -> None:
        pages.append(f"{len(page.events)} arriving")

    scans = MergedScans(arriving, lambda page: pages.append(f"{len(page.events)} stored"), patient=True)
    scans.begin(store, [ScopeQuery(scope, END - 10_000, END) for scope in (HERE, THERE)], TIME)
    return scans


def page(*ages: int, last: bool = False) -> Page:
    """Events so many seconds before the end, named by that."""
    events = tuple(event(f"e{age}", datetime.fromtimestamp(END - age, UTC)) for age in ages)
    return Page(events, None if last else f"after-{ages}", NOW, NOW)


def names(merged: MergedScans) -> list[str]:
    return [merged.store.event(row_id).event_id for row_id in merged.rows.ids]


async def test_rows_of_both_stand_in_one_order_and_the_one_that_lags_is_next(
    merged: MergedScans, pages: list[str]
) -> None:
    here, there = merged.scans
    assert (merged.lagging, merged.complete_to, merged.blank) == (here, None, True)
    effect = await merged.add_page(here.gaps[0], page(10, 30))
    assert (effect.rows, effect.events, merged.lagging) == (2, 2, there)
    await merged.add_page(there.gaps[0], page(20, 400))
    assert names(merged) == ["e10", "e20", "e30", "e400"]
    assert (merged.lagging, merged.complete_to, merged.reached) == (here, END - 30, END - 30)
    assert pages == ["2 arriving", "2 stored"] * 2
    assert merged.pages == 2


async def test_a_page_that_comes_again_brings_nothing(merged: MergedScans) -> None:
    here, _ = merged.scans
    await merged.add_page(here.gaps[0], page(10, 30))
    assert (await merged.add_page(here.gaps[0], page(10, 30)))[:2] == (0, 0)
    assert here.gaps[0].without_progress == 1


async def test_a_scope_that_is_refused_stops_alone_and_the_last_one_stops_all(merged: MergedScans) -> None:
    here, there = merged.scans
    refusal = denied("LookupEvents")
    assert merged.refuse(there, refusal)
    assert (merged.open, merged.refused, merged.trouble) == ([here], ("us-east-1",), refusal)
    assert not merged.refuse(here, refusal), "its error is that of the whole query"
    await merged.add_page(here.gaps[0], page(10, last=True))
    assert (merged.open, merged.done, merged.lagging) == ([], False, None)
    merged.retry_refused()
    assert (merged.open, merged.refused, merged.trouble) == ([there], (), None)


async def test_rows_that_are_kept_count_as_scanned_as_far_back_as_any_scope_has_come(
    merged: MergedScans, store: EventStore
) -> None:
    here, _ = merged.scans
    await merged.add_page(here.gaps[0], page(10, 30, 500))
    merged.begin(store, [scan.query for scan in merged.scans], TIME)
    assert await merged.show_stored(merged.scans[0]) == 0
    assert (len(merged.rows), merged.scanned, merged.complete_to) == (3, 3, None)


async def test_what_is_loaded_is_known_to_the_next_question(merged: MergedScans, store: EventStore) -> None:
    for scan in merged.scans:
        await merged.add_page(scan.gaps[0], page(10, 30, last=True))
    assert merged.done
    following = MergedScans(merged._arriving, merged._arrived, patient=True)
    following.begin(store, [scan.query for scan in merged.scans], TIME)
    assert (following.needs_service, following.done) == (False, False)
    while (lagging := following.lagging) is not None and await following.show_stored(lagging) is not None:
        pass
    assert (names(following), following.done, following.pages) == (names(merged), True, 0)


async def test_a_store_that_cannot_be_read_leaves_everything_to_be_loaded(
    merged: MergedScans, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("Event store", "The disk is gone.")

    questions = [scan.query for scan in merged.scans]
    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "coverage", broken)
        with pytest.raises(StoreError):
            merged.begin(store, questions, TIME)
    assert [[(gap.scan.start, gap.scan.end) for gap in scan.gaps] for scan in merged.scans] == [
        [(END - 10_000, END)]
    ] * 2


async def test_the_store_alone_takes_over_only_where_it_has_rows(merged: MergedScans, store: EventStore) -> None:
    assert not await merged.fall_back()
    assert merged.needs_service
    await merged.add_page(merged.scans[0].gaps[0], page(10, 30))
    offline = MergedScans(merged._arriving, merged._arrived, patient=True)
    offline.begin(store, [scan.query for scan in merged.scans], TIME)
    offline.rows = type(offline.rows)()
    assert await offline.fall_back()
    assert (names(offline), offline.needs_service) == (["e10", "e30"], False)
