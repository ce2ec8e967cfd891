"""The screen as a whole: focus in every theme, large records, secrets, themes that do not exist, sizes."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from threading import Thread

import pytest
from rich.color import ColorSystem
from support.driver import SMALL, Driver
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.service import Service, event, events

from ctui.errors import ExpiredLogin
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.ui.actions.registry import ACTIONS

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_every_action_leads_to_a_deed(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        handlers = ctui.app.screen._handlers  # type: ignore[attr-defined]
        assert {each.id for each in ACTIONS} == set(handlers)


async def test_the_focused_pane_has_another_border_in_every_theme(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), (100, 14)) as ctui:
        for theme in sorted(ctui.app.available_themes):
            ctui.app.theme = theme
            await ctui.tap("3")
            assert ctui.text().count("┏") == 1, theme
            events_pane, trails = ctui.app.screen.query_one("#events"), ctui.app.screen.query_one("#trails")
            assert events_pane.styles.border_top[1] != trails.styles.border_top[1], theme
            await ctui.tap("1")
            assert ctui.screen()[1].startswith("┏"), theme


async def test_with_few_colors_the_cursor_is_light_on_dark_exchanged(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), theme="ansi-dark") as ctui:
        table = ctui.app.screen.query_one("#events")
        (chosen,) = [strip for strip in map(table.render_line, range(6)) if strip.text.startswith("▌")]
        assert all(segment.style is not None and segment.style.reverse for segment in chosen)


@pytest.mark.parametrize("theme", ["ctui-dark", "ctui-light", "ansi-dark"])
async def test_with_16_colors_keys_in_the_footer_differ_from_what_they_do(open_app: Open, theme: str) -> None:
    async with open_app(Service(events(3, EPOCH)), SMALL, theme=theme) as ctui:
        written = {
            segment.text: style.render(segment.text, color_system=ColorSystem.STANDARD).replace(segment.text, "")
            for segment in ctui.app.screen.query_one("#keys").render_line(0)
            if (style := segment.style) is not None
        }
        for key, does in (("/", "filter"), ("t", "range"), ("?", "help")):
            assert written[key] != written[does]


async def test_with_few_colors_what_is_found_is_underlined_in_the_cursor_line(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), theme="ansi-dark") as ctui:
        await ctui.press("enter", "4", "slash")
        await ctui.write("scribeInst")
        await ctui.press("enter")
        pane = ctui.app.screen.query_one("#detail")
        (chosen,) = [strip for strip in map(pane.render_line, range(pane.size.height)) if strip.text.startswith("▌")]
        styles = [(segment.text, segment.style) for segment in chosen if segment.style is not None]
        assert [text for text, style in styles if style.underline] == ["scribeInst"]
        assert all(style.reverse for _, style in styles)


async def test_a_record_of_66_kilobytes_can_be_read_to_its_end(open_app: Open) -> None:
    request: dict[str, object] = {"requestParameters": {f"key{number}": "x" * 50 for number in range(1_000)}}
    async with open_app(Service([event(1, EPOCH, record=request)])) as ctui:
        await ctui.press("enter", "4")
        assert any("eventVersion" in line for line in ctui.pane("detail"))
        await ctui.press("G")
        assert ctui.cursor("detail").startswith("recipientAccountId")
        assert any("key999" in line for line in ctui.pane("detail"))
        await ctui.press("v", "G")
        assert ctui.cursor("detail") == "}"
        assert any('"key999"' in line for line in ctui.pane("detail"))


async def test_a_secret_is_asked_for_and_never_shown(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        asked = asyncio.ensure_future(ctui.app.ask_secret("MFA code for [red]arn:aws:iam::1:mfa/alice"))
        await ctui.wait_until(lambda: "MFA code for [red]arn" in ctui.text())
        await ctui.tap(*"123456")
        assert "123456" not in ctui.text()
        await ctui.tap("enter")
        assert await asked == "123456"


async def test_a_secret_may_be_asked_for_by_a_thread_that_knows_of_no_app(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        loop = asyncio.get_running_loop()
        asked: list[Future[str]] = []
        thread = Thread(
            target=lambda: asked.append(asyncio.run_coroutine_threadsafe(ctui.app.ask_secret("Code"), loop))
        )
        thread.start()
        await ctui.wait_until(lambda: "enter send" in ctui.text())
        await ctui.tap(*"123456", "enter")
        assert await asyncio.wrap_future(asked[0]) == "123456"


async def test_a_secret_that_is_no_longer_needed_is_not_asked_for(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        asked = asyncio.ensure_future(ctui.app.ask_secret("MFA code"))
        await ctui.wait_until(lambda: "MFA code" in ctui.text())
        asked.cancel()
        await ctui.wait_until(lambda: "MFA code" not in ctui.text())


async def test_a_secret_may_be_refused(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        asked = asyncio.ensure_future(ctui.app.ask_secret("MFA code"))
        await ctui.wait_until(lambda: "MFA code" in ctui.text())
        await ctui.tap("escape")
        with pytest.raises(ExpiredLogin):
            await asked


@pytest.mark.parametrize(
    ("theme", "help_words"), [("ctui-drak", "Did you mean 'ctui-dark'?"), ("nothing", "The palette (ctrl+p)")]
)
async def test_a_theme_that_does_not_exist_is_named_with_its_place_and_help(
    open_app: Open, theme: str, help_words: str
) -> None:
    async with open_app(Service(), theme=theme) as ctui:
        (notice,) = ctui.notices()
        assert f"--theme: there is no theme called '{theme}'." in " ".join(notice.split())
        assert help_words in " ".join(notice.split())
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


async def test_a_window_that_shrinks_keeps_the_focused_pane_in_sight(open_app: Open) -> None:
    async with open_app(Service(trails=[(Trail("audit", None, "eu-west-1"), TrailStatus(True))])) as ctui:
        await ctui.press("1")
        await ctui.pilot.resize_terminal(*SMALL)
        await ctui.settle()
        assert ctui.seen("trails")
        assert ctui.focus() == "trails"
        await ctui.press("escape")
        assert ctui.focus() == "events"


async def test_enter_in_trails_goes_to_status_and_there_shows_every_field(open_app: Open) -> None:
    started = TrailStatus(True, start_logging_time=EPOCH, time_logging_started=f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}")
    async with open_app(Service(events(3, EPOCH), [(Trail("audit", None, "eu-west-1"), started)])) as ctui:
        await ctui.press("1")
        assert ctui.line("keys").startswith("enter status")
        await ctui.press("enter")
        assert ctui.focus() == "status"
        assert ctui.line("keys").startswith("enter old fields")
        assert not any("logging started" in line for line in ctui.pane("status"))
        await ctui.press("enter")
        assert any("logging started" in line for line in ctui.pane("status"))
        await ctui.press("enter")
        assert not any("logging started" in line for line in ctui.pane("status"))
        assert not ctui.seen("detail")


async def test_the_mouse_chooses_rows_and_presses_keys_of_the_footer(open_app: Open) -> None:
    async with open_app(Service(events(40, EPOCH))) as ctui:
        # Border, column titles, the day, then the rows from 0.
        await ctui.pilot.click("#events", offset=(20, 3 + 4))
        await ctui.settle()
        assert ctui.title("events").endswith("5 of 40")
        await ctui.pilot.click("#events", offset=(20, 2))
        await ctui.settle()
        assert ctui.title("events").endswith("5 of 40")
        await ctui.pilot.click("#keys", offset=(ctui.line("keys").index("detail") + 1, 0))
        await ctui.settle()
        assert ctui.seen("detail")


async def test_ages_are_told_anew_as_time_goes(open_app: Open) -> None:
    status = TrailStatus(True, EPOCH - timedelta(minutes=2), start_logging_time=EPOCH - timedelta(days=3))
    async with open_app(Service(trails=[(Trail("audit", None, "eu-west-1", s3_bucket_name="logs"), status)])) as ctui:
        before = "\n".join(ctui.pane("status"))
        clock = ctui.session.clock
        assert isinstance(clock, AutoClock)
        clock.advance(3600)
        ctui.app.screen._show_status()  # type: ignore[attr-defined]
        await ctui.settle()
        after = "\n".join(ctui.pane("status"))
        assert "2 min ago" in before
        assert "2 min ago" not in after


@pytest.mark.parametrize("size", [(20, 6), (40, 10), (99, 15), (100, 12), (300, 90)])
async def test_strange_sizes_do_no_harm(open_app: Open, size: tuple[int, int]) -> None:
    trails = [(Trail("audit", None, "eu-west-1"), TrailStatus(True))]
    async with open_app(Service(events(60, EPOCH), trails), size) as ctui:
        await ctui.press("j", "enter", "4", "G", "2", "1", "3", "G", "escape", "escape")
        assert ctui.focus() == "events"
        assert "q quit" in ctui.line("keys"), "the way out is in sight"
        assert ctui.app.is_running


@pytest.mark.parametrize("width", range(26, 81, 6))
async def test_a_title_ends_with_no_separator_at_any_width(open_app: Open, width: int) -> None:
    async with open_app(Service(events(60, EPOCH)), (width, 24)) as ctui:
        assert not ctui.title("events").rstrip("━ ").endswith("·")
