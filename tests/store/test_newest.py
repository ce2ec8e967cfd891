"""The newest rows of a file that is not open: those that the open store gives, or none."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import ACCOUNT, REGION, event
from support.old_store import create_old_store
from support.stored import found_keys, insert

from ctui.model.connection import Connection, LoginTrace, Scope
from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index import table_line
from ctui.store.newest import newest_lines
from ctui.store.opening.signs import VERSION
from ctui.store.search import Search

HERE = Connection(None, REGION, None, "aws", LoginTrace(account=ACCOUNT))
SCOPE = Scope(HERE.origin, ACCOUNT, REGION)
NOW = int(EPOCH.timestamp())
FAILED = f'{{"errorCode":"AccessDenied","awsRegion":"{REGION}","userIdentity":{{"type":"Root"}}}}'


def events() -> list[Event]:
    """Some of each second, odd ones and some that are not of this account, too new, or of another Region."""
    several = [event(f"e{one}", EPOCH - timedelta(seconds=one // 3), name=f"Call{one}") for one in range(30)]
    odd = replace(event("odd", EPOCH), oddity=Oddity(("no time",), True, timed=False))
    named = replace(event("named", EPOCH), resources=(Resource("AWS::S3::Bucket", "one"), Resource(None, "two")))
    return [*several, odd, named, event("failed", EPOCH, record=FAILED), event("late", EPOCH + timedelta(seconds=1))]


async def filled(file: Path, some: list[Event] | None = None) -> EventStore:
    store = await EventStore.open(file)
    await insert(store, SCOPE, events() if some is None else some)
    await insert(store, Scope("aws", "222222222222", REGION), [event("foreign", EPOCH)])
    await insert(store, Scope("aws", ACCOUNT, "us-east-1"), [event("elsewhere", EPOCH)])
    return store


@pytest.mark.parametrize("most", [1, 7, 100])
async def test_they_are_the_rows_that_the_store_gives(tmp_path: Path, most: int) -> None:
    store = await filled(tmp_path / "events.db")
    keys = await found_keys(store, Search(SCOPE, Stretch(0, NOW + 1)), limit=most)
    lines = newest_lines(tmp_path / "events.db", HERE, NOW, most)
    assert lines == store.summaries([key.row_id for key in keys])
    assert len(lines) == min(most, 33)
    await store.close()
    assert newest_lines(tmp_path / "events.db", HERE, NOW, most) == lines
    assert not newest_lines(tmp_path / "events.db", replace(HERE, region="eu-north-1"), NOW, most)


async def test_the_account_is_known_by_its_key(tmp_path: Path) -> None:
    by_key = replace(HERE, login=LoginTrace(key_id="AKIAEXAMPLE"))
    store = await filled(tmp_path / "events.db")
    assert not newest_lines(tmp_path / "events.db", by_key, NOW, 5)
    await store.remember(by_key, ACCOUNT)
    assert len(newest_lines(tmp_path / "events.db", by_key, NOW, 5)) == 5
    await store.close()


async def test_where_one_line_takes_its_record_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await filled(tmp_path / "events.db")
    await insert(store, SCOPE, [event("unnamed", EPOCH - timedelta(seconds=1), name="")])
    assert len(newest_lines(tmp_path / "events.db", HERE, NOW, 5)) == 5
    assert not newest_lines(tmp_path / "events.db", HERE, NOW, 50)
    monkeypatch.setattr(table_line, "DERIVATION", table_line.DERIVATION + 1)
    assert not newest_lines(tmp_path / "events.db", HERE, NOW, 5)
    await store.close()


def _older(path: Path) -> None:
    path.unlink()
    create_old_store(path, VERSION - 1).close()


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {VERSION + 1}")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA application_id = 1")


def _damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100] + b"x" * 100_000)


def _found_damaged(path: Path) -> None:
    Path(f"{path}-damaged").write_text("1", encoding="utf-8")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("become", [_older, _newer, _foreign, _damaged, _found_damaged, _pipe, Path.unlink])
async def test_a_file_that_is_not_to_be_read_as_it_is_has_none_and_is_not_changed(
    tmp_path: Path, become: Callable[[Path], None]
) -> None:
    file = tmp_path / "events.db"
    await (await filled(file)).close()
    assert newest_lines(file, HERE, NOW, 5)
    become(file)
    before = read(file)
    assert not newest_lines(file, HERE, NOW, 5)
    assert read(file) == before


def read(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
