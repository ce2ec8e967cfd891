"""Very many events: few statements, memory of a few batches, and no event without what finds it, whatever happens."""

import gc
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.records import adding
from ctui.emulator.records.adding import AddResult
from ctui.emulator.records.batches import Batch
from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.load import load
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.server import Emulator
from ctui.errors import StoreError
from ctui.model.event.event import Resource

EVENT = Recorded(
    account="111111111111",
    region="eu-west-1",
    event_id="",
    time=0,
    available=0.0,
    name="CreateUser",
    source="iam.amazonaws.com",
    username="me",
    read_only="false",
    access_key_id=None,
    resources=(Resource("AWS::IAM::User", "x"), Resource("AWS::IAM::User", "x")),
    record="{}",
    origin=Origin.LOADED,
)
ATTRIBUTES = 7
"""Rows of attributes of each: four values, everything, and type and name of a resource, once."""


def events(count: int, first: int = 0) -> Iterator[Recorded]:
    for number in range(first, first + count):
        yield replace(EVENT, event_id=f"id-{number}", time=number, available=float(number), record=f'{{"n":{number}}}')


def found(history: EventHistory) -> list[str | None]:
    """The ids of all that LookupEvents finds by a value, the oldest first."""
    query = Query(EVENT.account, EVENT.region, 0, 2**53, 2.0**60, history.top(), attribute=("ResourceName", "x"))
    return [event.event_id for event in reversed(history.page(query, None, 10**6)[0])]


def rows(path: Path) -> tuple[int, int]:
    """How many rows there are, of events and of their attributes."""
    with closing(sqlite3.connect(path)) as state:
        return tuple(state.execute("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM attribute)").fetchone())


@pytest.fixture
def history(tmp_path: Path) -> Iterator[EventHistory]:
    opened = EventHistory(tmp_path / "state.db")
    yield opened
    opened.close()


def test_twenty_thousand_events_take_few_statements_and_one_transaction(history: EventHistory) -> None:
    statements: list[str] = []
    history._adding._writer.set_trace_callback(lambda text: statements.append(text[:35]))
    assert history.add(events(20_000)) == AddResult(new=20_000)
    history._adding._writer.set_trace_callback(None)
    assert statements.count("COMMIT") == 1
    assert sum(text.startswith("INSERT") for text in statements) < 150
    assert sum(text.startswith("INSERT OR FAIL INTO attribute") for text in statements) == 1
    assert len(found(history)) == 20_000


def test_known_events_among_many_add_nothing(
    history: EventHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH", 10)
    monkeypatch.setattr(adding, "_TRANSACTION", 40)
    assert history.add(events(95)) == AddResult(new=95)
    # Some were known before, some are known since an earlier batch of the same transaction.
    assert history.add([*events(30, 80), *events(30, 80), *events(5, 200)]) == AddResult(new=20, same=45)
    assert rows(tmp_path / "state.db") == (115, 115 * ATTRIBUTES)
    assert found(history) == [event.event_id for event in (*events(110), *events(5, 200))]


@pytest.mark.parametrize("after", [0, 1, 39, 40, 41, 95])
def test_an_error_leaves_whole_transactions(
    after: int, history: EventHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH", 10)
    monkeypatch.setattr(adding, "_TRANSACTION", 40)

    def interrupted() -> Iterator[Recorded]:
        yield from events(after)
        history.interrupt()
        yield from events(100, after)

    with pytest.raises(StoreError, match="shutting down"):
        history.add(interrupted())
    stored = after // 40 * 40
    assert rows(tmp_path / "state.db") == (stored, stored * ATTRIBUTES)
    with closing(EventHistory(tmp_path / "state.db")) as again:
        assert again.add(events(195)) == AddResult(new=195 - stored, same=stored)
        assert found(again) == [event.event_id for event in events(195)]


def test_memory_does_not_grow_with_events(history: EventHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "BATCH", 100)
    monkeypatch.setattr(adding, "_TRANSACTION", 500)

    def most(count: int, first: int) -> int:
        tracemalloc.start()
        history.add(events(count, first))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(1000, 0)
    assert most(8000, 10_000) < 2 * most(1000, 20_000)


@pytest.mark.parametrize("kept", [True, False])
async def test_only_what_outlives_the_process_waits_for_the_disk(kept: bool, tmp_path: Path) -> None:
    options = EmulatorOptions(traffic=False, data=tmp_path if kept else None)
    async with Emulator(options) as emulator:
        (level,) = emulator.history._adding._writer.execute("PRAGMA synchronous").fetchone()
    assert level == (1 if kept else 0)


def test_nothing_behind_an_error_is_stored_though_it_was_read_by_then(
    history: EventHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctui.emulator.records.load.BATCH", 10)
    monkeypatch.setattr(adding, "_TRANSACTION", 20)
    history._adding._writer.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON main.event WHEN new.event_id = '55' "
        "BEGIN SELECT RAISE(FAIL, 'disk full'); END"
    )
    lines = (f'{{"eventTime":"2026-11-20T12:00:00Z","awsRegion":"us-east-1","eventID":"{n}"}}\n' for n in range(150))
    (tmp_path / "log.json").write_text("".join(lines))
    with pytest.raises(StoreError, match="disk full"):
        load([tmp_path / "log.json"], EVENT.account, history)
    stored, _ = rows(tmp_path / "state.db")
    assert stored == 40


async def test_the_file_of_the_history_has_pages_for_many_records(tmp_path: Path) -> None:
    async with Emulator(EmulatorOptions(traffic=False, data=tmp_path)) as emulator:
        writer = emulator.history._adding._writer
        ((page,), (pages,)) = (
            writer.execute(f"PRAGMA {name}").fetchone() for name in ("page_size", "wal_autocheckpoint")
        )
    assert page == 16384
    assert page * pages == 32 * 2**20


def test_of_a_file_with_smaller_pages_the_log_is_as_large(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db")) as state:
        state.executescript("PRAGMA page_size = 4096; CREATE TABLE other(x)")
    with closing(EventHistory(tmp_path / "state.db")) as history:
        (pages,) = history._adding._writer.execute("PRAGMA wal_autocheckpoint").fetchone()
    assert pages == 8192


def test_reading_waits_for_storing_after_a_dozen_batches(
    history: EventHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = most = 0

    class Stored(Future[bytes]):
        def result(self, timeout: float | None = None) -> bytes:
            nonlocal waiting
            waiting -= 1
            return super().result(timeout)

    def submit(_: object, store: Callable[[Batch], bytes], batch: Batch) -> Stored:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        stored = Stored()
        stored.set_result(store(batch))
        return stored

    monkeypatch.setattr(ThreadPoolExecutor, "submit", submit)
    monkeypatch.setattr("ctui.emulator.records.load.BATCH", 2)
    lines = (f'{{"eventTime":"2026-11-20T12:00:00Z","awsRegion":"us-east-1","eventID":"{n}"}}\n' for n in range(101))
    (tmp_path / "log.json").write_text("".join(lines))
    assert load([tmp_path / "log.json"], EVENT.account, history).loaded == 101
    assert (most, waiting) == (12, 0)


def test_loading_leaves_the_settings_of_python_as_they_were(history: EventHistory, tmp_path: Path) -> None:
    before = gc.isenabled(), sys.getswitchinterval()
    (tmp_path / "log.json").write_text("nonsense")
    load([tmp_path / "log.json"], EVENT.account, history)
    history.interrupt()
    (tmp_path / "log.json").write_text('{"eventTime":"2026-11-20T12:00:00Z","awsRegion":"us-east-1","eventID":"1"}')
    with pytest.raises(StoreError):
        load([tmp_path / "log.json"], EVENT.account, history)
    assert (gc.isenabled(), sys.getswitchinterval()) == before
