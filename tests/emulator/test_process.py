"""`ctui emulator` as a process: what it prints, how it ends, and what survives kill -9."""

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from support.wire import boto_client

pytestmark = pytest.mark.story
"""Each test starts a program."""
START = """
import sys
import threading
from pathlib import Path
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.serve import run
data, stdin, account, *load = sys.argv[1:]
sys.exit(run(EmulatorOptions(
    data=Path(data) if data else None, traffic=False, lookup_rate=1e5, until_stdin_closes=bool(stdin),
    account=Path(account) if account else None, load=tuple(map(Path, load)),
)))
"""


@contextmanager
def emulator(
    data: Path | None = None, *, until_stdin_closes: bool = False, tmpdir: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its URL; killed at the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(data or ""), "yes" if until_stdin_closes else "", ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **({"TMPDIR": str(tmpdir)} if tmpdir else {})},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ctui emulator: http://127.0.0.1:")
        yield process, line.removeprefix("ctui emulator: ").strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_leaves_nothing_behind(number: signal.Signals, tmp_path: Path) -> None:
    with emulator(tmpdir=tmp_path) as (process, url):
        assert boto_client(url).describe_trails()["trailList"]
        assert list(tmp_path.iterdir())
        process.send_signal(number)
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0
        assert f'endpoint_url="{url}"' in stderr
        assert "AWS_ACCESS_KEY_ID=demo" in stderr
        assert "Traceback" not in stderr
        assert list(tmp_path.iterdir()) == []


def test_a_signal_ends_it_while_it_loads(tmp_path: Path) -> None:
    records, data = tmp_path / "records.jsonl", tmp_path / "data"
    record = '{"eventTime":"2026-11-20T12:00:00Z","awsRegion":"us-east-1","eventName":"Made","eventID":"%d"}\n'
    records.write_text("".join(record % number for number in range(60_000)))
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(data), "", "", str(records)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not stored(data):
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")
    assert 0 < stored(data) < 60_000


def stored(data: Path) -> int:
    """How many events the state holds; 0 while there is none."""
    try:
        with closing(sqlite3.connect(f"file:{data / 'state.db'}?mode=ro", uri=True)) as state:
            return int(state.execute("SELECT count(*) FROM event").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_it_ends_with_its_parents_pipe(tmp_path: Path) -> None:
    with emulator(until_stdin_closes=True, tmpdir=tmp_path) as (process, _):
        process.communicate(timeout=120)
        assert process.returncode == 0
        assert list(tmp_path.iterdir()) == []


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    with emulator(tmp_path) as (process, url):
        client = boto_client(url)
        client.create_trail(Name="fresh", S3BucketName="spare-logs-111111111111")
        client.start_logging(Name="fresh")
        for _ in range(9):
            client.describe_trails()
        first = client.lookup_events(MaxResults=5)
        process.kill()
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.rglob("*"))
    with emulator(tmp_path) as (process, url):
        client = boto_client(url)
        assert client.get_trail_status(Name="fresh")["IsLogging"]
        # The token is as good as before, and the walk goes on where it stood.
        second = client.lookup_events(MaxResults=5, NextToken=first["NextToken"])
        ids = [event["EventId"] for event in first["Events"] + second["Events"]]
        assert len(set(ids)) == 10
        names = {event["EventName"] for event in client.lookup_events()["Events"]}
        assert {"CreateTrail", "StartLogging"} <= names
        with pytest.raises(ClientError, match="TrailAlreadyExistsException"):
            client.create_trail(Name="fresh", S3BucketName="spare-logs-111111111111")


def write_until_killed(url: str, process: subprocess.Popen[str]) -> int:
    """Change a trail's prefix again and again, while another thread kills the process; the last prefix answered."""
    client = boto_client(url)
    killer = threading.Thread(target=process.kill)
    for number in itertools.count():
        if number == 25:
            killer.start()
        try:
            client.update_trail(Name="legacy", S3KeyPrefix=str(number))
        except BotoCoreError:
            killer.join()
            return number - 1
    raise AssertionError("the process outlived its end")


def test_kill_9_in_the_midst_of_writes_leaves_the_last_answer_or_the_one_under_way(tmp_path: Path) -> None:
    with emulator(tmp_path) as (process, url):
        answered = write_until_killed(url, process)
    with emulator(tmp_path) as (_, url):
        client = boto_client(url)
        (trail,) = client.describe_trails(trailNameList=["legacy"])["trailList"]
        assert int(trail["S3KeyPrefix"]) in (answered, answered + 1)
        recorded = client.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "UpdateTrail"}], MaxResults=1
        )["Events"]
        # What was answered was recorded before.
        newest = json.loads(recorded[0]["CloudTrailEvent"])["requestParameters"]["s3KeyPrefix"]
        assert int(newest) in (answered, answered + 1)


def test_two_emulators_do_not_share_a_folder(tmp_path: Path) -> None:
    with emulator(tmp_path):
        second = subprocess.run(
            [sys.executable, "-c", START, str(tmp_path), "", ""],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert second.returncode == 2
    assert str(tmp_path) in second.stderr
    assert "Traceback" not in second.stderr


def test_a_broken_account_file_names_file_key_and_reason(tmp_path: Path) -> None:
    broken = tmp_path / "accounts.toml"
    broken.write_text('[[accounts]]\nid = "111111111111"\nbuckets = [{ name = "x", policy = "strange" }]\n')
    ended = subprocess.run(
        [sys.executable, "-c", START, "", "", str(broken)], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 2
    for part in (str(broken), "accounts[0].buckets[0].policy", "strange"):
        assert part in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("trouble", ["no database", "no folder"])
def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path, trouble: str) -> None:
    data = tmp_path / "data"
    if trouble == "no folder":
        data.write_text("a file")
    else:
        data.mkdir()
        (data / "state.db").write_bytes(b"this is no database, whatever its name says" * 100)
    ended = subprocess.run(
        [sys.executable, "-c", START, str(data), "", ""], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 2
    assert f"{data}" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ". Choose another --data folder." in ended.stderr
