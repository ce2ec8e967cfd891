"""What an answer rests on, and the exit code that follows: over a service in memory that fails in every way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import count

import pytest
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import REGION, FakeCloudTrail, FakeConnector, denied, event, internal
from support.sessions import temporary_store

from ctui.cli.headless.answer_report import AnswerReport
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.run import PATIENCE
from ctui.core.rows.certain_rows import CertainRows
from ctui.core.rows.empty_answer import read_values
from ctui.core.session import Session, SessionPhase
from ctui.model.lookup.scan import Page, Scan

Report = Callable[[str], Awaitable[AnswerReport]]
OTHER = "us-west-2"


@pytest.fixture
def service() -> FakeCloudTrail:
    """120 events, one a minute."""
    return FakeCloudTrail(AutoClock(), [event(f"e{n}", EPOCH - timedelta(minutes=60 + n)) for n in range(120)])


@pytest.fixture
async def report(service: FakeCloudTrail) -> AsyncIterator[Report]:
    """Asks a line, reads every row, and reports."""
    running: list[tuple[Session, asyncio.Task[None]]] = []

    async def of(line: str) -> AnswerReport:
        connector = FakeConnector(service)
        session = Session(connector, temporary_store, service.clock, reads_trails=False, patience=PATIENCE)
        assert session.explorer.ask_all(line)
        ready = asyncio.Event()
        session.changed.subscribe(lambda state: ready.set() if state.phase is SessionPhase.READY else None)
        running.append((session, asyncio.create_task(session.run())))
        await ready.wait()
        rows, matched = CertainRows(session), 0
        async for ids in rows.portions():
            matched += len(ids)
        values = await read_values(session, session.explorer.state)
        return AnswerReport.of(session, matched, late=rows.late, values=values)

    yield of
    for session, task in running:
        await session.close()
        await task


async def test_in_full(report: Report) -> None:
    answer = await report("user:alice")
    assert (answer.exit_code, answer.matched, answer.complete, answer.warnings()) == (ExitCode.COMPLETE, 120, True, [])
    assert answer.as_json()["not_covered"] == []
    assert answer.sentences()[0] == f"120 events match. 120 scanned in {REGION}, all history: complete."


async def test_a_region_that_refuses(service: FakeCloudTrail, report: Report) -> None:
    service.refusing[OTHER] = denied("LookupEvents")
    answer = await report(f"region:{OTHER}")
    assert (answer.exit_code, answer.refused) == (ExitCode.INCOMPLETE, (OTHER,))
    assert [gap["region"] for gap in answer.as_json()["not_covered"]] == [OTHER]
    said = answer.warnings()
    assert said[0].startswith(f"{OTHER} refused: Denied")
    assert said[1].startswith(f"Incomplete, not covered: {OTHER} to ")


async def test_a_service_that_fails(service: FakeCloudTrail, report: Report) -> None:
    service.failures.extend([None, *(internal() for _ in range(99))])
    answer = await report("user:alice")
    assert (answer.exit_code, answer.failed, answer.complete) == (ExitCode.FAILED, True, False)
    assert 0 < answer.matched < 120
    assert answer.warnings() == ["Failed: The service failed."]


async def test_a_service_that_returns_the_same_for_ever(
    service: FakeCloudTrail, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()

    async def endless(_scan: Scan, _token: str | None, on_sent: Callable[[], None]) -> Page:
        on_sent()
        return Page(tuple(service.events[:50]), f"token-{next(numbers)}", service.clock.now())

    monkeypatch.setattr(service, "lookup_events", endless)
    answer = await report("user:alice")
    assert (answer.exit_code, answer.matched) == (ExitCode.INCOMPLETE, 50)
    said = answer.as_json()
    assert said["halted"] == "no progress"
    assert said["not_covered"][0]["from"] is None
    assert answer.warnings()[0] == "The service went on returning pages without a new event."


async def test_why_nothing_matches_and_what_to_ask_instead(report: Report) -> None:
    answer = await report("is:error user:alice*")
    assert (answer.exit_code, answer.matched) == (ExitCode.COMPLETE, 0)
    reasons = {reason["why"]: reason["instead"] for reason in answer.as_json()["why_empty"]}
    assert reasons["is:error hides all 120"] == "'user:alice*' --since all"
    assert "Why: is:error hides all 120. Instead: 'user:alice*' --since all" in answer.sentences()
    # Keys of the screen are no advice here.
    assert not [why for why in reasons if " · " in why]
