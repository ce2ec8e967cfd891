"""An answer leaves the screen as a log file, and `ctui emulator --load` reads from it what the list showed."""
# ruff: noqa: ASYNC240 - files are what this story is about; nobody else runs on its loop

from pathlib import Path

import pytest
from support.driver import SMALL

from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.load import load
from ctui.emulator.testing import CloudTrail

from .conftest import Open

ACCOUNT, REGION = "111111111111", "us-east-1"


async def test_an_exported_log_file_loads_again_and_is_equal(
    week: CloudTrail, open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_app(week, size=SMALL) as ctui:
        await ctui.press("slash")
        await ctui.write("user:deploy-bot")
        await ctui.press("enter")
        assert "complete" in ctui.line("feed-line")
        await ctui.press("E", "down", "left")
        assert "log file" in ctui.text()
        await ctui.press("enter")
        session = ctui.session
        shown = sorted(session.event(row).record for row in session.explorer.rows.ids)
        assert f"{len(shown)} events in ctui-{ACCOUNT}-{REGION}-" in ctui.notices()[-1]
    (path,) = tmp_path.iterdir()
    history = EventHistory(tmp_path / "state.db")
    try:
        report = load([path], ACCOUNT, history)
        events, _ = history.page(Query(ACCOUNT, REGION, 0, 2**53, 2.0**53, history.top()), None, 100_000)
    finally:
        history.close()
    assert (report.loaded, report.reasons) == (len(shown), {})
    assert sorted(event.record for event in events) == shown
    assert len(shown) > 20
