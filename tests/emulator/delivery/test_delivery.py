"""Delivery: what is due arrives once, where it belongs, and GetTrailStatus can tell what really happened."""

import asyncio
import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ctui.emulator.account.accounts import Account, Bucket, IamRole, KmsKey, LogGroup, Topic, World
from ctui.emulator.account.trails import DeliveryStatus, TrailRecord, TrailStore
from ctui.emulator.delivery.delivery import MOST_RECORDS, Delivery
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.world_clock import WorldClock
from ctui.model.lookup.lookup import Category

ACCOUNT, REGION, START = "111111111111", "us-east-1", 1_795_348_800
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:Cloud/Trail:*"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/writer"
WORLD = World(
    accounts=(
        Account(
            id=ACCOUNT,
            buckets=(Bucket(name="logs"), Bucket(name="shut", writes="refuse")),
            topics=(Topic(name="told", region=REGION), Topic(name="deaf", region=REGION, writes="refuse")),
            log_groups=(LogGroup(name="Cloud/Trail", region=REGION),),
            roles=(IamRole(name="writer"), IamRole(name="stranger", trust="bad")),
            kms_keys=(KmsKey(id="key-off", region=REGION, enabled=False),),
        ),
    )
)
TRAIL = TrailRecord(account=ACCOUNT, region=REGION, name="audit", bucket="logs", created=START, logging=True)


class DyingStore(TrailStore):
    """A store whose process dies at the nth write: what was committed before stays, what comes after never happens."""

    writes_left = 10**9

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.remembered = asyncio.Event()

    def _live(self) -> None:
        self.writes_left -= 1
        if self.writes_left < 0:
            raise ProcessKilled

    def remember(self, key: str, value: str) -> None:
        self._live()
        super().remember(key, value)
        self.remembered.set()

    def forget(self, key: str) -> None:
        self._live()
        super().forget(key)

    def set_status(self, trail: TrailRecord, region: str, status: DeliveryStatus) -> None:
        self._live()
        super().set_status(trail, region, status)


class ProcessKilled(BaseException):
    """The process ends here."""


class Bench:
    """A delivery over a folder, and a look at what lies there."""

    def __init__(self, folder: Path, world: World = WORLD) -> None:
        self.folder = folder
        self.world = world
        self.clock = WorldClock(datetime.fromtimestamp(START, UTC), ticking=False)
        self.number = 0
        self.open()

    def open(self) -> None:
        self.store = DyingStore(self.folder / "state.db")
        self.history = EventHistory(self.folder / "state.db")
        self.delivery = Delivery(self.folder, self.world, self.store, self.history, self.clock)
        self.delivery.open()

    def close(self) -> None:
        self.store.close()
        self.history.close()

    @property
    def now(self) -> float:
        return self.clock.now().timestamp()

    def trail(self, **changes: Any) -> TrailRecord:
        """Create or change the trail, as of now."""
        trail = replace(TRAIL, **{"created": self.now, **changes})
        self.store.put(trail, self.now)
        return trail

    def happen(self, count: int = 1, **fields: Any) -> list[str]:
        """So many events now; their ids."""
        ids = [f"event-{self.number + offset}" for offset in range(count)]
        self.number += count
        self.history.add(self._event(event_id, **fields) for event_id in ids)
        return ids

    def _event(self, event_id: str, **fields: Any) -> Recorded:
        given: dict[str, Any] = {
            "account": ACCOUNT,
            "region": REGION,
            "event_id": event_id,
            "time": int(self.now),
            "available": self.now + 400,
            "name": "GetUser",
            "source": "iam.amazonaws.com",
            "username": None,
            "read_only": "true",
            "access_key_id": None,
            "resources": (),
            "record": json.dumps({"eventID": event_id, "text": "\u202e[/x]\x1b\u00e9"}),
            "origin": Origin.CALL,
        }
        return Recorded(**{**given, **fields})

    async def pass_time(self, seconds: float = 300) -> None:
        """Let time pass, then deliver."""
        self.clock.move(seconds)
        await self.delivery.tick()

    def files(self, bucket: str = "logs") -> list[str]:
        root = self.folder / "s3" / bucket
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def delivered(self, bucket: str = "logs") -> list[str]:
        """Ids of all delivered events, file by file."""
        root = self.folder / "s3" / bucket
        return [
            record["eventID"]
            for name in self.files(bucket)
            for record in json.loads(gzip.decompress((root / name).read_bytes()))["Records"]
        ]

    def lines(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def status(self, region: str = REGION) -> DeliveryStatus:
        return self.store.status(TRAIL, region)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


async def test_a_log_file_lies_where_cloudtrail_puts_it(bench: Bench) -> None:
    bench.trail(prefix="team/blue")
    ids = bench.happen(3)
    await bench.pass_time()
    [name] = bench.files()
    folder, _, file = name.rpartition("/")
    day, minute = bench.clock.now().strftime("%Y/%m/%d"), bench.clock.now().strftime("%Y%m%dT%H%MZ")
    assert folder == f"team/blue/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{day}"
    stem, _, mark = file.removesuffix(".json.gz").rpartition("_")
    assert stem == f"{ACCOUNT}_CloudTrail_{REGION}_{minute}"
    assert (len(mark), mark.isalnum()) == (16, True)
    text = gzip.decompress((bench.folder / "s3" / "logs" / name).read_bytes()).decode()
    [first, *_] = bench.history.due((ACCOUNT, REGION), 0, (0, 2**53), 1).events
    assert first.record in text
    assert bench.delivered() == ids
    status = bench.status()
    assert (status.delivery_time, status.delivery_attempt, status.delivery_error) == (bench.now, bench.now, None)


async def test_each_event_is_delivered_once_and_late_ones_too(bench: Bench) -> None:
    bench.trail()
    ids = bench.happen(2)
    await bench.pass_time()
    late = bench.happen(1, time=START + 10)
    await bench.pass_time()
    await bench.pass_time()
    assert bench.delivered() == ids + late
    assert len(bench.files()) == 2
    assert bench.status().delivery_time == bench.now - 300


@pytest.mark.parametrize("origin", [Origin.SEEDED, Origin.LOADED])
async def test_a_made_up_past_and_loaded_files_are_never_claimed_as_delivered(bench: Bench, origin: Origin) -> None:
    bench.trail()
    bench.happen(5, origin=origin)
    await bench.pass_time()
    assert (bench.files(), bench.status().delivery_time) == ([], None)


async def test_insights_events_stay_out_of_a_trail_that_selects_none(bench: Bench) -> None:
    bench.trail()
    bench.happen(1, category=Category.INSIGHT)
    await bench.pass_time()
    assert bench.files() == []


async def test_only_what_happens_while_the_trail_logs_is_delivered(bench: Bench) -> None:
    trail = bench.trail(logging=False)
    bench.happen()
    bench.clock.move(10)
    bench.store.put(replace(trail, logging=True), bench.now)
    first = bench.happen()
    bench.clock.move(10)
    bench.store.put(trail, bench.now)
    bench.clock.move(1)
    bench.happen()
    bench.clock.move(10.5)
    bench.store.put(replace(trail, logging=True), bench.now)
    second = bench.happen()
    await bench.pass_time()
    assert bench.delivered() == first + second


async def test_a_stopped_trail_still_delivers_what_it_logged(bench: Bench) -> None:
    trail = bench.trail()
    ids = bench.happen()
    bench.clock.move(5)
    bench.store.put(replace(trail, logging=False), bench.now)
    await bench.pass_time()
    assert bench.delivered() == ids


async def test_a_trail_of_the_same_name_begins_anew(bench: Bench) -> None:
    trail = bench.trail()
    bench.happen()
    bench.clock.move(5)
    bench.store.delete(trail, bench.now)
    bench.clock.move(5)
    bench.trail()
    ids = bench.happen()
    await bench.pass_time()
    assert bench.delivered() == ids


async def test_a_bucket_that_is_taken_away_and_put_back(bench: Bench) -> None:
    bench.trail()
    before = bench.happen()
    await bench.pass_time()
    last = bench.now
    shutil.move(bench.folder / "s3" / "logs", bench.folder / "away")
    meanwhile = bench.happen(2)
    await bench.pass_time()
    status = bench.status()
    assert (status.delivery_error, status.delivery_time, status.delivery_attempt) == ("NoSuchBucket", last, bench.now)
    assert not (bench.folder / "s3" / "logs").exists()
    meanwhile += bench.happen(1)
    bench.close()
    bench.open()
    await bench.pass_time()
    assert bench.status().delivery_error == "NoSuchBucket"
    shutil.move(bench.folder / "away", bench.folder / "s3" / "logs")
    await bench.pass_time()
    assert bench.delivered() == before + meanwhile
    status = bench.status()
    assert (status.delivery_error, status.delivery_time) == (None, bench.now)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"bucket": "shut"}, "AccessDenied"),
        ({"bucket": "never-made"}, "NoSuchBucket"),
        ({"kms_key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/key-off"}, "KMS.DisabledException"),
        ({"kms_key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/gone"}, "KMS.NotFoundException"),
    ],
)
async def test_a_bucket_that_refuses_is_said_and_nothing_is_lost(
    bench: Bench, changes: dict[str, Any], error: str
) -> None:
    trail = bench.trail(**changes)
    ids = bench.happen()
    await bench.pass_time()
    status = bench.status()
    assert (status.delivery_error, status.delivery_time, status.delivery_attempt) == (error, None, bench.now)
    assert list(bench.folder.rglob("*.gz")) == []
    bench.store.put(replace(trail, bucket="logs", kms_key=None), bench.now)
    await bench.pass_time()
    assert (bench.delivered(), bench.status().delivery_error) == (ids, None)


async def test_a_topic_gets_one_line_for_each_file(bench: Bench) -> None:
    trail = bench.trail(topic="told")
    for _ in range(2):
        bench.happen()
        await bench.pass_time()
    lines = bench.lines("sns/told")
    assert [f"{json.loads(line['Message'])['s3ObjectKey'][0]}" for line in lines] == bench.files()
    assert {json.loads(line["Message"])["s3Bucket"] for line in lines} == {"logs"}
    assert {line["TopicArn"] for line in lines} == {f"arn:aws:sns:{REGION}:{ACCOUNT}:told"}
    told = bench.now
    for topic, error in (("deaf", "AuthorizationError"), ("gone", "NotFound")):
        bench.store.put(replace(trail, topic=topic), bench.now)
        bench.happen()
        await bench.pass_time()
        status = bench.status()
        assert (status.notification_error, status.notification_time) == (error, told)
        assert (status.delivery_error, status.delivery_time) == (None, bench.now)
    assert len(bench.lines("sns/told")) == 2


async def test_a_log_group_gets_every_event_and_has_errors_of_its_own(bench: Bench) -> None:
    trail = bench.trail(log_group=GROUP, role=ROLE, bucket="shut")
    ids = bench.happen(2)
    await bench.pass_time()
    lines = bench.lines("logs/Cloud%2FTrail")
    assert [json.loads(line["message"])["eventID"] for line in lines] == ids
    assert {line["timestamp"] for line in lines} == {START * 1000}
    status = bench.status()
    assert (status.logs_time, status.logs_error, status.delivery_error) == (bench.now, None, "AccessDenied")
    logged = bench.now
    for changes, error in (
        ({"role": f"arn:aws:iam::{ACCOUNT}:role/stranger"}, "AccessDenied"),
        ({"log_group": GROUP.replace("Trail", "Gone")}, "ResourceNotFoundException"),
    ):
        bench.store.put(replace(trail, **changes), bench.now)
        ids += bench.happen()
        await bench.pass_time()
        assert (bench.status().logs_error, bench.status().logs_time) == (error, logged)
    bench.store.put(trail, bench.now)
    await bench.pass_time()
    assert [json.loads(line["message"])["eventID"] for line in bench.lines("logs/Cloud%2FTrail")] == ids


@pytest.mark.parametrize("today", [True, False])
async def test_until_2021_a_trail_of_any_region_got_the_events_of_global_services(bench: Bench, today: bool) -> None:
    bench.delivery = Delivery(bench.folder, bench.world, bench.store, bench.history, bench.clock, today=today)
    home = "eu-west-1"
    bench.trail(region=home)
    bench.trail(region=home, name="local", bucket="logs", global_events=False, prefix="local")
    ids = bench.happen(2, source="iam.amazonaws.com")
    bench.happen(1, source="ec2.amazonaws.com")
    await bench.pass_time()
    await bench.pass_time()
    assert bench.delivered() == ([] if today else ids)
    assert all(f"/CloudTrail/{home}/" in name for name in bench.files())
    status = bench.store.status(replace(TRAIL, region=home), home)
    assert status.delivery_time == (None if today else bench.now - 300)


async def test_a_multi_region_trail_has_files_and_a_status_for_each_region(bench: Bench) -> None:
    bench.trail(multi_region=True)
    bench.happen()
    bench.happen(region="eu-west-1")
    bench.happen(region="eu-west-1", account="222222222222")
    await bench.pass_time()
    assert [name.split("/")[3] for name in bench.files()] == ["eu-west-1", "us-east-1"]
    assert bench.delivered() == ["event-1", "event-0"]
    bench.happen(region="eu-west-1")
    await bench.pass_time()
    assert bench.status("eu-west-1").delivery_time == bench.now
    assert bench.status().delivery_time == bench.now - 300


async def test_a_trail_of_one_region_delivers_no_other(bench: Bench) -> None:
    bench.trail()
    bench.happen(region="eu-west-1")
    await bench.pass_time()
    assert bench.files() == []


async def test_a_trail_without_global_events_leaves_them_out(bench: Bench) -> None:
    bench.trail(global_events=False)
    bench.happen(source="sts.amazonaws.com")
    ids = bench.happen(source="ec2.amazonaws.com")
    await bench.pass_time()
    assert bench.delivered() == ids


async def test_much_that_is_due_comes_in_several_files(bench: Bench) -> None:
    bench.trail()
    ids = bench.happen(2 * MOST_RECORDS + 5)
    await bench.pass_time()
    assert len(bench.files()) == 3
    assert sorted(bench.delivered()) == sorted(ids)


@pytest.mark.parametrize("restart", [True, False], ids=["a new process", "the same one"])
@pytest.mark.parametrize("writes", range(7))
async def test_each_event_arrives_once_wherever_the_work_is_cut_off(bench: Bench, writes: int, restart: bool) -> None:
    bench.trail(topic="told", log_group=GROUP, role=ROLE)
    ids = bench.happen(3)
    bench.store.writes_left = writes
    try:
        await bench.pass_time()
    except ProcessKilled:
        if restart:
            bench.close()
            bench.open()
    # A file and a batch are two jobs of three writes each: only the last of these was not cut off.
    assert (bench.store.writes_left == 0) == (writes == 6)
    bench.store.writes_left = 10**9
    ids += bench.happen(2)
    await bench.pass_time()
    await bench.pass_time()
    assert bench.delivered() == ids
    assert [json.loads(line["message"])["eventID"] for line in bench.lines("logs/Cloud%2FTrail")] == ids
    told = [json.loads(line["Message"])["s3ObjectKey"][0] for line in bench.lines("sns/told")]
    assert told == bench.files()
    assert (bench.status().delivery_error, bench.status().notification_error, bench.status().logs_error) == (None,) * 3


async def test_what_was_half_written_is_cleared_away_and_written_again(bench: Bench) -> None:
    bench.trail()
    ids = bench.happen()
    bench.store.writes_left = 1
    with pytest.raises(ProcessKilled):
        await bench.pass_time()
    [name] = bench.files()
    file = bench.folder / "s3" / "logs" / name
    file.rename(file.with_name(f".{file.name}.part"))
    bench.close()
    bench.open()
    assert bench.files() == []
    await bench.pass_time()
    assert bench.delivered() == ids


async def test_a_log_group_that_is_set_one_day_gets_what_happens_from_then_on(bench: Bench) -> None:
    trail = bench.trail()
    bench.happen()
    await bench.pass_time()
    bench.store.put(replace(trail, log_group=GROUP, role=ROLE), bench.now)
    ids = bench.happen()
    await bench.pass_time()
    assert [json.loads(line["message"])["eventID"] for line in bench.lines("logs/Cloud%2FTrail")] == ids


async def test_a_trail_made_anew_while_its_namesake_delivers_knows_nothing_of_it(bench: Bench) -> None:
    trail = bench.trail()
    bench.happen()
    bench.clock.move(300)
    bench.store.remembered.clear()
    task = asyncio.create_task(bench.delivery.tick())
    await bench.store.remembered.wait()
    # The file is being written in a thread; its outcome is kept on this loop, so not before the next await.
    bench.store.delete(trail, bench.now)
    bench.trail()
    await task
    assert bench.delivered() == ["event-0"]
    assert bench.status() == DeliveryStatus()
