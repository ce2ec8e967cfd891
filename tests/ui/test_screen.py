"""The screen as a whole: focus in every theme, large records, secrets, themes that do not exist, sizes."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from driver import SMALL, Driver
from fakes.clock import EPOCH
from fakes.service import Service, event, events

from ctui.actions import ACTIONS
from ctui.errors import ExpiredLogin

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_every_action_leads_to_a_deed(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        deeds = ctui.app.screen._deeds  # type: ignore[attr-defined]
        assert {each.id for each in ACTIONS} == set(deeds)


async def test_the_focused_pane_has_another_border_in_every_theme(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH))) as ctui:
        for theme in sorted(ctui.app.available_themes):
            ctui.app.theme = theme
            await ctui.tap("3")
            assert ctui.text().count("┏") == 1, theme
            events_pane, trails = ctui.app.screen.query_one("#events"), ctui.app.screen.query_one("#trails")
            assert events_pane.styles.border_top[1] != trails.styles.border_top[1], theme
            await ctui.tap("1")
            assert ctui.screen()[1].startswith("┏"), theme


async def test_with_few_colours_the_cursor_is_light_on_dark_exchanged(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), theme="ansi-dark") as ctui:
        table = ctui.app.screen.query_one("#events")
        (chosen,) = [strip for strip in map(table.render_line, range(6)) if strip.text.startswith("▌")]
        assert all(segment.style is not None and segment.style.reverse for segment in chosen)


async def test_a_record_of_66_kilobytes_can_be_read_to_its_end(open_app: Open) -> None:
    request: dict[str, object] = {"requestParameters": {f"key{number}": "x" * 50 for number in range(1_000)}}
    async with open_app(Service([event(1, EPOCH, record=request)])) as ctui:
        await ctui.press("enter", "4")
        assert any('"eventVersion"' in line for line in ctui.pane("detail"))
        await ctui.press("G")
        assert ctui.pane("detail")[-1].strip() == "}"
        assert any('"key999"' in line for line in ctui.pane("detail"))


async def test_a_secret_is_asked_for_and_never_shown(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        asked = asyncio.ensure_future(ctui.app.ask_secret("MFA code for [red]arn:aws:iam::1:mfa/alice"))
        await ctui.wait_until(lambda: "MFA code for [red]arn" in ctui.text())
        await ctui.tap(*"123456")
        assert "123456" not in ctui.text()
        await ctui.tap("enter")
        assert await asked == "123456"


async def test_a_secret_may_be_refused(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        asked = asyncio.ensure_future(ctui.app.ask_secret("MFA code"))
        await ctui.wait_until(lambda: "MFA code" in ctui.text())
        await ctui.tap("escape")
        with pytest.raises(ExpiredLogin):
            await asked


async def test_a_theme_that_does_not_exist_is_named_with_those_that_do(open_app: Open) -> None:
    async with open_app(Service(), theme="ctui-drak") as ctui:
        (told,) = ctui.notices()
        assert "ctui-drak" in told
        assert "ctui-dark" in told
        assert ctui.app.theme == "ctui-dark"


async def test_a_window_that_shrinks_and_grows_keeps_its_things(open_app: Open) -> None:
    async with open_app(Service(events(40, EPOCH))) as ctui:
        await ctui.press("j", "j", "enter")
        chosen = ctui.cursor().split()[:3]
        await ctui.pilot.resize_terminal(*SMALL)
        await ctui.settle()
        assert not ctui.seen("trails")
        assert ctui.seen("detail")
        assert ctui.cursor().split()[:3] == chosen
        await ctui.press("enter")
        assert not ctui.seen("events")
        await ctui.pilot.resize_terminal(160, 48)
        await ctui.settle()
        assert ctui.seen("trails")
        assert ctui.seen("events")
        assert ctui.cursor().split()[:3] == chosen
