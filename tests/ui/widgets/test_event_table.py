"""The event table reads and draws what is in sight, however many rows there are."""

from collections.abc import Sequence
from datetime import UTC, datetime

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from ctui.core.explorer.history import Place
from ctui.model.event.summary import Summary
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.pane_view import FIRST, LAST, Step

NEWEST = 1_700_000_000


class Million:
    """A million rows, one a second; nothing is kept for any of them."""

    def __init__(self, count: int = 1_000_000, first: int = 0) -> None:
        self.ids = range(first, count)

    def index_of(self, row_id: int) -> int | None:
        return row_id - self.ids.start if row_id in self.ids else None

    def second_at(self, index: int) -> int:
        return NEWEST - self.ids[index]

    def first_before(self, second: int, start: int = 0) -> int:
        return min(len(self.ids), max(start, NEWEST - second + 1 - self.ids.start))


class TableApp(App[None]):
    """A table and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []

    def compose(self) -> ComposeResult:
        yield EventTable(self.summaries, id="events")

    def summaries(self, ids: Sequence[int]) -> dict[int, Summary]:
        self.read += ids
        return {
            each: Summary(
                datetime.fromtimestamp(NEWEST - each, UTC), f"Event{each}", "alice", "", "", "", 0, "", "", False, False
            )
            for each in ids
        }


def chosen_line(table: EventTable) -> str:
    """The line under the cursor."""
    lines = [table.render_line(y).text for y in range(table.size.height)]
    return next(line for line in lines if line.startswith("▌"))


async def test_a_million_rows_cost_a_few_screenfuls() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.show(Million())
        await pilot.pause()
        for step in (LAST, FIRST, Step(pages=0.5), Step(500_000)):
            table.move(step)
            await pilot.pause()
        assert "Event500" in chosen_line(table)
        assert len(app.read) < 500
        table.move(LAST)
        await pilot.pause()
        assert "Event999999" in chosen_line(table)


async def test_the_day_is_told_below_when_its_heading_is_out_of_sight() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.styles.border = ("round", "white")
        table.show(Million(100_000))
        await pilot.pause()

        def foot() -> str:
            return app.screen._compositor.render_strips()[-1].text

        assert "November" not in foot()
        table.move(Step(60))
        await pilot.pause()
        assert "Tuesday 14 November 2023" in foot()
        table.move(Step(90_000))
        await pilot.pause()
        assert "Monday 13 November 2023" in foot()
        table.move(FIRST)
        await pilot.pause()
        assert "November" not in foot()


async def test_the_cursor_stays_on_its_event_and_line_when_rows_come_above() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.show(Million(1_000, first=100))
        table.move(Step(40))
        await pilot.pause()
        before, place = chosen_line(table), (table.cursor or 0) - table.first_in_sight
        table.show(Million(1_000))
        await pilot.pause()
        assert chosen_line(table) == before
        assert (table.cursor or 0) - table.first_in_sight == place


async def test_a_cursor_nobody_moved_stays_on_the_newest_row() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.show(Million(1_000, first=100))
        await pilot.pause()
        table.show(Million(1_000))
        await pilot.pause()
        assert "Event0 " in chosen_line(table)


async def test_rows_that_come_above_leave_in_sight_what_the_wheel_led_to() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.show(Million(1_000, first=100))
        await pilot.pause()
        table.scroll_to(y=50, animate=False, immediate=True, force=True)
        await pilot.pause()
        before = [table.render_line(y).text for y in range(table.size.height)]
        assert "Event100 " not in "".join(before)
        table.show(Million(1_000))
        await pilot.pause()
        assert [table.render_line(y).text for y in range(table.size.height)] == before
        assert table.chosen == 0, "the cursor, which nobody moved, is on the newest row"
        table.show(Million(500), reset=True)
        await pilot.pause()
        assert "Event0 " in chosen_line(table), "another question begins at its newest row"


async def test_after_a_return_the_cursor_stays_on_an_event_it_was_pinned_to() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.return_to(Million(1_000, first=100), Place(None))
        await pilot.pause()
        table.pin_cursor()
        for newer in (50, 0):
            table.show(Million(1_000, first=newer))
            await pilot.pause()
            assert "Event100 " in chosen_line(table)


async def test_after_a_return_the_cursor_stays_on_an_event_that_was_chosen_for_it() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        for place in (Place(None), Place(500, 3)):
            table.return_to(Million(1_000, first=100), place)
            await pilot.pause()
            table.choose(300)
            await pilot.pause()
            assert "Event300 " in chosen_line(table)
            table.show(Million(1_000, first=50))
            await pilot.pause()
            assert "Event300 " in chosen_line(table)


async def test_columns_keep_still_while_the_same_rows_grow_and_follow_others() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)

        def user_at() -> int:
            return table.render_line(0).text.index("user")

        rows, more, other = Million(30, first=10), Million(12_030, first=12_000), Million(40, first=10)
        table.show(rows)
        await pilot.pause()
        narrow = user_at()
        table.show(more, typing=True)
        await pilot.pause()
        wide = user_at()
        assert wide > narrow, "rows that need more have it, also while a line is typed"
        table.show(other, typing=True)
        await pilot.pause()
        assert user_at() == wide, "what needs less changes nothing while a line is typed"
        table.show(other)
        await pilot.pause()
        assert user_at() == narrow
        before = len(app.read)
        for step in (Step(1), Step(5), FIRST):
            table.move(step)
            await pilot.pause()
        assert (user_at(), len(app.read)) == (narrow, before)


class FirstDrawing(EventTable):
    """Keeps what is drawn first."""

    drawn: list[str] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        strips = super().render_lines(crop)
        if self.drawn is None and crop.area:
            self.drawn = [strip.text for strip in strips]
        return strips


async def test_rows_that_are_there_before_the_screen_are_in_its_first_drawing() -> None:
    class StoredApp(TableApp):
        def compose(self) -> ComposeResult:
            table = FirstDrawing(self.summaries, id="events")
            table.show(Million(50))
            yield table

    app = StoredApp()
    async with app.run_test(size=(100, 30)):
        drawn = app.query_one(FirstDrawing).drawn
        assert drawn is not None
        assert "Event0 " in "".join(drawn)
        assert "Event26 " in "".join(drawn)


async def test_while_followed_the_list_stays_at_its_top_and_the_cursor_on_its_event() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.follow(frozenset(), on=True)
        table.show(Million(1_000, first=100))
        await pilot.pause()
        for first in (99, 96, 90):
            table.show(Million(1_000, first=first))
            await pilot.pause()
            assert "Event100" in chosen_line(table)
            assert (table.first_in_sight, table.new_above) == (0, 0), "newer rows come into sight above it"
        table.show(Million(1_000, first=50))
        await pilot.pause()
        assert "Event100" in chosen_line(table), "and it does not leave the screen either"
        above = table.new_above
        assert 0 < above < 40
        table.show(Million(1_000, first=40))
        await pilot.pause()
        assert "Event100" in chosen_line(table)
        assert table.new_above == above + 10
        table.move(FIRST)
        await pilot.pause()
        assert "Event40" in chosen_line(table)
        assert (table.first_in_sight, table.new_above) == (0, 0)


async def test_while_followed_a_cursor_that_was_moved_keeps_its_line_and_newer_rows_are_counted() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.follow(frozenset(), on=True)
        table.show(Million(1_000, first=100))
        table.move(Step(3))
        await pilot.pause()
        place = (table.cursor or 0) - table.first_in_sight
        table.show(Million(1_000, first=88))
        await pilot.pause()
        assert "Event103" in chosen_line(table)
        assert (table.cursor or 0) - table.first_in_sight == place
        assert table.new_above in (11, 12), "a day's heading may have made room for one"
        table.follow(frozenset(), on=False)
        assert table.new_above == 0


async def test_what_came_late_carries_a_sign_and_a_mark_of_a_person_goes_before_it() -> None:
    app = TableApp()
    async with app.run_test(size=(100, 30)) as pilot:
        table = app.query_one(EventTable)
        table.show(Million(1_000, first=100))
        table.follow(frozenset([100, 101]), on=True)
        table.marked = lambda: frozenset([101])
        table.marks_changed()
        await pilot.pause()
        lines = [table.render_line(y).text for y in range(8)]
        signs = {name: next(line for line in lines if name in line)[2] for name in ("Event100", "Event101", "Event102")}
        assert signs == {"Event100": "↓", "Event101": "◆", "Event102": " "}
        table.follow(frozenset(), on=True)
        await pilot.pause()
        assert not any("↓" in table.render_line(y).text for y in range(8))
