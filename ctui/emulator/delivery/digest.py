"""Digest files: what a trail with log file validation delivers each hour, so that its log files can be checked.

Each lists the log files of its period with their hashes, and the previous digest with its own. They have no signature:
there is no key whose public half `aws cloudtrail validate-logs` could fetch.
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
    """What the digest lists of a delivered file. The hash is that of the uncompressed text, as CloudTrail's is."""
    times = [event.time for event in events]
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return LogFile(bucket, "/".join(key), digest, at, min(times, default=None), max(times, default=None))


def digest_end(status: DeliveryStatus, at: float, *, logging: bool) -> float | None:
    """The end of the digest that is due, in whole hours since the last, or None if none is due.

    A logging trail gets one each hour, even an empty one. A stopped trail gets what is left.
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
    """The digest of the log files that were delivered before `end` and are in no digest yet."""
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
