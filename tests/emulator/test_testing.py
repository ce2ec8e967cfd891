"""The fixture for other projects: what the README says of it is run as it stands there."""

import gzip
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from support.fakes.clock import FakeClock
from support.wire import boto_client

from ctui.emulator.errors.injected import SHORTEST_DELAY
from ctui.emulator.options import EmulatorOptions, Lag
from ctui.emulator.testing import CloudTrail, running
from ctui.emulator.world_clock import WorldClock

README = Path(__file__).parents[2] / "README.md"


def test_the_lines_in_the_readme_work(tmp_path: Path) -> None:
    text = README.read_text("utf-8")
    (example,) = re.findall(r"```python\n(from ctui\.emulator\.testing[\s\S]*?)```", text)
    assert len([line for line in example.splitlines() if line.strip()]) <= 12
    (tmp_path / "test_readme.py").write_text(example, "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_readme.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert "1 passed" in ended.stdout


def test_its_clock_moves_at_one_stroke(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    before = datetime.now(UTC)
    cloudtrail.move(timedelta(days=2).total_seconds())
    client.start_logging(Name="legacy")
    assert client.get_trail_status(Name="legacy")["StartLoggingTime"] >= before + timedelta(days=2)


def test_an_event_is_there_with_what_it_was_given(cloudtrail: CloudTrail) -> None:
    yesterday = f"{cloudtrail.clock.now() - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    event_id = cloudtrail.add_event(
        "ConsoleLogin", region="eu-west-1", eventTime=yesterday, errorMessage="Failed authentication"
    )
    only = [{"AttributeKey": "EventId", "AttributeValue": event_id}]
    client = boto_client(cloudtrail.endpoint_url, region="eu-west-1")
    (event,) = client.lookup_events(LookupAttributes=only)["Events"]
    assert (event["EventName"], event["Username"]) == ("ConsoleLogin", "alice")
    assert "Failed authentication" in event["CloudTrailEvent"]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-20T12:00:00Z",
        "2026-11-20T13:00:00+01:00",
        "2026-11-20T12:00:00",
        datetime(2026, 11, 20, 12, tzinfo=UTC),
        datetime(2026, 11, 20, 13, tzinfo=timezone(timedelta(hours=1))),
    ],
    ids=str,
)
def test_an_events_time_is_utc_wherever_the_test_runs(moment: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    clock = WorldClock(datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC))
    try:
        with running(EmulatorOptions(traffic=False), clock) as emulator:
            emulator.add_event("Made", eventTime=moment)
            (event,) = boto_client(emulator.endpoint_url).lookup_events()["Events"]
            assert event["EventTime"] == datetime(2026, 11, 20, 12, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_event_reaches_the_bucket_of_a_trail_that_logs(cloudtrail: CloudTrail) -> None:
    event_id = cloudtrail.add_event("RunInstances")
    cloudtrail.deliver()
    bucket = cloudtrail.folder / "s3" / "org-audit-logs-111111111111"
    delivered = b"".join(gzip.decompress(path.read_bytes()) for path in bucket.rglob("*.json.gz"))
    assert event_id.encode() in delivered


def test_a_delayed_call_waits_in_the_emulators_time() -> None:
    with (
        running(EmulatorOptions(traffic=False), WorldClock(ticking=False)) as emulator,
        ThreadPoolExecutor(1) as thread,
    ):
        emulator.fault("delay")
        client = boto_client(emulator.endpoint_url)
        answer = thread.submit(client.describe_trails)
        while not answer.done():
            emulator.move(0.01)
        assert answer.result()["trailList"]
        assert emulator.clock.monotonic() >= SHORTEST_DELAY


def test_two_emulators_do_not_meet(cloudtrail: CloudTrail) -> None:
    with running(EmulatorOptions(traffic=False)) as other:
        boto_client(other.endpoint_url).delete_trail(Name="legacy")
        boto_client(cloudtrail.endpoint_url).get_trail_status(Name="legacy")
        with pytest.raises(ClientError, match="TrailNotFoundException"):
            boto_client(other.endpoint_url).get_trail_status(Name="legacy")


def test_a_clock_of_ones_own_is_moved_by_its_owner() -> None:
    with running(EmulatorOptions(traffic=False, lag=Lag.REAL), FakeClock()) as emulator, pytest.raises(TypeError):
        emulator.move(1)


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(Exception, match=r"nowhere\.toml"),
        running(EmulatorOptions(traffic=False, account=tmp_path / "nowhere.toml")),
    ):
        pass
