"""What an answer from log files rests on, for people and for programs: never that it is complete."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event
from support.fakes.log_files import FakeTree
from support.trees import HOLE, START, TREE, tree

from ctui.cli.headless.answer_report import AnswerReport
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.files_report import FilesReport
from ctui.core.files.no_service import FilesConnector
from ctui.core.files.store_with_files import StoreWithFiles
from ctui.core.rows.certain_rows import CertainRows
from ctui.core.session import Session, SessionPhase
from ctui.model.connection import Connection
from ctui.model.log_files.tree_state import Deliveries, TreePhase, TreeState

Report = Callable[..., Awaitable[AnswerReport]]
EVENTS = [event(f"e{number}", EPOCH) for number in range(3)]


async def store_with_files(_connection: Connection | None) -> StoreWithFiles:
    """A store for one run."""
    return await StoreWithFiles.open(None)


@pytest.fixture
async def report() -> AsyncIterator[Report]:
    """Asks a line of a tree, alone or beside a service, reads every row, and reports."""
    running: list[tuple[Session, asyncio.Task[None]]] = []

    async def of(line: str, state: TreeState, *, service: FakeCloudTrail | None = None) -> AnswerReport:
        one = FakeTree("/data/logs", EVENTS)
        connector = FilesConnector(one.scope) if service is None else FakeConnector(service)
        alone = service is None
        session = Session(
            connector, store_with_files, AutoClock(), reads_trails=False, trees=[one], files_alone=alone,
        )  # fmt: skip
        assert session.explorer.ask_all(line)
        ready = asyncio.Event()
        session.changed.subscribe(lambda now: ready.set() if now.phase is SessionPhase.READY else None)
        running.append((session, asyncio.create_task(session.run())))
        await ready.wait()
        one.state = replace(state, events=one.state.events)
        one._changed()
        rows, matched = CertainRows(session), 0
        async for ids in rows.portions():
            matched += len(ids)
        return AnswerReport.of(session, matched, late=rows.late)

    yield of
    for session, task in running:
        await session.close()
        await task


async def test_all_that_is_there_was_searched(report: Report) -> None:
    answer = await report("user:alice", tree(unread=()))
    assert (answer.exit_code, answer.matched, answer.regions) == (ExitCode.COMPLETE, 3, ())
    assert answer.sentences() == [
        "3 events match, all history.",
        "Log files: 3 events in 312 log files from 2026-11-01 00:05 to 2026-11-21 00:05 UTC, completeness unknown.",
        "Possible hole, no file of 111111111111 us-east-1 from 2026-11-04 00:05 to 2026-11-05 00:05 UTC (24 h);"
        " StopLogging may explain it.",
    ]
    said = answer.as_json()
    assert (said["complete"], said["not_covered"]) == (None, [])
    (one,) = said["files"]
    assert one == {
        "path": "/data/logs", "from": "2026-11-01T00:05:00Z", "to": "2026-11-21T00:05:00Z", "log_files": 312,
        "events": 3, "files_to_be_read": 0, "not_read": {}, "digest_files": 0, "error": None, "complete": None,
        "possible_holes": [
            {"account": "111111111111", "region": "us-east-1", "from": "2026-11-04T00:05:00Z",
             "to": "2026-11-05T00:05:00Z", "may_be_explained_by": ["StopLogging"]}
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "warning"),
    [
        (tree(), "Not read in /data/logs: 12 a folder; 3 no CloudTrail records in it. `ctui files check` names"),
        (tree(unread=(("\x1b[2J", 1),)), "Not read in /data/logs: 1 ␛[2J."),
        (TreeState("/x", TreePhase.FAILED, error="Permission denied"), "/x not searched: Permission denied"),
    ],
)
async def test_what_was_not_searched_is_said_and_ends_with_4(report: Report, state: TreeState, warning: str) -> None:
    answer = await report("", state)
    assert answer.exit_code is ExitCode.INCOMPLETE
    assert answer.as_json()["complete"] is False
    assert any(words.startswith(warning) for words in answer.warnings())


async def test_beside_a_service_each_says_what_it_can(report: Report) -> None:
    service = FakeCloudTrail(AutoClock(), [])
    answer = await report("user:alice", tree(unread=()), service=service)
    assert answer.exit_code is ExitCode.COMPLETE
    assert answer.as_json()["complete"] is None
    first, by_aws, files, *_ = answer.sentences()
    assert (first, by_aws) == ("3 events match, all history.", "AWS in eu-west-1: complete.")
    assert files.startswith("Log files: 3 events in 312 log files")


def test_many_holes_are_counted() -> None:
    holes = tuple(replace(HOLE, start=START + number) for number in range(8))
    words = list(FilesReport((tree(unread=()),), holes, alone=True).warnings())
    assert len(words) == 6
    assert words[-1] == "Possible holes besides: 3; --coverage names them."
    unnamed = FilesReport((TREE,), (replace(HOLE, account="", region=""),), alone=True)
    assert any(words.startswith("Possible hole, no file from") for words in unnamed.warnings())


def test_a_tree_without_a_time_says_so() -> None:
    empty = TreeState("/x", TreePhase.READY, deliveries=(Deliveries("", "", 0, None, None),))
    assert FilesReport((empty,), (), alone=True).sentence() == "0 log files, completeness unknown"
