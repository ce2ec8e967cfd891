"""What a burst of keys costs: as many states as it ends in, however many keys it has. And it ends where they lead."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.driver import SMALL, WIDE, Driver, at_rest, chunk
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events
from textual._compositor import Compositor
from textual.events import Key, Paste
from textual.screen import Screen
from textual.widgets import Input

from ctui.core.explorer.explorer import Explorer
from ctui.core.rows.row_filter import RowFilter
from ctui.model.event.kind import EventKind
from ctui.model.filter.editing.toggle import toggle_term
from ctui.model.filter.parse import LONGEST
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.ui.boxes.time_range import TimeRangeScreen
from ctui.ui.keys.action_runs import lasting
from ctui.ui.keys.key_serializer import KeySerializer
from ctui.ui.keys.runs import edited
from ctui.ui.panes import Pane
from ctui.ui.screens.browse import BrowseScreen
from ctui.ui.widgets.detail.detail_pane import DetailPane
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.filter_line import FilterLine
from ctui.ui.widgets.pane_view import FIRST, LAST, PaneView, Step

Open = Callable[..., AbstractAsyncContextManager[Driver]]
COUNTED = (
    (Explorer, "type"),
    (FilterLine, "_look"),
    (BrowseScreen, "_show_rows"),
    (BrowseScreen, "_refresh_layout"),
    (BrowseScreen, "action_context"),
    (KeySerializer, "_follow"),
    (RowFilter, "filter_next"),
    (TimeRangeScreen, "_typed"),
    (BrowseScreen, "_events_moved"),
    (DetailPane, "show"),
)


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often the question is read, completed and shown, and how often a movement is."""
    counts: Counter[str] = Counter()
    with monkeypatch.context() as patch:
        for owner, name in COUNTED:
            patch.setattr(owner, name, _counted(counts, name, getattr(owner, name)))
        yield counts


def _counted(counts: Counter[str], name: str, real: Callable[..., object]) -> Callable[..., object]:
    def counted(*args: object, **options: object) -> object:
        counts[name] += 1
        return real(*args, **options)

    # Textual's decorators mark the handlers with what they handle.
    vars(counted).update(vars(real))
    return counted


async def cost(ctui: Driver, monkeypatch: pytest.MonkeyPatch, text: str) -> Counter[str]:
    """What a burst costs until all is at rest."""
    with counting(monkeypatch) as counts:
        chunk(ctui.app, text)
        await at_rest(ctui)
        await ctui.settle()
    return counts


@pytest.mark.parametrize("letters", [30, 3_000])
async def test_letters_cost_what_two_states_cost(open_app: Open, monkeypatch: pytest.MonkeyPatch, letters: int) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        counts = await cost(ctui, monkeypatch, "x" * letters)
        assert ctui.typed() == "x" * letters
        assert counts["type"] <= 2
        assert counts["_look"] <= 6
        assert counts["_show_rows"] <= 8


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("steps", [30, 3_000])
async def test_steps_cost_what_two_movements_cost(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, steps: int, size: tuple[int, int]
) -> None:
    async with open_app(Service(events(45, EPOCH)), size) as ctui:
        await ctui.press("M", "enter")
        counts = await cost(ctui, monkeypatch, "j" * steps)
        assert ctui.title("events").endswith(f"{min(45, steps + 1)} of 45")
        assert counts["type"] == 0
        assert counts["_events_moved"] <= 4
        assert counts["show"] <= 2


@pytest.mark.parametrize("times", [5, 200])
async def test_actions_in_one_piece_cost_what_their_last_state_costs(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    async with open_app(Service(events(45, EPOCH)), SMALL) as ctui:
        await ctui.press("M")
        counts = await cost(ctui, monkeypatch, "jkgG12w3x\t\rw\x1b[27u\x1b[27u" * 2 * times + "3ggj")
        assert ctui.title("events").endswith("2 of 45")
        # Behind fifty actions a key such as ctrl+c has its chance.
        turns = 4 + 2 * times * 12 // 50
        assert counts["_follow"] <= 2 * turns, counts
        assert counts["_show_rows"] <= 8
        assert counts["_refresh_layout"] <= 8
        assert counts["filter_next"] <= 3
        assert counts["_look"] <= 4


@pytest.mark.parametrize(("keys", "typed"), [("w" * 31, "is:write"), ("w" * 3_000, ""), ("wxx" * 1_001, "is:write")])
async def test_a_run_of_toggles_changes_the_line_twice_for_each_term_at_most(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, keys: str, typed: str
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("M")
        counts = await cost(ctui, monkeypatch, keys)
        assert ctui.typed() == typed
        # The first key has a turn of its own: it arrives before the others do.
        assert counts["type"] <= 1 + 2 * len(set(keys)), counts
        assert counts["action_context"] <= 1 + 2 * len(set(keys)), counts


@pytest.mark.parametrize("times", [5, 50])
async def test_a_line_that_is_opened_and_left_in_one_piece_is_laid_out_and_evaluated_once(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    async with open_app(Service(events(45, EPOCH)), SMALL) as ctui:
        await ctui.press("M")
        counts = await cost(ctui, monkeypatch, "/a\x1b[27uj" * times)
        assert ctui.typed() == "a" * times
        assert counts["_refresh_layout"] <= 8
        assert counts["filter_next"] <= 3


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize(
    ("before", "keys"),
    [
        ("enter", "j4G"), ("enter", "4j3j4\x04"), ("1", "j2G"), ("3", "\r4G"), ("3", "\r\x04"), ("3", "\r\r\x04"),
        ("3", "4jjj\x1b[27uG\r"), ("3", "12\t\tj\r\r"), ("3", "1j3jj\r"), ("3", "ww\rj4j"),
        ("3", "jhh\tj"), ("h", "j-w\tj"),
    ],
)  # fmt: skip
async def test_keys_in_one_piece_end_where_they_end_one_by_one(
    open_app: Open, size: tuple[int, int], before: str, keys: str
) -> None:
    trails = [(Trail(f"trail-{number}", None, "eu-west-1"), TrailStatus(number % 2 == 0)) for number in range(6)]
    ends = []
    for pieces in ([keys], [piece for piece in re.split("(\x1b\\[27u|.)", keys, flags=re.DOTALL) if piece]):
        async with open_app(Service(events(45, EPOCH), trails), size) as ctui:
            await ctui.press("M", before)
            for piece in pieces:
                chunk(ctui.app, piece)
                await at_rest(ctui)
                await ctui.settle()
            views = ctui.app.screen.query(PaneView)
            moved = [(view.cursor, view.first_in_sight) for view in views]
            lines = [line.rstrip() for pane in Pane if ctui.seen(pane.value) for line in ctui.pane(pane.value)]
            ends.append((ctui.focus(), ctui.typed(), moved, lines))
    assert ends[0] == ends[1]


async def test_going_to_a_pane_reads_no_situation(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        counts = await cost(ctui, monkeypatch, "j1k3jG2")
        assert counts["action_context"] == 0
        assert ctui.focus() == "status"


async def test_a_fault_of_an_action_in_a_run_ends_neither_the_run_nor_the_keys(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:

        def broken(*_: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(Explorer, "toggle", broken)
            chunk(ctui.app, "jwj")
            await at_rest(ctui)
        assert [type(fault) for fault in ctui.faults] == [ZeroDivisionError]
        ctui.faults.clear()
        await ctui.settle()
        assert ctui.title("events").endswith("3 of 45")


async def test_the_line_of_a_box_is_one_edit_too_and_has_an_end(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("t", "tab")
        counts = await cost(ctui, monkeypatch, "7d" * 3_000 + f"\x1b[200~{'x' * 1_000_000}\x1b[201~")
        assert len(ctui.app.screen.query_one("#line", Input).value) == LONGEST
        assert counts["_typed"] <= 3
        assert "Left out: " in "".join(ctui.notices())


@pytest.mark.parametrize("times", [10, 1_000])
async def test_keys_of_all_kinds_in_one_piece_cost_what_their_states_cost(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("M")
        text = "user:user-1* " + "x\x7f" * times + "\x1b[D\x1b[C" * times
        counts = await cost(ctui, monkeypatch, f"jj/{text}\r{'jk' * times}jj")
        assert ctui.typed() == "user:user-1* "
        assert ctui.focus() == "events"
        # The last steps act on the rows that are in sight, and the filter is evaluated behind them.
        assert ctui.title("events").endswith(" of 11 in 45")
        assert counts["type"] <= 3
        assert counts["_look"] <= 8
        assert counts["_events_moved"] <= 12
        assert counts["_show_rows"] <= 24


async def test_a_paste_is_one_edit_and_is_cut_where_the_line_ends_with_a_word_that_says_so(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash", "a", "left")
        counts = await cost(ctui, monkeypatch, f"\x1b[200~{'user:x ' * 150_000}\x1b[201~")
        assert len(ctui.typed()) == LONGEST
        assert ctui.typed().endswith("usea"), "the cursor stood before the letter"
        assert counts["type"] == 1
        assert ctui.notices() == [f"A line holds 10,000 characters. Left out: {7 * 150_000 - LONGEST:,}."]
        await ctui.press("ctrl+l")
        await ctui.write("user:y")
        assert ctui.typed() == "user:y"


async def test_lines_that_are_pasted_become_one_also_in_the_place_of_a_selection(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, "/abc\x1b[200~ d\n\n  e \x1b[201~")
        await at_rest(ctui)
        assert ctui.typed() == "abcd e"
        await ctui.press("shift+home")
        chunk(ctui.app, "\x1b[200~f\ng\x1b[201~")
        await at_rest(ctui)
        assert ctui.typed() == "f g"


async def test_the_end_of_what_is_typed_first_is_in_sight_also_where_it_is_long(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH)), SMALL) as ctui:
        await ctui.press("slash")
        chunk(ctui.app, "x" * 200 + "END")
        await at_rest(ctui)
        await ctui.settle()
        assert ctui.screen()[1].rstrip().endswith("xEND")


async def test_a_full_line_takes_no_more(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        await ctui.press("slash")
        chunk(ctui.app, "x" * (LONGEST + 7))
        await at_rest(ctui)
        await ctui.settle()
        assert len(ctui.typed()) == LONGEST
        assert "Left out: " in "".join(ctui.notices())


async def test_ctrl_c_goes_before_keys_that_wait_and_drops_them(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, "?" + "\x1b[27u?" * 50 + "\x03")
        await at_rest(ctui)
        await ctui.settle()
        notices = "\n".join(ctui.notices())
        assert "q quit" in notices
        assert "waiting keys" in notices
        assert ctui.app.is_running
        await ctui.press("escape", "j")
        assert ctui.title("events").endswith("2 of 45")


async def test_q_behind_a_burst_is_obeyed(open_app: Open) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        chunk(ctui.app, "j" * 10_000 + "q" + "w" * 100)
        await ctui.wait_until(lambda: not ctui.app.is_running or ctui.app._exit)


async def test_nothing_is_drawn_while_keys_wait_and_the_newest_state_once_none_does(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(Service(events(45, EPOCH))) as ctui:
        drawn: list[int] = []
        real = Compositor.render_update

        def counted(*args: Any, **options: Any) -> Any:
            drawn.append(ctui.app.keys.waiting)
            return real(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(Compositor, "render_update", counted)
            chunk(ctui.app, "/a\x1b[27u1232" * 20 + "3\x0cjj")
            await at_rest(ctui)
            await ctui.settle()
        assert drawn
        assert not any(drawn), "a frame was drawn between two keys"
        assert ctui.title("events").endswith("3 of 45")


def test_textual_draws_by_the_method_that_is_put_off() -> None:
    assert "_on_timer_update" in vars(Screen)["_update_timer"].fget.__code__.co_names
    assert "_refresh_layout" in Screen._on_timer_update.__code__.co_names
    assert "_compositor_refresh" in Screen._on_timer_update.__code__.co_names
    assert "_compositor_refresh" in Screen._refresh_layout.__code__.co_names
    assert "render_update" in Screen._compositor_refresh.__code__.co_names


# A run is what its keys are, one by one.

KEYS = ("left", "right", "home", "end", "backspace", "delete", "ctrl+a", "ctrl+e", "ctrl+d")
letters = st.characters(codec="utf-8").map(lambda letter: Key("x", letter))
pastes = st.text(max_size=8).map(Paste)
keys = st.lists(letters | pastes | st.sampled_from(KEYS).map(lambda name: Key(name, None)), max_size=40)


@given(st.text("ab c", max_size=10), st.integers(0, 10), keys)
def test_a_run_makes_of_a_line_what_its_keys_make_of_it(text: str, at: int, run: list[Key | Paste]) -> None:
    cursor, longest = min(at, len(text)), 12
    whole = edited(text, cursor, run, longest)
    cut = 0
    for key in run[: whole.taken]:
        one = edited(text, cursor, [key], longest)
        assert one.taken == 1
        text, cursor, cut = one.text, one.cursor, cut + one.cut
    assert (whole.text, whole.cursor, whole.cut) == (text, cursor, cut)
    assert len(whole.text) <= longest
    assert whole.taken == len(run) or edited(text, cursor, [run[whole.taken]], longest).taken == 0


TOGGLES = st.lists(st.sampled_from([EventKind.WRITE, EventKind.ERROR]), max_size=12)


@given(
    st.lists(st.sampled_from(["is:write", "is:error", "(user:x OR is:read)", "-is:write", "is:read"]), max_size=4),
    TOGGLES,
)
def test_the_toggles_that_last_make_of_a_line_what_all_of_them_make_of_it(
    words: list[str], kinds: list[EventKind]
) -> None:
    line = " ".join(words)
    assert reduce(toggle_term, map(EventKind, lasting(kinds)), line) == reduce(toggle_term, kinds, line)


STEPS = (Step(1), Step(-1), Step(pages=1), Step(pages=-1), Step(pages=0.5), Step(pages=-0.5), FIRST, LAST)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("pane", ["events", "detail"])
async def test_a_run_of_movements_ends_where_they_end_one_by_one(
    open_app: Open, size: tuple[int, int], pane: str
) -> None:
    async with open_app(Service(events(400, EPOCH)), size) as ctui:
        await ctui.press("M", "enter", "4" if pane == "detail" else "3")
        view = ctui.app.screen.query_one(f"#{pane}", EventTable if pane == "events" else PaneView)
        for seed in range(40):
            run = [STEPS[(seed * 7 + number * (seed + 3)) % len(STEPS)] for number in range(seed % 9 + 1)]
            view.move(FIRST)
            for step in run:
                view.move(step)
            alone = (view.cursor, view.first_in_sight)
            view.move(FIRST)
            view.move(*run)
            assert (view.cursor, view.first_in_sight) == alone, run
