"""What a search does while the service fails: it waits for two minutes, then it says what failed."""

import sys
from collections import deque
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event, throttled, unreachable
from support.sessions import temporary_store

from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.run import PATIENCE, Run
from ctui.cli.headless.searching import SearchOptions, search
from ctui.cli.headless.streams import Streams
from ctui.config.settings import Settings
from ctui.core.lookup.outage import LONGEST_PAUSE
from ctui.errors import CtuiError, EndpointUnreachable


@pytest.mark.parametrize(
    ("failures", "code", "pages"),
    [
        ([None, *(unreachable() for _ in range(6))], ExitCode.COMPLETE, 3),
        ([None, *(throttled() for _ in range(12))], ExitCode.COMPLETE, 3),
        ([None, *(unreachable() for _ in range(100))], ExitCode.FAILED, 1),
        ([None, *(throttled() for _ in range(100))], ExitCode.FAILED, 1),
    ],
)
async def test_a_search_survives_an_outage_of_two_minutes_and_does_not_wait_for_ever(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    failures: list[CtuiError | None],
    code: ExitCode,
    pages: int,
) -> None:
    clock, progress = AutoClock(), list[str]()
    events = [event(f"e{number:03}", EPOCH - timedelta(hours=2, minutes=number)) for number in range(150)]
    service = FakeCloudTrail(clock, events=events, failures=deque(failures))
    session = CoreDriver(FakeConnector(service), temporary_store, clock, patience=PATIENCE, reads_trails=False)
    with (tmp_path / "ids").open("w+", encoding="utf-8") as out, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(Streams, "show_progress", lambda _, words: progress.append(words))
        run = Run(Settings(), session, Streams(quiet=True))
        ended = await search(run, SearchOptions(line="", format="ids", columns=()))
        seconds = clock.monotonic()
        await run.close()
        out.seek(0)
        ids = out.read().split()
    assert ended == code
    assert len(ids) == len(set(ids)) == 50 * pages or (code is ExitCode.FAILED and 0 < len(ids) <= 50)
    assert seconds <= PATIENCE + LONGEST_PAUSE + 15
    said = capsys.readouterr().err
    assert bool(said) is (code is ExitCode.FAILED)
    lost = any(isinstance(failure, EndpointUnreachable) for failure in failures)
    assert any(words.startswith("eu-west-1: No answer since 12:00:") for words in progress) is lost
