"""A data folder whose state is damaged is refused at the start, in words: it does not fail call by call."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.server import Emulator
from ctui.errors import CtuiError

DEEP = "[" * 100_000
DAMAGE = {
    "a trail that is no JSON": "UPDATE trail SET settings = '{'",
    "a trail nested deeply": f"UPDATE trail SET settings = '{DEEP}'",
    "a trail of another shape": "UPDATE trail SET settings = '[]'",
    "a trail that is bytes": "UPDATE trail SET settings = x'00ff'",
    "a trail that is a number": "UPDATE trail SET settings = 12",
    "a trail under another's name": "UPDATE trail SET settings = json_set(settings, '$.name', char(27) || '[2J')",
    "a status": "INSERT OR REPLACE INTO trail_status SELECT account, region, name, 'us-east-1', 'x' FROM trail",
    "a beginning that is text": "UPDATE stretch SET since = 'soon'",
    "a beginning without end": "UPDATE stretch SET since = 9e999",
    "an end that is bytes": "UPDATE stretch SET until = x'00'",
    "a delivery": "INSERT INTO meta VALUES ('delivery', '{')",
    "a secret": "UPDATE meta SET value = 'zz' WHERE key = 'secret'",
    "a time": "UPDATE meta SET value = 'soon' WHERE key = 'begun'",
    "no trails": "DROP TABLE trail; CREATE TABLE trail(a)",
    "no meta": "DROP TABLE meta; CREATE TABLE meta(a)",
}


async def opened(folder: Path) -> None:
    async with Emulator(EmulatorOptions(data=folder, traffic=False)):
        pass


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_state_is_refused_at_the_start(tmp_path: Path, name: str) -> None:
    asyncio.run(opened(tmp_path))
    database = sqlite3.connect(tmp_path / "state.db")
    database.executescript(DAMAGE[name])
    database.commit()
    database.close()
    with pytest.raises(CtuiError) as caught:
        asyncio.run(opened(tmp_path))
    assert caught.value.title == "Data folder"
    assert caught.value.message.startswith(f"{tmp_path} contains state that cannot be read")


def test_a_state_that_is_whole_is_taken_up(tmp_path: Path) -> None:
    asyncio.run(opened(tmp_path))
    asyncio.run(opened(tmp_path))
