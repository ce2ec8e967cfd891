"""kill -9 while deliveries are under way: what was recorded is kept, and each event still arrives exactly once."""

import gzip
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ctui.emulator.account.account_file import read_world
from ctui.emulator.account.accounts import World
from ctui.emulator.account.trails import TrailStore
from ctui.emulator.delivery.delivery import Delivery
from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.world_clock import WorldClock

ACCOUNT, REGION, BUCKET = "111111111111", "us-east-1", "spare-logs-111111111111"

WORKER = """
import asyncio, sys
from pathlib import Path
from ctui.emulator.account.account_file import read_world
from ctui.emulator.delivery.delivery import Delivery
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.account.trails import TrailRecord, TrailStore
from ctui.emulator.world_clock import WorldClock

folder, life = Path(sys.argv[1]), sys.argv[2]
account, region = "111111111111", "us-east-1"
group = f"arn:aws:logs:{region}:{account}:log-group:CloudTrail/audit:*"
role = f"arn:aws:iam::{account}:role/CloudTrail_CloudWatchLogs_Role"

def events(number, clock):
    now = clock.now().timestamp()
    for count in range(40):
        event_id = f"{life}-{number}-{count}"
        yield Recorded(account, region, event_id, int(now), now, "GetUser", "ec2.amazonaws.com", None, "true", None,
                       (), f'{{"eventID":"{event_id}"}}', Origin.CALL)

async def work():
    store, history, clock = TrailStore(folder / "state.db"), EventHistory(folder / "state.db"), WorldClock()
    if not store.trails(account):
        now = clock.now().timestamp()
        store.put(TrailRecord(account=account, region=region, name="audit", bucket="spare-logs-111111111111",
                              topic="audit-log-files", log_group=group, role=role, logging=True, created=now), now)
    delivery = Delivery(folder, read_world(None), store, history, clock)
    delivery.open()
    for number in range(10_000):
        history.add(events(number, clock))
        print(number, flush=True)
        await delivery.tick()

asyncio.run(work())
"""


def live_and_die(folder: Path, life: int, rounds: int) -> None:
    """One process that records and delivers until it is killed, some rounds on, wherever it then stands."""
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(folder), str(life)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    for _ in range(rounds):
        assert worker.stdout.readline().strip()
    worker.send_signal(signal.SIGKILL)
    worker.stdout.close()
    assert worker.wait() == -signal.SIGKILL


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of POSIX")
async def test_killed_processes_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    for life, rounds in enumerate((2, 7)):
        live_and_die(tmp_path, life, rounds)
    world: World = read_world(None)
    store, history = TrailStore(tmp_path / "state.db"), EventHistory(tmp_path / "state.db")
    delivery = Delivery(tmp_path, world, store, history, WorldClock())
    delivery.open()
    await delivery.tick()
    page, _ = history.page(Query(ACCOUNT, REGION, 0, 2**53, 2.0**53, history.top()), None, 100_000)
    recorded = sorted(event.event_id or "" for event in page)
    # What a process had said before it was killed is there.
    assert len(recorded) >= 40 * (2 + 7)
    files = sorted(path for path in (tmp_path / "s3" / BUCKET).rglob("*") if path.is_file())
    records = [record for file in files for record in json.loads(gzip.decompress(file.read_bytes()))["Records"]]
    assert sorted(record["eventID"] for record in records) == recorded
    lines = (tmp_path / "logs" / "CloudTrail%2Faudit").read_text().splitlines()
    assert sorted(json.loads(json.loads(line)["message"])["eventID"] for line in lines) == recorded
    notes = (tmp_path / "sns" / "audit-log-files").read_text().splitlines()
    told = [json.loads(json.loads(line)["Message"]) for line in notes]
    assert sorted(message["s3ObjectKey"][0].rpartition("/")[2] for message in told) == [file.name for file in files]
    history.close()
    store.close()
