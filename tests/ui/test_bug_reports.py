"""A fault of ctui's own: written down, told, and outlived."""

import stat
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from support.driver import Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events

from ctui.errors import CtuiError
from ctui.ui.bug_reports import BugReports

Open = Callable[..., AbstractAsyncContextManager[Driver]]


def test_a_fault_is_written_to_a_private_file_whose_place_is_told(tmp_path: Path) -> None:
    told: list[CtuiError] = []
    faults = BugReports(told.append, tmp_path)

    def broken() -> None:
        raise ZeroDivisionError("by \udc80 nought")

    for _ in range(2):
        try:
            broken()
        except ZeroDivisionError as fault:
            faults.take(fault)
    (report,) = tmp_path.iterdir()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "raise ZeroDivisionError" in report.read_text()
    assert [str(report) in each.remedy for each in told] == [True, True], "told again, and not written again"
    assert [type(fault) for fault in faults.met] == [ZeroDivisionError]


def test_a_fault_is_told_where_it_cannot_be_written(tmp_path: Path) -> None:
    told: list[CtuiError] = []
    BugReports(told.append, tmp_path / "gone").take(ZeroDivisionError("by nought"))
    assert told[0].message == "ZeroDivisionError: by nought"
    assert "No report could be written" in told[0].remedy


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_deed_that_breaks_takes_nothing_along(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with open_app(Service(events(3, EPOCH))) as ctui:
        await ctui.press("slash", *"name", "escape", "j")

        def broken() -> None:
            raise ZeroDivisionError("by [red]nought")

        async def broken_later() -> None:
            broken()

        screen = ctui.app.screen
        deed = broken if at_once else lambda: screen.run_worker(broken_later())
        screen._handlers["time-range"] = deed  # type: ignore[attr-defined]
        with pytest.raises(ZeroDivisionError):
            await ctui.press("t")
        ctui.faults.clear()
        await ctui.settle()
        (told,) = ctui.notices()
        assert "ZeroDivisionError: by [red]nought" in told
        assert "ctui-fault-" in told
        assert ctui.app.is_running
        assert ctui.typed() == "name"
