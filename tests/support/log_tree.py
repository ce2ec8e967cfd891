"""Trees of log files for tests, and a decoder of them that has no process and no fast path."""

import gzip
import hashlib
import json
import os
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ctui.files.decoding.jobs import Decoded, FileFacts, FileJob
from ctui.files.event_of_record import event_of
from ctui.files.segment import Place, SegmentBuilder
from ctui.model.event.record_view import RecordView
from ctui.model.log_files.event_digest import event_digest
from ctui.store.columns import second_of
from ctui.store.index.index_row import derive

ACCOUNT = "111122223333"
REGION = "eu-west-1"
START = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())


def record_of(number: int, second: int, **values: Any) -> dict[str, Any]:
    """A record whose ID is made of a number."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": f"user{number % 3}", "accountId": ACCOUNT},
        "eventTime": datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "ec2.amazonaws.com",
        "eventName": "DescribeInstances",
        "awsRegion": REGION,
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "aws-cli/2",
        "eventID": f"{number:08x}-0000-4000-8000-000000000000",
        "readOnly": True,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        **values,
    }


def write_log(folder: Path, delivered: int, records: Iterable[dict[str, Any]], suffix: str = "a") -> Path:
    """Write a log file in the flat layout of names; returns its path."""
    name = datetime.fromtimestamp(delivered, UTC).strftime(
        f"{ACCOUNT}_CloudTrail_{REGION}_%Y%m%dT%H%MZ_{suffix}.json.gz"
    )
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps({"Records": list(records)}).encode(), 1, mtime=0))
    return path


def no_members(_path: bytes) -> tuple[Sequence[str], Mapping[str, int]]:
    """There are no archives."""
    return (), {}


class PlainDecoder:
    """Decodes one job after another when its result is asked for."""

    def __init__(self, _size: int = 0) -> None:
        self._jobs: deque[Sequence[FileJob]] = deque()
        self.decoded: list[bytes] = []
        """The paths of the files that were decoded."""

    @property
    def wants(self) -> bool:
        """As `Decoder`."""
        return not self._jobs

    def submit(self, files: Sequence[FileJob]) -> None:
        """As `Decoder`."""
        self._jobs.append(files)

    def result(self, _seconds: float) -> Decoded | None:
        """As `Decoder`."""
        return _decode(self._jobs.popleft(), self.decoded) if self._jobs else None

    def close(self) -> None:
        """As `Decoder`."""
        self._jobs.clear()


def _decode(files: Sequence[FileJob], decoded: list[bytes]) -> Decoded:
    builder, facts = SegmentBuilder(), []
    for file in files:
        decoded.append(file.path)
        path = Path(os.fsdecode(file.path))
        try:
            about, text = path.stat(), gzip.decompress(path.read_bytes())
            records = json.loads(text)["Records"]
        except FileNotFoundError:
            facts.append(FileFacts(file.file, reasons=(("a file that cannot be read", 1),)))
            continue
        for number, record in enumerate(records):
            event = event_of(json.dumps(record))
            texts, kinds = derive(RecordView(event, file.region))
            place = Place(file.file, number, 0)
            builder.add(second_of(event.time), event_digest(event.event_id), place, kinds, texts)
        facts.append(
            FileFacts(
                file.file,
                len(records),
                plain=False,
                sha256=hashlib.sha256(text).digest(),
                inflated=len(text),
                size=about.st_size,
                mtime_ns=about.st_mtime_ns,
            )
        )
    return Decoded(tuple(facts), (builder.parts(),) if len(builder) else ())
