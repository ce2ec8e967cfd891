"""Once connected, a session derives stored rows of older rules again; also where the service cannot be reached."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event, unreachable
from support.sessions import OpenStore

from ctui.core.session import SessionPhase
from ctui.store.index.table_line import DERIVATION

COUNT = 700


@pytest.mark.parametrize("reachable", [True, False])
async def test_rows_of_older_rules_are_derived_again(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, path: Path, reachable: bool
) -> None:
    service.events = [event(f"e{number}", EPOCH - timedelta(minutes=number)) for number in range(COUNT)]
    first = await start(open_store=lasting)
    await first.load_all()
    loaded = first.loaded()
    await first.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        names = file.execute("SELECT sum(name) FROM event").fetchall()
        file.execute("UPDATE event SET derived = derived - 1, kinds = 0, ip = NULL")
    connector = None if reachable else FakeConnector(service, [unreachable()])
    session = await start(connector, open_store=lasting)
    assert (session.state.phase is SessionPhase.READY) == reachable
    assert session.state.notice is None
    assert session.loaded() == loaded[: len(session.explorer.query.ids)]
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT DISTINCT derived FROM event").fetchall() == [(DERIVATION,)]
        assert file.execute("SELECT sum(name) FROM event").fetchall() == names
