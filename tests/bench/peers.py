"""Other programs over the same records: grep, jq, lnav, DuckDB."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.dataset import log_files
from bench.figure import Peer
from bench.run import Run

_SLOW = 100_000
"""Events that jq and lnav are given at most."""
_ABSENT = "not installed"


def grep(run: Run, size: int, word: str) -> Peer:
    """Records with a word, in the same letters."""
    return _timed("grep", ["grep", "-rFc", word, str(log_files(run.folder, size))], good=(0, 1))


def jq(run: Run, size: int, condition: str) -> Peer:
    """Records that meet a condition."""
    files = [str(each) for each in sorted(log_files(run.folder, min(size, _SLOW)).iterdir())]
    return _fewer(_timed("jq", ["jq", "-c", f"select({condition}) | .eventID", *files]), size)


def lnav(run: Run, size: int, word: str) -> Peer:
    """Lines with a word, without a screen."""
    logs = log_files(run.folder, min(size, _SLOW))
    return _fewer(_timed("lnav", ["lnav", "-n", "-c", f":filter-in {word}", str(logs)]), size)


def _timed(name: str, command: Sequence[str], good: Sequence[int] = (0,)) -> Peer:
    """Milliseconds that a command takes; `good` are its exit codes where it has not failed."""
    if shutil.which(command[0]) is None:
        return Peer(name, why=_ABSENT)
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    taken = 1000 * (time.perf_counter() - begun)
    return Peer(name, taken) if done.returncode in good else Peer(name, why="failed")


def _fewer(peer: Peer, size: int) -> Peer:
    """A peer that was given `_SLOW` events at most."""
    return peer if peer.value is None or size <= _SLOW else replace(peer, at=_SLOW)


def duckdb_files(run: Run, size: int, condition: str) -> Peer:
    """Records that meet a condition in SQL, read from the log files each time."""
    records = _read(run, min(size, _SLOW))
    return _fewer(_duckdb("DuckDB over files", f"SELECT count(*) FROM {records} WHERE {condition}"), size)


def duckdb_table(run: Run, size: int, condition: str) -> Peer:
    """Records that meet a condition in SQL, in a table that was imported before."""
    name, table = "DuckDB over a table", run.folder / f"duckdb-{size}.db"
    if not table.exists():
        made = _duckdb(name, f"CREATE TABLE event AS SELECT * FROM {_read(run, size)}", table)
        if made.value is None:
            return made
    return _duckdb(name, f"SELECT count(*) FROM event WHERE {condition}", table)


def duckdb_import(run: Run, size: int) -> Peer:
    """Events a second that it imports into a table of its own."""
    name = "DuckDB, import"
    with tempfile.TemporaryDirectory(dir=run.folder) as folder:
        made = _duckdb(name, f"CREATE TABLE event AS SELECT * FROM {_read(run, size)}", Path(folder) / "event.db")
    return made if made.value is None else Peer(name, 1000 * size / made.value)


def _read(run: Run, size: int) -> str:
    files = log_files(run.folder, size) / "*.json"
    columns = (
        "{eventID: 'VARCHAR', eventTime: 'VARCHAR', eventName: 'VARCHAR', eventSource: 'VARCHAR', "
        "errorCode: 'VARCHAR', sourceIPAddress: 'VARCHAR', userAgent: 'VARCHAR', readOnly: 'BOOLEAN', "
        "userIdentity: 'JSON', requestParameters: 'JSON', responseElements: 'JSON'}"
    )
    return f"read_json('{files}', format = 'newline_delimited', columns = {columns})"


def _duckdb(name: str, statement: str, path: Path | None = None) -> Peer:
    try:
        import duckdb
    except ImportError:
        return Peer(name, why=_ABSENT)
    with duckdb.connect(":memory:" if path is None else str(path)) as connection:
        begun = time.perf_counter()
        connection.execute(statement).fetchall()
        return Peer(name, 1000 * (time.perf_counter() - begun))
