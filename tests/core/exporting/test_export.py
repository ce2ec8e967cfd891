"""An export writes what is here or loads the rest first, and leaves a whole file or none."""
# ruff: noqa: ASYNC110, ASYNC240 - files and threads are what these tests are about; nobody else runs on their loop

import asyncio
import csv
import errno
import json
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import REGION, FakeCloudTrail, FakeConnector, denied, event, unreachable

from ctui.core.exporting.destination import destination_of
from ctui.core.exporting.export import Export, ExportPhase, ExportPlan
from ctui.errors import ExportError
from ctui.model.event.event import Event, Oddity
from ctui.model.event.format import Format
from ctui.render.export.formats import FORMATS
from ctui.store.events import EventStore
from ctui.store.pruning import Retention
from ctui.store.reading import EVALUATED_AT_ONCE, Evaluated

T = TypeVar("T")
EVENTS = 700


@pytest.fixture
def week(service: FakeCloudTrail) -> FakeCloudTrail:
    """One event each minute; every tenth is bob's, all others alice's."""
    for n in range(EVENTS):
        who = "bob" if n % 10 == 9 else "alice"
        service.events.append(event(f"e{n}", EPOCH - timedelta(minutes=n + 30), username=who))
    return service


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "answers").mkdir()
    return tmp_path / "answers" / "answer"


def plan(path: Path, form: Format | None = None, **more: bool) -> ExportPlan:
    return ExportPlan(destination_of(str(path), "unused"), form or FORMATS["ndjson"].make(()), **more)


async def exported(session: CoreDriver, path: Path, form: Format | None = None, **more: bool) -> Export:
    export = session.export(plan(path, form, **more))
    await session.idle()
    return export


def ids(path: Path) -> list[str]:
    return [json.loads(line)["eventID"] for line in path.read_text().splitlines()]


async def turns_until(true: Callable[[], bool]) -> None:
    """Let core work on until something holds."""
    while not true():
        await asyncio.sleep(0)


def every(step: int, of: int = EVENTS) -> list[str]:
    return [f"e{n}" for n in range(of) if n % step == step - 1]


async def test_what_is_here_is_written_as_the_list_shows_it(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start()
    await session.type("user:bob")
    calls = week.lookups
    state = (await exported(session, path)).state
    assert ids(path) == every(10, of=50)
    assert (state.phase, state.rows, state.written, state.gone) == (ExportPhase.DONE, 5, 5, 0)
    assert state.size == path.stat().st_size
    assert week.lookups == calls
    assert list(path.parent.iterdir()) == [path]


async def test_the_rest_is_loaded_first_where_that_is_asked(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start()
    await session.type("user:bob")
    export = session.export(plan(path, load_all=True))
    assert export.state.phase is ExportPhase.LOADING
    await session.idle()
    assert (export.state.phase, ids(path)) == (ExportPhase.DONE, every(10))
    assert week.lookups == EVENTS / 50
    # All is here now, and a second file costs no call.
    await exported(session, path.with_name("again"), load_all=True)
    assert path.with_name("again").read_bytes() == path.read_bytes()
    assert week.lookups == EVENTS / 50


async def test_marked_events_are_written_whether_they_match_or_not(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start()
    for row_id in (session.explorer.rows.ids[3], session.explorer.rows.ids[40]):
        session.marks.toggle(row_id)
    await session.ask("user:bob since:31m")
    export = await exported(session, path, marked=True)
    assert (export.state.phase, ids(path)) == (ExportPhase.DONE, ["e3", "e40"])


async def test_a_load_that_ends_before_writes_nothing(week: FakeCloudTrail, start: StartSession, path: Path) -> None:
    session = await start()
    week.failures.extend([None, None, *[denied("LookupEvents")] * 9])
    export = await exported(session, path, load_all=True)
    assert export.state.phase is ExportPhase.HALTED
    assert list(path.parent.iterdir()) == []
    waits = session.explorer.state.outstanding.everything
    export.cancel()
    assert (waits, session.explorer.state.outstanding.everything) == (True, False)
    # What is here can be written, or the load goes on.
    await exported(session, path)
    assert ids(path) == [f"e{n}" for n in range(150)]
    week.failures.clear()
    again = await exported(session, path.with_name("all"), load_all=True)
    assert (again.state.phase, len(ids(path.with_name("all")))) == (ExportPhase.DONE, EVENTS)


async def test_a_region_that_refuses_is_not_the_whole_range(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start()
    week.refusing["us-east-1"] = denied("LookupEvents")
    session.explorer.search_also("us-east-1")
    await session.idle()
    export = await exported(session, path, load_all=True)
    assert (export.state.phase, list(path.parent.iterdir())) == (ExportPhase.HALTED, [])


async def test_without_a_connection_nothing_is_taken_for_the_whole_range(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start(FakeConnector(week, [unreachable()] * 9))
    export = await exported(session, path, load_all=True)
    assert (export.state.phase, list(path.parent.iterdir())) == (ExportPhase.HALTED, [])


@pytest.mark.parametrize("loading_before", [False, True])
async def test_a_cancelled_export_ends_its_own_load_and_no_other(
    week: FakeCloudTrail, start: StartSession, path: Path, *, loading_before: bool
) -> None:
    session = await start()
    week.hold()
    if loading_before:
        session.explorer.everything()
    export = session.export(plan(path, load_all=True))
    await turns_until(lambda: week.lookups > 1)
    export.cancel()
    week.release()
    await session.idle()
    assert export.state.phase is ExportPhase.CANCELLED
    assert len(session.explorer.rows.ids) == (EVENTS if loading_before else 50)
    assert list(path.parent.iterdir()) == []


class Held:
    """NDJSON that a test holds in the writer's thread, at the portion that it names."""

    def __init__(self, portion: int) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        self._form = FORMATS["ndjson"].make(())
        self._left = portion
        self.head, self.tail = self._form.head, self._form.tail

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        self._left -= 1
        if not self._left:
            self.reached.set()
            self.released.wait()
        return self._form.rows(events, region)


async def test_an_export_that_is_cancelled_while_it_writes_leaves_nothing(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start()
    await session.load_all()
    form = Held(2)
    export = session.export(plan(path, form))
    await turns_until(form.reached.is_set)
    assert (export.state.rows, export.state.written) == (EVENTS, EVALUATED_AT_ONCE)
    # Keys go on meanwhile: what is here can be filtered.
    session.explorer.type("user:bob")
    await turns_until(lambda: session.explorer.state.shown == EVENTS // 10)
    export.cancel()
    form.released.set()
    await session.idle()
    assert (export.state.phase, export.state.left, list(path.parent.iterdir())) == (ExportPhase.CANCELLED, None, [])


async def test_a_session_that_ends_leaves_no_half_file(week: FakeCloudTrail, start: StartSession, path: Path) -> None:
    session = await start()
    form = Held(1)
    session.export(plan(path, form))
    await turns_until(form.reached.is_set)
    assert len(list(path.parent.iterdir())) == 1
    await session.close()
    form.released.set()
    assert list(path.parent.iterdir()) == []


async def test_rows_that_come_while_it_writes_are_not_in_the_file(
    week: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    session = await start()
    form = Held(1)
    session.export(plan(path, form))
    await turns_until(form.reached.is_set)
    session.explorer.everything()
    await turns_until(lambda: session.explorer.state.shown == EVENTS)
    form.released.set()
    await session.idle()
    assert ids(path) == [f"e{n}" for n in range(50)]


async def test_a_file_that_cannot_be_written_is_an_error_in_words(
    week: FakeCloudTrail, start: StartSession, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await start()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        export = session.export(plan(path))
        await turns_until(lambda: export.state.phase is ExportPhase.FAILED)
    assert isinstance(export.state.error, ExportError)
    assert export.state.error.message == f"The disk is full: {path}."
    assert list(path.parent.iterdir()) == []


async def test_a_file_that_was_made_meanwhile_stays(week: FakeCloudTrail, start: StartSession, path: Path) -> None:
    session = await start()
    planned = plan(path)
    path.write_text("somebody else's")
    export = session.export(planned)
    await session.idle()
    assert (export.state.phase, path.read_text()) == (ExportPhase.FAILED, "somebody else's")
    assert list(path.parent.iterdir()) == [path]
    assert (await exported(session, path, replace=True)).state.phase is ExportPhase.DONE
    assert len(ids(path)) == 50


async def test_what_the_store_pruned_meanwhile_is_counted(
    week: FakeCloudTrail, start: StartSession, path: Path, tmp_path: Path
) -> None:
    async def stored(_: object) -> EventStore:
        return await EventStore.open(tmp_path / "events.db")

    session = await start(open_store=stored)
    await session.load_all()
    form = Held(1)
    export = session.export(plan(path, form))
    await turns_until(form.reached.is_set)
    other = await stored(None)
    await other.prune(Retention(max_age=430 * 60), int(EPOCH.timestamp()))
    await other.close()
    form.released.set()
    await session.idle()
    assert (export.state.phase, export.state.rows) == (ExportPhase.DONE, EVENTS)
    assert export.state.written == len(ids(path)) == EVENTS - export.state.gone
    assert 0 < export.state.gone < EVENTS


async def test_rows_are_read_in_portions_of_the_same_size(
    week: FakeCloudTrail, start: StartSession, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    evaluate = EventStore.evaluate

    async def counted(store: EventStore, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        read.append(len(ids))
        return await evaluate(store, ids, evaluation)

    session = await start()
    await session.load_all()
    monkeypatch.setattr(EventStore, "evaluate", counted)
    await exported(session, path)
    assert read == [EVALUATED_AT_ONCE, EVALUATED_AT_ONCE, EVENTS - 2 * EVALUATED_AT_ONCE]


async def test_an_event_that_could_not_be_read_is_there_as_it_came(
    service: FakeCloudTrail, start: StartSession, path: Path
) -> None:
    came = '{"EventId":"odd","EventTime":"never","CloudTrailEvent":7}'
    odd = replace(event("odd", EPOCH - timedelta(hours=1), record=""), oddity=Oddity(("x",), True, False, came))
    service.events += [odd, event("e1", EPOCH - timedelta(hours=2))]
    session = await start()
    await exported(session, path)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        json.loads(came),
        {"eventID": "e1", "awsRegion": REGION},
    ]
    await exported(session, path.with_name("table"), FORMATS["csv"].make(("id", "region")))
    rows = list(csv.reader(path.with_name("table").read_text().splitlines()))
    assert rows[1:] == [["", "odd", REGION], ["2026-11-21T10:00:00Z", "e1", REGION]]
