"""Digest files: what a trail with log file validation delivers each hour, so that its log files can be checked.

Each names the log files delivered in its stretch with their hashes, and the digest before it with its own. They carry
no signature: there is no key here whose public half `aws cloudtrail validate-logs` could fetch.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from ctui.emulator.account.trails import DeliveryStatus, LogFile, TrailRecord
from ctui.emulator.records.recorded import Recorded

HOUR = 3600
_HASH = "SHA-256"


def digest_of(bucket: str, key: tuple[str, ...], text: str, events: Sequence[Recorded], at: float) -> LogFile:
    """What is kept of a delivered file: its hash is that of the uncompressed text, as CloudTrail takes it."""
    times = [event.time for event in events]
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return LogFile(bucket, "/".join(key), digest, at, min(times, default=None), max(times, default=None))


def digest_end(status: DeliveryStatus, at: float, *, logging: bool) -> float | None:
    """Up to when the digest that is due reaches: whole hours since the last; None where none is due.

    A trail that logs gets one each hour, even an empty one; one that was stopped gets what is left.
    """
    since = at if status.digest_since is None else status.digest_since
    hours = int((at - since) // HOUR)
    if not hours or not (logging or status.undigested):
        return None
    return since + hours * HOUR


def digest_key(trail: TrailRecord, region: str, end: float) -> tuple[str, ...]:
    """The parts of a digest's key in CloudTrail's layout:

    [PREFIX/]AWSLogs/ACCOUNT/CloudTrail-Digest/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_TIME.json.gz
    """
    moment = datetime.fromtimestamp(end, UTC)
    name = f"{trail.account}_CloudTrail-Digest_{region}_{trail.name}_{trail.region}_{moment:%Y%m%dT%H%M%SZ}.json.gz"
    day = (f"{moment:%Y}", f"{moment:%m}", f"{moment:%d}")
    folders = trail.prefix.split("/") if trail.prefix else []
    return (*folders, "AWSLogs", trail.account, "CloudTrail-Digest", region, *day, name)


def digest_text(trail: TrailRecord, status: DeliveryStatus, key: tuple[str, ...], end: float) -> str:
    """The digest of the log files that were delivered before `end` and stand in no digest yet."""
    files = [file for file in status.undigested if file.at < end]
    last = status.last_digest
    digest = {
        "awsAccountId": trail.account,
        "digestStartTime": _stamp(status.digest_since),
        "digestEndTime": _stamp(end),
        "digestS3Bucket": trail.bucket,
        "digestS3Object": "/".join(key),
        "newestEventTime": _stamp(max((file.newest for file in files if file.newest is not None), default=None)),
        "oldestEventTime": _stamp(min((file.oldest for file in files if file.oldest is not None), default=None)),
        "previousDigestS3Bucket": last and last.bucket,
        "previousDigestS3Object": last and last.key,
        "previousDigestHashValue": last and last.hash,
        "previousDigestHashAlgorithm": last and _HASH,
        "logFiles": [
            {
                "s3Bucket": file.bucket,
                "s3Object": file.key,
                "hashValue": file.hash,
                "hashAlgorithm": _HASH,
                "newestEventTime": _stamp(file.newest),
                "oldestEventTime": _stamp(file.oldest),
            }
            for file in files
        ],
    }
    return msgspec.json.encode(digest).decode()


def _stamp(moment: float | None) -> str | None:
    return None if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
