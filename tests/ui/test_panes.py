"""The table of panes is what screen, registry, footer, help and style sheet go by."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from support.driver import WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

import ctui.ui
from ctui.ui.actions.registry import action, footer_actions, on_enter
from ctui.ui.panes import PANES, Pane, PaneColumn, editing_panes, pane_row, panes_in, panes_named

Open = Callable[..., AbstractAsyncContextManager[Driver]]
STYLES = (Path(ctui.ui.__file__).parent / "ctui.tcss").read_text()


def test_every_pane_has_one_row_and_a_key_of_its_own() -> None:
    assert [row.pane for row in PANES] == list(Pane)
    numbered = [row.key for row in PANES if row.pane is not Pane.SHAPE]
    assert numbered == [str(number + 1) for number in range(len(PANES) - 1)]
    assert pane_row(Pane.SHAPE).key == "h", "it is opened and hidden by the same key"
    assert panes_in(*PaneColumn) == tuple(Pane)


@pytest.mark.parametrize("row", PANES, ids=lambda row: str(row.pane))
def test_registry_footer_and_enter_come_from_the_row(row: object) -> None:
    known = next(each for each in PANES if each is row)
    goes = action(known.pane.value)
    assert (goes.keys, goes.title, goes.help) == ((known.key,), known.name, known.help)
    assert on_enter(known.pane) == known.on_enter
    assert [each.id for each in footer_actions(known.pane) if each.label == "enter"] == [known.on_enter]


def test_keys_that_change_a_trail_work_where_the_table_says() -> None:
    assert editing_panes() == (Pane.TRAILS, Pane.STATUS)
    assert action("delete-trail").panes == editing_panes()


def test_a_sentence_names_panes_by_title_and_key() -> None:
    assert panes_named((Pane.EVENTS,)) == "Events (3)"
    assert panes_named((Pane.TRAILS, Pane.STATUS)) == "Trails (1) and Status (2)"
    assert panes_named((Pane.TRAILS, Pane.STATUS, Pane.EVENTS)) == "Trails (1), Status (2) and Events (3)"


def test_the_style_sheet_names_no_pane_and_no_column_that_is_not_there() -> None:
    lines = {"header", "feed-line", "keys", "status-summary", "panes", "columns"}
    assert set(re.findall(r"#([a-z-]+)", STYLES)) <= {*Pane, PaneColumn.SIDE, PaneColumn.MAIN, *lines}


async def test_each_pane_stands_in_its_column_with_its_key_and_title(open_app: Open) -> None:
    async with open_app(Service(events(3, EPOCH)), WIDE) as ctui:
        for row in PANES:
            await ctui.press(row.key)
            assert ctui.focus() == row.pane.value
            assert ctui.title(row.pane.value).startswith(f"{row.key} {row.title}")
            column = PaneColumn.SIDE if row.place is PaneColumn.SIDE else PaneColumn.MAIN
            assert ctui.app.screen.query_one(f"#{column} > #{row.pane}")
