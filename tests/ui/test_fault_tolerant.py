"""A fault in a handler, a timer, a worker or a form: told once, outlived, and nothing goes on waiting for it."""

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, event, events
from support.form_driver import box, foot, note, typed, write
from textual.app import App
from textual.message_pump import MessagePump

import ctui.ui
from ctui.model.rules.validate import Field
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.roles import Line
from ctui.ui.boxes.time_range import TimeRangeScreen
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.forms.change_screen import ChangeScreen
from ctui.ui.forms.trail_form import TrailForm
from ctui.ui.screens.browse import BrowseScreen
from ctui.ui.screens.help import HelpScreen
from ctui.ui.widgets.detail.record_pane import FIRST_LINES
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.filter_line import FilterLine

Open = Callable[..., AbstractAsyncContextManager[Driver]]

TRAIL = Trail("app-trail", "arn:aws:cloudtrail:eu-west-1:111111111111:trail/app-trail", "eu-west-1", "logs-1")


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports go away with the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def broken(*_: object, **__: object) -> None:
    raise ZeroDivisionError("by [red]nought")


async def broken_later(*_: object, **__: object) -> None:
    broken()


async def met(ctui: Driver) -> None:
    """The fault, and no other, has been met and told once; from here on there must be none."""
    await ctui.wait_until(lambda: bool(ctui.faults))
    assert {type(fault) for fault in ctui.faults} == {ZeroDivisionError}
    ctui.faults.clear()
    await ctui.settle()
    told = [notice for notice in ctui.notices() if "Internal error" in notice]
    assert len(told) == 1
    assert "ZeroDivisionError: by [red]nought" in told[0]
    assert "ctui-fault-" in told[0]
    assert ctui.app.is_running


def nodes() -> list[type[MessagePump]]:
    """Every class of ours that takes messages."""
    found: list[type[MessagePump]] = []
    for module in pkgutil.walk_packages(ctui.ui.__path__, "ctui.ui."):
        held = vars(importlib.import_module(module.name)).values()
        found += [
            each
            for each in held
            if isinstance(each, type) and issubclass(each, MessagePump) and each.__module__ == module.name
        ]
    return found


@pytest.mark.parametrize("node", nodes(), ids=lambda node: node.__name__)
def test_every_node_of_ours_endures(node: type[MessagePump]) -> None:
    assert issubclass(node, FaultTolerant)
    assert node._dispatch_message is FaultTolerant._dispatch_message


def test_textual_still_has_what_enduring_relies_on() -> None:
    assert callable(App._handle_exception)
    assert callable(MessagePump._dispatch_message)
    assert "_handle_exception" in MessagePump._process_messages_loop.__code__.co_names
    assert "_dispatch_message" in MessagePump._process_messages_loop.__code__.co_names


@pytest.mark.parametrize(
    ("owner", "name", "keys"),
    [
        (EventTable, "watch_cursor", ("j",)),
        (BrowseScreen, "action_context", ("c",)),
        (FilterLine, "_look", ("slash", "a")),
    ],
)
async def test_a_handler_that_breaks_is_told_and_the_next_key_works(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, keys: tuple[str, ...]
) -> None:
    async with open_app(Service(events(30, EPOCH))) as ctui:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, broken)
            await ctui.tap(*keys)
            await met(ctui)
        await ctui.press("escape")
        await ctui.press("3", "j", "j")
        assert "user-" in ctui.cursor()
        await ctui.press("t")
        assert "Range" in ctui.text()


async def test_a_timer_that_breaks_is_told(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH))) as ctui:
        ctui.app.screen.set_timer(0.001, broken)
        ctui.app.screen.call_after_refresh(broken)
        await met(ctui)
        await ctui.press("j")
        assert "user-1" in ctui.cursor()


async def test_what_is_met_again_and_again_is_told_once(open_app: Open) -> None:
    async with open_app(Service(events(30, EPOCH))) as ctui:
        for _ in range(20):
            ctui.app.screen.call_later(broken)
        await met(ctui)


async def test_a_modal_whose_handler_breaks_keeps_what_was_typed(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(3, EPOCH))) as ctui:
        await ctui.press("t", "tab", "3")
        with monkeypatch.context() as patch:
            patch.setattr(TimeRangeScreen, "dismiss", broken)
            await ctui.tap("h", "enter")
            await met(ctui)
        assert "3h" in ctui.text()
        await ctui.press("enter")
        assert not isinstance(ctui.app.screen, TimeRangeScreen)
        assert "last 3 hours" in ctui.title("events")


async def test_a_modal_that_cannot_be_made_leaves_the_screen_below(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(3, EPOCH))) as ctui:
        with monkeypatch.context() as patch:
            patch.setattr(TimeRangeScreen, "on_mount", broken)
            await ctui.tap("t")
            await met(ctui)
        await ctui.press("escape", "j")
        assert isinstance(ctui.app.screen, BrowseScreen)
        assert "user-1" in ctui.cursor()


async def test_a_large_record_that_cannot_be_laid_out_says_so(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(*_arguments: object) -> Iterator[Line]:
        yield from [()] * 2 * FIRST_LINES
        broken()

    async with open_app(Service([event(1, EPOCH)])) as ctui:
        monkeypatch.setattr("ctui.render.record.detail.node_lines", breaking)
        await ctui.tap("enter")
        await met(ctui)
        assert "cannot be shown" in " ".join(ctui.pane("detail"))


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_form_on_its_way_to_the_review_is_usable_again(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    service = Service(trails=[(TRAIL, TrailStatus(is_logging=True))])
    async with open_app(service, size) as ctui:
        await ctui.press("1", "e")
        await write(ctui, Field.PREFIX, "new")
        with monkeypatch.context() as patch:
            patch.setattr(TrailForm, "_catch_up", broken_later)
            await ctui.tap("enter")
            await met(ctui)
        assert typed(ctui, Field.PREFIX) == "new"
        assert "enter retry" in foot(ctui)
        assert note(ctui, Field.PREFIX)
        await ctui.press("enter")
        assert "Review: changes to app-trail" in ctui.text()


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_box_whose_sending_breaks_says_that_nobody_knows(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    service = Service(trails=[(TRAIL, TrailStatus(is_logging=True))])
    async with open_app(service, size) as ctui:
        await ctui.press("1", "s", *TRAIL.name)
        with monkeypatch.context() as patch:
            patch.setattr(ChangeScreen, "_ended", broken)
            await ctui.tap("enter")
            await met(ctui)
        assert "It may or may not have happened" in foot(ctui)
        assert "r check again" in foot(ctui)
        await ctui.press("r")
        assert "Checked: not done so far" in foot(ctui)
        with monkeypatch.context() as patch:
            patch.setattr(type(ctui.session.changes), "verify_again", broken_later)
            await ctui.tap("r")
            await ctui.settle()
        assert len(ctui.notices()) == 1, "the same fault is in sight already"
        assert "Checked: not done so far" in foot(ctui)
        await ctui.press("escape")
        assert isinstance(ctui.app.screen, BrowseScreen)


async def test_a_box_that_breaks_before_it_sends_waits_for_enter(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(trails=[(TRAIL, TrailStatus(is_logging=True))])
    async with open_app(service) as ctui:
        await ctui.press("1", "s", *TRAIL.name)
        with monkeypatch.context() as patch:
            patch.setattr(type(ctui.session.changes), "begin", broken)
            await ctui.tap("enter")
            await met(ctui)
        assert "enter stop logging" in foot(ctui)
        assert "records no calls" in box(ctui)
        await ctui.press("enter")
        assert "Access denied" in foot(ctui)


async def test_a_task_of_core_that_breaks_is_told_and_shown_where_it_happened(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(events(60, EPOCH), trails=[(TRAIL, TrailStatus(is_logging=True))])
    async with open_app(service) as ctui:
        with monkeypatch.context() as patch:
            patch.setattr(service, "lookup_events", broken_later)
            await ctui.tap("m")
            await met(ctui)
        assert "failed" in ctui.title("events")
        assert "Internal error, r retry" in ctui.line("feed-line")
        await ctui.press("m")
        assert ctui.title("events").endswith("1 of 60")


async def test_a_screen_that_opens_as_the_app_leaves_is_no_fault(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH))) as ctui:
        ctui.app.push_screen(HelpScreen())
        ctui.app.leave(0)
        await ctui.wait_until(lambda: not ctui.app.is_running)
        assert ctui.faults == []
