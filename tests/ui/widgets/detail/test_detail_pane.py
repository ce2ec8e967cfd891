"""The record as a tree: folding, the value under the cursor, reading on, searching, and what a key costs."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events

from ctui.model.event.record_tree import RecordValue
from ctui.render.record.record_tree import node_lines
from ctui.render.roles import Line, Role
from ctui.ui.boxes.pivot import PivotScreen
from ctui.ui.widgets.detail.detail_pane import DetailPane
from ctui.ui.widgets.detail.record_pane import FIRST_LINES

Open = Callable[..., AbstractAsyncContextManager[Driver]]
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]})
REQUEST: dict[str, Any] = {"requestParameters": {"bucketName": "logs-prod", "policy": POLICY, "tags": ["one", "two"]}}


def pane(ctui: Driver) -> DetailPane:
    return ctui.app.screen.query_one("#detail", DetailPane)


def lines(ctui: Driver) -> list[str]:
    """Every line of the record, in sight or not."""
    view = pane(ctui)
    return ["".join(text for text, _ in view.line(number)).rstrip() for number in range(view.count())]


async def go_to(ctui: Driver, words: str) -> None:
    """Put the cursor on the first line that begins so."""
    number = next(n for n, line in enumerate(lines(ctui)) if line.strip("▾▸ ").startswith(words))
    view = pane(ctui)
    await ctui.press(*["j" if number > (view.cursor or 0) else "k"] * abs(_steps(view, number)))
    assert ctui.cursor("detail").strip("▾▸ ").startswith(words)


def _steps(view: DetailPane, number: int) -> int:
    here = view.cursor or 0
    between = range(min(here, number), max(here, number))
    return sum(view.choosable(each) for each in between)


def marked(ctui: Driver, role: Role) -> list[str]:
    view = pane(ctui)
    return [text for number in range(view.count()) for text, of in view.line(number) if of is role]


@pytest.fixture
def service() -> Service:
    return Service([event(0, EPOCH, name="PutBucketPolicy", user="alice", record=REQUEST), *events(5, EPOCH)[1:]])


async def test_enter_and_arrows_fold_and_go_in_and_out(open_app: Open, service: Service) -> None:
    async with open_app(service, SMALL) as ctui:
        await ctui.press("enter", "4")
        await go_to(ctui, "requestParameters")
        whole = lines(ctui)
        await ctui.press("enter")
        assert ctui.cursor("detail").split() == ["▸", "requestParameters", "3", "keys"]
        assert len(lines(ctui)) < len(whole)
        assert [line for line in lines(ctui) if line in whole][-1] == whole[-1]
        await ctui.press("right")
        assert lines(ctui) == whole
        await ctui.press("right")
        assert ctui.cursor("detail").startswith("bucketName")
        await ctui.press("left")
        assert ctui.cursor("detail").startswith("▾ requestParameters")
        await ctui.press("left")
        assert ctui.cursor("detail").startswith("▸ requestParameters")
        await ctui.press("right")
        await go_to(ctui, "Principal")
        await ctui.press("left", "left", "left")
        assert ctui.cursor("detail").startswith("▾ Statement")


async def test_the_value_under_the_cursor_has_its_path(open_app: Open, service: Service) -> None:
    async with open_app(service, WIDE) as ctui:
        await ctui.press("enter", "4")
        assert pane(ctui).value == RecordValue(("eventName",), (), "PutBucketPolicy")
        await go_to(ctui, "Who")
        assert pane(ctui).value == RecordValue(("userIdentity", "userName"), (), "alice")
        await go_to(ctui, "Effect")
        assert pane(ctui).value == RecordValue(("requestParameters", "policy"), ("Statement", "0", "Effect"), "Allow")
        await go_to(ctui, "1 ")
        assert pane(ctui).value == RecordValue(("requestParameters", "tags", "1"), (), "two")
        await ctui.press("v")
        assert pane(ctui).value is None


@pytest.mark.parametrize("words", ["Who", "bucketName", "Effect", "0  one"])
async def test_enter_on_a_value_opens_its_pivot_menu(open_app: Open, service: Service, words: str) -> None:
    async with open_app(service, WIDE) as ctui:
        await ctui.press("enter", "4")
        await go_to(ctui, words)
        await ctui.press("enter")
        assert isinstance(ctui.app.screen, PivotScreen)
        await ctui.press("escape")
        assert ctui.focus() == "detail"


async def test_a_value_that_nobody_can_ask_for_says_so(open_app: Open) -> None:
    record: dict[str, Any] = {"requestParameters": {"nothing": None, "empty": ""}}
    async with open_app(Service([event(0, EPOCH, record=record)])) as ctui:
        await ctui.press("enter", "4")
        for words in ("nothing", "empty"):
            await go_to(ctui, words)
            await ctui.press("enter")
            assert ctui.notices()[-1] == "enter: no value under the cursor"
        await ctui.press("v", "enter")
        assert ctui.notices()[-1] == "enter: shown as JSON; v tree"


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
async def test_reading_on_stays_at_the_same_value_and_what_is_folded_stays_folded(
    open_app: Open, size: tuple[int, int]
) -> None:
    records = [
        event(n, EPOCH, name=f"Name{n}", user=f"user-{n}", record={"requestParameters": {"a": n, "b": {"c": n}}})
        for n in range(4)
    ]
    async with open_app(Service(records), size) as ctui:
        await ctui.press("enter", "4")
        await go_to(ctui, "b")
        await ctui.press("left", "k")
        for number in (1, 2, 3):
            await ctui.press("J")
            assert ctui.focus() == "detail"
            assert f"Name{number}" in ctui.title("detail")
            assert ctui.cursor("detail").split() == ["a", str(number)]
            assert any(line.strip() == "▸ b  1 key" for line in lines(ctui))
        await ctui.press("J")
        assert ctui.notices()[-1] == "J: this is the last event loaded"
        await ctui.press("K")
        assert "Name2" in ctui.title("detail")
        await ctui.press("g", "K")
        assert ctui.cursor("detail").startswith("user-1 ")
        await ctui.press("K", "K")
        assert ctui.notices()[-1] == "K: this is the first event"


async def test_a_search_is_typed_gone_through_and_left(open_app: Open, service: Service) -> None:
    async with open_app(service, SMALL) as ctui:
        await ctui.press("enter", "4")
        await go_to(ctui, "requestParameters")
        await ctui.press("left", "g", "slash")
        assert ctui.line("search-line").startswith("/")
        assert ctui.line("keys") == "enter search   esc back"
        await ctui.write("LLOW")
        assert ctui.cursor("detail").split() == ["Effect", "Allow"]
        assert marked(ctui, Role.FOUND) == ["llow"]
        await ctui.press("enter")
        assert ctui.focus() == "detail"
        assert not ctui.line("search-line")
        assert "/LLOW 1 of 1" in ctui.text()
        await ctui.press("slash")
        await ctui.write("logs")
        await ctui.press("enter")
        await ctui.press("slash")
        await ctui.write("a")
        await ctui.press("enter")
        total = len({row for row in range(pane(ctui).count()) if pane(ctui)._rows[row].address is not None
                     and any(of is Role.FOUND for _, of in pane(ctui).line(row))})  # fmt: skip
        seen = set()
        for _ in range(total):
            await ctui.press("n")
            seen.add(pane(ctui).cursor)
        assert len(seen) == total
        here = pane(ctui).cursor
        await ctui.press("n", "N")
        assert pane(ctui).cursor == here
        await ctui.press("escape")
        assert marked(ctui, Role.FOUND) == []
        assert ctui.seen("detail")
        assert pane(ctui).cursor == here
        await ctui.press("n")
        assert ctui.notices()[-1] == "n: nothing is searched for; / search"
        await ctui.press("escape")
        assert not ctui.seen("detail")


async def test_a_search_that_is_called_off_goes_back_and_one_without_a_place_says_so(
    open_app: Open, service: Service
) -> None:
    async with open_app(service, WIDE) as ctui:
        await ctui.press("enter", "4", "j", "j", "slash")
        await ctui.write("logs")
        assert "logs-prod" in ctui.cursor("detail")
        await ctui.press("escape")
        assert pane(ctui).cursor == 2
        assert ctui.focus() == "detail"
        assert marked(ctui, Role.FOUND) == []
        await ctui.press("slash")
        await ctui.write("[red]\x1b")
        await ctui.press("enter", "n")
        assert "not found" in ctui.text()
        assert ctui.notices()[-1] == "n: not found"
        await ctui.press("escape", "v", "slash")
        await ctui.write("tags")
        await ctui.press("enter")
        assert ctui.cursor("detail").startswith('"tags"')


async def test_a_search_goes_on_in_the_next_event_and_a_burst_of_letters_is_one(open_app: Open) -> None:
    records = [event(n, EPOCH, record={"requestParameters": {"a": f"x-{n}", "b": "x"}}) for n in range(3)]
    async with open_app(Service(records), WIDE) as ctui:
        await ctui.press("enter", "4")
        await ctui.write("/x-\rnnJ")
        assert ctui.cursor("detail").split() == ["a", "x-1"]
        assert marked(ctui, Role.FOUND) == ["x-"]
        assert "/x- 1 of 1" in ctui.text()


async def test_what_the_filter_line_looks_for_is_marked_at_once(open_app: Open, service: Service) -> None:
    async with open_app(service, WIDE) as ctui:
        await ctui.press("enter", "slash")
        await ctui.write("user:alice requestParameters.bucketName:logs* allow")
        await ctui.press("escape")
        assert {"alice", "logs-prod", "Allow"} <= set(marked(ctui, Role.HIT))
        await ctui.press("4", "v")
        assert "alice" in marked(ctui, Role.HIT)
        await ctui.press("3", "ctrl+l")
        assert marked(ctui, Role.HIT) == []


@pytest.fixture
def nodes_made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Values whose lines were made, by how often."""
    made = [0]

    def counted(*arguments: Any) -> Iterator[Line]:
        made[0] += 1
        return node_lines(*arguments)

    monkeypatch.setattr("ctui.render.record.detail.node_lines", counted)
    return made


async def test_a_key_makes_no_lines_but_those_in_sight_however_large_the_record_is(
    open_app: Open, nodes_made: list[int]
) -> None:
    request: dict[str, Any] = {"requestParameters": {"list": {f"key{n}": "x" * 50 for n in range(10_000)}, "last": 1}}
    async with open_app(Service([event(0, EPOCH, record=request)]), WIDE) as ctui:
        await ctui.press("enter", "4")
        await ctui.settle()
        assert pane(ctui).count() > 10_000
        nodes_made[0] = 0
        await ctui.press("j", "k", "G", "g", "ctrl+d")
        assert nodes_made[0] == 0
        await go_to(ctui, "list")
        view = pane(ctui)
        assert view.toggle_fold()
        assert view.count() < 60
        assert nodes_made[0] < 60
        nodes_made[0] = 0
        assert view.toggle_fold()
        assert nodes_made[0] <= FIRST_LINES + 1, "the rest follows behind the key"
        await ctui.settle()
        assert view.count() > 10_000
        nodes_made[0] = 0
        await ctui.press("slash")
        await ctui.write("key9")
        assert nodes_made[0] < 3 * 60, "of those in sight only"
        await ctui.press("enter", "n")
        assert ctui.cursor("detail").startswith("key90 ")
        assert "2 of 1,111" in ctui.text()


async def test_what_is_recorded_acts_on_nothing(open_app: Open) -> None:
    odd = "\x1b[2J\u202e[red]\u0007"
    record: dict[str, Any] = {
        "requestParameters": {odd: odd, "json": json.dumps({odd: [odd]}), "userAgent": odd},
        "userAgent": odd,
    }
    async with open_app(Service([event(0, EPOCH, name=odd, user=odd, record=record)]), WIDE) as ctui:
        await ctui.press("enter", "4", "slash")
        await ctui.write("2J")
        await ctui.press("enter", "n", "n", "v", "n")
        text = ctui.text()
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[red]" in text


async def test_a_click_puts_the_cursor_on_a_value_and_a_second_one_opens_its_menu(
    open_app: Open, service: Service
) -> None:
    async with open_app(service, WIDE) as ctui:
        await ctui.press("enter")
        row = next(number for number, line in enumerate(ctui.pane("detail")) if line.strip().startswith("From"))
        await ctui.pilot.click("#detail", offset=(12, row + 1))
        await ctui.settle()
        assert ctui.cursor("detail").startswith("From")
        await ctui.pilot.click("#detail", offset=(12, row + 1), times=2)
        await ctui.settle()
        assert isinstance(ctui.app.screen, PivotScreen)
