"""The store is removed or replaced while a session loads: every row stays, and what is claimed is on the disk."""

# ruff: noqa: ASYNC240 - files are what these tests are about; nobody else runs on their loop

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, event
from support.sessions import OpenStore
from support.stored import event_ids

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.lookup.query_state import QueryState
from ctui.errors import CtuiError

_READ = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM event').fetchone())"


def events_in(path: Path) -> int:
    """What another process finds there."""
    return int(subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, check=True).stdout)


def remove(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def replace(path: Path) -> None:
    remove(path)
    path.write_bytes(b"dear to somebody")


@pytest.fixture
async def loading(start: StartSession, service: FakeCloudTrail, lasting: OpenStore) -> CoreDriver:
    """A session that has seen the first page of twelve."""
    service.events = [event(f"e{number}", EPOCH - timedelta(minutes=number)) for number in range(600)]
    return await start(open_store=lasting)


@pytest.mark.parametrize(("harm", "title"), [(remove, "Event store written again"), (replace, "Event store moved")])
async def test_a_store_that_goes_during_a_load_loses_no_row(
    loading: CoreDriver, path: Path, harm: Callable[[Path], None], title: str
) -> None:
    """Before, all was said to be loaded and claimed, and nothing stood on the disk at the end."""
    session = loading
    before = list(session.explorer.query.ids)

    def at_the_fifth_page(state: QueryState) -> None:
        if state.pages == 5 and not seen:
            seen.append(state)
            harm(path)

    seen: list[QueryState] = []
    session.explorer.query.changed.subscribe(at_the_fifth_page)
    await session.load_all()
    assert (session.explorer.query.state.phase, session.explorer.query.state.loaded) == (QueryPhase.COMPLETE, 600)
    assert list(session.explorer.query.ids[:50]) == before
    assert event_ids(session, session.explorer.query.ids) == [f"e{number}" for number in range(600)]
    notice: CtuiError | None = session.state.notice
    assert notice is not None
    assert notice.title == title
    if harm is replace:
        assert path.read_bytes() == b"dear to somebody"
    else:
        assert events_in(path) == 600


async def test_what_is_first_seen_at_the_end_is_the_last_notice(loading: CoreDriver, path: Path) -> None:
    other = path.with_name("new")
    other.write_bytes(b"dear to somebody")
    other.replace(path)
    await loading.close()
    notice: CtuiError | None = loading.state.notice
    assert (notice is not None and notice.title, path.read_bytes()) == ("Event store replaced", b"dear to somebody")
