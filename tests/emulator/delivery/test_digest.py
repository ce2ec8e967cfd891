"""Digests: hourly, of what was really delivered, chained by hashes, with times and errors of what happened."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from emulator.delivery.test_delivery import ACCOUNT, REGION, START, Bench
from support.wire import boto_client

from ctui.emulator.testing import CloudTrail

HOUR = 3600


@pytest.fixture
def bench(tmp_path: Path) -> Any:
    made = Bench(tmp_path)
    yield made
    made.close()


def digests(bench: Bench) -> list[tuple[str, dict[str, Any]]]:
    """(key, content) of all digests, the oldest first."""
    root = bench.folder / "s3" / "logs"
    keys = [name for name in bench.files() if "CloudTrail-Digest" in name]
    return [(key, json.loads(gzip.decompress((root / key).read_bytes()))) for key in keys]


def hash_of(bench: Bench, key: str) -> str:
    return hashlib.sha256(gzip.decompress((bench.folder / "s3" / "logs" / key).read_bytes())).hexdigest()


async def test_an_hours_log_files_stand_in_its_digest_with_their_hashes(bench: Bench) -> None:
    bench.trail(validation=True, prefix="team")
    bench.happen(2)
    await bench.pass_time(0)
    [log_file] = bench.files()
    assert bench.status().digest_time is None
    await bench.pass_time(HOUR)
    [(key, digest)] = digests(bench)
    at = bench.clock.now()
    assert key == (
        f"team/AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/{at:%Y/%m/%d}/"
        f"{ACCOUNT}_CloudTrail-Digest_{REGION}_audit_{REGION}_{at:%Y%m%dT%H%M%SZ}.json.gz"
    )
    assert (digest["digestS3Object"], digest["digestEndTime"]) == (key, f"{at:%Y-%m-%dT%H:%M:%SZ}")
    [named] = digest["logFiles"]
    assert (named["s3Object"], named["hashValue"]) == (log_file, hash_of(bench, log_file))
    assert named["oldestEventTime"] == named["newestEventTime"] == digest["digestStartTime"]
    status = bench.status()
    assert (status.digest_time, status.digest_error, status.undigested) == (START + HOUR, None, ())


def test_the_status_tells_of_it(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    cloudtrail.add_event("RunInstances")
    cloudtrail.deliver()
    assert "LatestDigestDeliveryTime" not in client.get_trail_status(Name="org-audit")
    cloudtrail.move(HOUR + 1)
    cloudtrail.deliver()
    status = client.get_trail_status(Name="org-audit")
    assert abs(status["LatestDigestDeliveryTime"] - cloudtrail.clock.now()).total_seconds() < 60
    assert "LatestDigestDeliveryTime" not in client.get_trail_status(Name="vendor-feed")


async def test_digests_are_chained_and_come_without_log_files_too(bench: Bench) -> None:
    bench.trail(validation=True)
    bench.happen()
    await bench.pass_time(0)
    for _ in range(3):
        await bench.pass_time(HOUR)
    (first, one), (second, two), (_, three) = digests(bench)
    assert one["previousDigestS3Object"] is None
    assert (two["previousDigestS3Object"], two["previousDigestHashValue"]) == (first, hash_of(bench, first))
    assert (three["previousDigestS3Object"], three["previousDigestHashValue"]) == (second, hash_of(bench, second))
    assert [len(digest["logFiles"]) for digest in (one, two, three)] == [1, 0, 0]
    assert two["digestStartTime"] == one["digestEndTime"]


async def test_a_trail_without_validation_gets_none(bench: Bench) -> None:
    bench.trail()
    bench.happen()
    await bench.pass_time(0)
    await bench.pass_time(HOUR)
    assert digests(bench) == []
    assert bench.status().digest_time is None


async def test_a_stopped_trail_gets_the_digest_of_what_is_left_and_no_more(bench: Bench) -> None:
    trail = bench.trail(validation=True)
    bench.happen()
    await bench.pass_time(0)
    bench.trail(validation=True, logging=False, created=trail.created)
    await bench.pass_time(HOUR)
    await bench.pass_time(HOUR)
    assert [len(digest["logFiles"]) for _, digest in digests(bench)] == [1]


async def test_what_a_digest_meets_is_told_and_made_good(bench: Bench) -> None:
    bench.trail(validation=True)
    bench.happen()
    await bench.pass_time(0)
    bucket = bench.folder / "s3" / "logs"
    bucket.rename(bench.folder / "away")
    await bench.pass_time(HOUR)
    assert (bench.status().digest_time, bench.status().digest_error) == (None, "NoSuchBucket")
    shutil.move(bench.folder / "away", bucket)
    await bench.pass_time(HOUR)
    assert (bench.status().digest_time, bench.status().digest_error) == (bench.now, None)
    [(_, digest)] = digests(bench)
    assert len(digest["logFiles"]) == 1


async def test_a_killed_process_loses_no_file_and_names_none_twice(bench: Bench) -> None:
    writes = 0
    while True:
        trail = bench.trail(validation=True, name="audit", created=bench.now)
        bench.happen()
        await bench.pass_time(0)
        bench.store.writes_left = writes
        try:
            await bench.pass_time(HOUR)
            alive = True
        except BaseException as killed:
            if type(killed).__name__ != "ProcessKilled":
                raise
            alive = False
        bench.close()
        bench.open()
        await bench.pass_time(0)
        named = [file["s3Object"] for _, digest in digests(bench) for file in digest["logFiles"]]
        log_files = [name for name in bench.files() if "CloudTrail-Digest" not in name]
        assert sorted(named) == log_files
        if alive:
            return
        bench.store.delete(trail, bench.now)
        bench.clock.move(1)
        writes += 1
