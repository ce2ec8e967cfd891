"""A load that stops before its goal says how far it came and which key goes on; a known word is offered as a field."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import PAGE, Service, event, events

from ctui.core.lookup.gap_scan import PAGES_WITHOUT_PROGRESS
from ctui.core.lookup.load_goal import SCAN_EVENTS
from ctui.model.lookup.scan import Page, Scan

Open = Callable[..., AbstractAsyncContextManager[Driver]]
HISTORY = 12_000


def history() -> list[object]:
    """An event each three minutes, and three by svc-backup among them; others name it in their records."""
    made = events(HISTORY, EPOCH - timedelta(hours=1), timedelta(minutes=3))
    for number in (10, 700, 1_500):
        made[number] = event(number, made[number].time, user="svc-backup")
    return made  # type: ignore[return-value]


async def ask(ctui: Driver, line: str) -> None:
    await ctui.press("slash")
    await ctui.write(line)
    await ctui.press("enter")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_enter_on_a_word_stops_at_the_bound_and_everything_goes_on(open_app: Open, size: tuple[int, int]) -> None:
    service = Service(history())  # type: ignore[arg-type]
    async with open_app(service, size) as ctui:
        await ask(ctui, "svc-backup")
        assert service.lookups == SCAN_EVENTS // PAGE, "one call a page, and none beyond the bound"
        assert "5,000 scanned, 3 match, back to 11 Nov · M continue" in ctui.line("feed-line")
        offer = "5 search only user:svc-backup" if size == WIDE else "5 user:svc-backup"
        assert f"· {offer}" in ctui.line("feed-line")
        await ctui.press("M")
        assert service.lookups == HISTORY // PAGE
        # To load it has taken longer than an answer stays new.
        assert f"complete {'as of ' if size == WIDE else ''}12:00:00" in ctui.line("feed-line")
        assert "user:svc-backup" not in ctui.line("feed-line"), "where all is here, nothing costs less"


async def test_everything_can_be_wished_while_a_load_with_a_bound_runs(open_app: Open) -> None:
    service = Service(history())  # type: ignore[arg-type]
    async with open_app(service) as ctui:
        service.hold()
        await ctui.press("slash")
        await ctui.write("svc-backup")
        await ctui.tap("enter")
        assert "5,000 events, esc stop" in ctui.line("feed-line")
        await ctui.tap("M")
        assert "5,000" not in ctui.line("feed-line")
        assert not ctui.notices()
        service.release()
        await ctui.settle()
        assert service.lookups == HISTORY // PAGE


async def test_a_word_that_is_a_known_user_is_offered_as_one_and_keeps_the_promise(open_app: Open) -> None:
    service = Service(history())  # type: ignore[arg-type]
    asked: list[Scan] = []
    async with open_app(service) as ctui:
        await ask(ctui, "SVC-backup -source:s3")
        assert "5 search only user:svc-backup" in ctui.line("feed-line")
        queue = ctui.session.queue
        whole = queue.page

        async def page(scan: Scan, *rest: object, **options: object) -> Page:
            asked.append(scan)
            return await whole(scan, *rest, **options)  # type: ignore[arg-type]

        queue.page = page  # type: ignore[method-assign]
        await ctui.press("5")
        assert ctui.typed() == "user:svc-backup -source:s3.amazonaws.com"
        assert {scan.attribute and (scan.attribute.key, scan.attribute.value) for scan in asked} == {
            ("Username", "svc-backup")
        }


async def test_the_offer_stands_in_an_empty_pane_too(open_app: Open) -> None:
    made = events(60, EPOCH - timedelta(hours=1))
    async with open_app(Service(made)) as ctui:
        await ctui.press("slash")
        await ctui.write("user-3 -name:DescribeInstances")
        await ctui.press("escape")
        shown = " ".join(" ".join(ctui.pane("events")).split())
        assert "user-3 is a user in the stored events" in shown
        assert re.search(r"\d search only user:user-3", shown)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_pages_that_bring_nothing_new_end_a_load_with_words(
    open_app: Open, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(events(200, EPOCH - timedelta(hours=1)))
    async with open_app(service, size) as ctui:
        whole = ctui.session.queue.page
        stuck = True

        async def page(scan: Scan, token: str | None, *rest: object, **options: object) -> Page:
            if stuck and service.lookups - before > 0:
                await whole(scan, token, *rest, **options)  # type: ignore[arg-type]
                return Page((), token, None)
            return await whole(scan, token, *rest, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(ctui.session.queue, "page", page)
        before = service.lookups
        await ctui.press("M")
        assert service.lookups - before == 1 + PAGES_WITHOUT_PROGRESS
        line = ctui.line("feed-line")
        assert "M continue" in line
        assert "100 scanned, back to 20 Nov" in line
        assert ("no new events in 20 pages" if size == WIDE else "no new events") in line
        stuck = False
        await ctui.press("M")
        assert "complete" in ctui.line("feed-line")
        assert ctui.title("events").endswith("of 200")
