"""Very many events: few statements, memory of a few batches, and no event without what finds it, whatever happens."""

import gc
import sqlite3
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.records import adding
from ctui.emulator.records.adding import AddResult
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
    history._adding._writer.set_trace_callback(lambda text: statements.append(text[:20]))
    assert history.add(events(20_000)) == AddResult(new=20_000)
    history._adding._writer.set_trace_callback(None)
    assert statements.count("COMMIT") == 1
    assert sum(text.startswith("INSERT") for text in statements) < 150
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


def test_loading_leaves_the_settings_of_python_as_they_were(history: EventHistory, tmp_path: Path) -> None:
    before = gc.isenabled(), sys.getswitchinterval()
    (tmp_path / "log.json").write_text("nonsense")
    load([tmp_path / "log.json"], EVENT.account, history)
    history.interrupt()
    (tmp_path / "log.json").write_text('{"eventTime":"2026-11-20T12:00:00Z","awsRegion":"us-east-1","eventID":"1"}')
    with pytest.raises(StoreError):
        load([tmp_path / "log.json"], EVENT.account, history)
    assert (gc.isenabled(), sys.getswitchinterval()) == before
