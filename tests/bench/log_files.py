"""A tree of log files as a trail delivers it to S3: `python -m bench.log_files FOLDER EVENTS` in `tests`.

Real records where the shared ones are here, else the emulator's, each with a new ID, time, request ID and session key,
and in a fifth of the files events of S3 objects, Lambda functions and VPC endpoints. The same number of events is the
same tree, on each machine that has the same records.
"""

import gzip
import itertools
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from bench.dataset import recorded
from support.real_records import DATA

END = datetime(2026, 11, 28, tzinfo=UTC)
"""No file is delivered after it."""
ACCOUNTS = ("111111111111", "222222222222", "333333333333", "444444444444")
REGIONS = ("us-east-1", "eu-central-1", "eu-west-1", "ap-southeast-2")
_LATE = 15 * 60
"""Seconds that events become available after they happened, at most."""
_SESSION = 3600
"""Seconds for which a session has the same key."""
_WINDOW = 300
"""Different records of one Region and day."""
_TRIMMED = "console_demo"
"""Shared records without an identity, which no trail delivers."""
_ID, _REQUEST, _TIME, _ACCOUNT, _REGION, _KEY, _OBJECT = (f"\x00{name}\x00" for name in "irtaRko")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of the tree, before it has records."""

    number: int
    account: str
    region: str
    delivered: datetime
    records: int

    @property
    def path(self) -> str:
        """Relative to the tree, as CloudTrail names it."""
        day, minute = self.delivered.strftime("%Y/%m/%d"), self.delivered.strftime("%Y%m%dT%H%MZ")
        name = f"{self.account}_CloudTrail_{self.region}_{minute}_{self.number:016}.json.gz"
        return f"AWSLogs/{self.account}/CloudTrail/{self.region}/{day}/{name}"


def tree(folder: Path, count: int) -> Path:
    """The tree with so many events in it; written if it is not there yet."""
    if not folder.exists():
        part = folder.with_name(f"{folder.name}.part")
        with ProcessPoolExecutor() as processes:
            list(processes.map(partial(write, part), files_of(count), chunksize=16))
        part.rename(folder)
    return folder


def files_of(count: int) -> Iterator[LogFile]:
    """The files of a tree of so many events, oldest first: in 50 days if they are many, and each scope in turn."""
    chance = random.Random(count)
    days, accounts, regions, most = (50, 4, 4, 500) if count >= 200_000 else (7, 2, 2, 120)
    scopes = list(itertools.product(ACCOUNTS[:accounts], REGIONS[:regions]))
    sizes = []
    while count > 0:
        sizes.append(min(count, chance.randint(50, most)))
        count -= sizes[-1]
    begin, step = END - timedelta(days=days), timedelta(days=days) / len(sizes)
    for number, size in enumerate(sizes):
        account, region = scopes[number % len(scopes)]
        yield LogFile(number, account, region, begin + (number + 1) * step, size)


def write(folder: Path, file: LogFile) -> None:
    """Write a file of the tree in this folder."""
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    text = '{"Records":[' + ",".join(records(file)) + "]}"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def records(file: LogFile) -> Iterator[str]:
    """The records of a file, as the service writes them."""
    chance = random.Random(file.number)
    templates = _data_templates() if file.number % 5 == 0 else _templates()
    delivered = int(file.delivered.timestamp())
    # Records that follow each other are of the same people and programs.
    begin = _WINDOW * (file.number % 16 + delivered // 86400)
    for _ in range(file.records):
        second = delivered - chance.randint(30, _LATE)
        values = {
            _ID: _uuid(chance),
            _REQUEST: _uuid(chance),
            _TIME: datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            _ACCOUNT: file.account,
            _REGION: file.region,
            _OBJECT: f"exports/{second // 86400}/part-{chance.getrandbits(30):09}.parquet",
        }
        template = templates[(begin + int(_WINDOW * chance.random())) % len(templates)]
        values[_KEY] = f"{template.session}{(second // _SESSION + file.number % 16) % 46656:06X}"
        yield "".join([values.get(part, part) for part in template.parts])


def _uuid(chance: random.Random) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@dataclass(frozen=True, slots=True)
class _Template:
    parts: Sequence[str]
    """The text of a record, where what an event has of its own are names of values."""
    session: str
    """How the keys of its sessions begin."""


@cache
def _templates() -> Sequence[_Template]:
    if files := [file for file in sorted(DATA.glob("*.json.gz")) if _TRIMMED not in file.name]:
        found = [record for file in files for record in json.loads(gzip.decompress(file.read_bytes()))["Records"]]
        return [_template(record) for record in found if _is_usual(record)]
    return [_template(json.loads(each.record)) for each in recorded(3000)]


def _is_usual(record: dict[str, Any]) -> bool:
    return len(str(record.get("eventID"))) == 36 and len(str(record.get("eventTime"))) == 20


def _template(record: dict[str, Any]) -> _Template:
    # Names of its own for what each event has anew; all others stay.
    own = {"eventID": _ID, "eventTime": _TIME, "requestID": _REQUEST, "awsRegion": _REGION}
    account = record.get("recipientAccountId")
    if isinstance(account, str) and len(account) == 12:
        record = json.loads(json.dumps(record).replace(account, json.dumps(_ACCOUNT)[1:-1]))
    record = {**record, **{key: name for key, name in own.items() if key in record}, "recipientAccountId": _ACCOUNT}
    identity = record.get("userIdentity")
    session = ""
    if isinstance(identity, dict) and str(identity.get("accessKeyId")).startswith("ASIA"):
        session = identity["accessKeyId"][:-6]
        record["userIdentity"] = {**identity, "accessKeyId": _KEY}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    pieces = text.replace("\\u0000", "\x00").split("\x00")
    # Names stand between two of them, so each second piece is one.
    return _Template([piece if at % 2 == 0 else f"\x00{piece}\x00" for at, piece in enumerate(pieces)], session)


@cache
def _data_templates() -> Sequence[_Template]:
    made: list[tuple[int, Callable[[int], dict[str, Any]]]] = [
        (40, partial(_of_object, "GetObject", True)),
        (10, partial(_of_object, "PutObject", False)),
        (2, partial(_of_object, "DeleteObject", False)),
        (6, _of_function),
        (1, _of_endpoint),
    ]
    return [_template(make(number)) for times, make in made for number in range(times)]


def _of_object(name: str, read: bool, number: int) -> dict[str, Any]:
    bucket = f"data-{number % 7}-{REGIONS[number % 4]}"
    return _record(number, "s3.amazonaws.com", name, read) | {
        "requestParameters": {"bucketName": bucket, "Host": f"{bucket}.s3.amazonaws.com", "key": _OBJECT},
        "additionalEventData": {
            "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256", "bytesTransferredIn": 0,
            "AuthenticationMethod": "AuthHeader", "x-amz-id-2": f"{_REQUEST}+/9w=",
            "bytesTransferredOut": 1000 * number,
        },
        "resources": [
            {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{_OBJECT}"},
            {"accountId": _ACCOUNT, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"},
        ],
    }  # fmt: skip


def _of_function(number: int) -> dict[str, Any]:
    function = f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:job-{number}"
    return _record(number, "lambda.amazonaws.com", "Invoke", False) | {
        "requestParameters": {"functionName": function},
        "additionalEventData": {"functionVersion": f"{function}:$LATEST"},
        "resources": [{"accountId": _ACCOUNT, "type": "AWS::Lambda::Function", "ARN": function}],
    }


def _of_endpoint(number: int) -> dict[str, Any]:
    return _record(number, "kms.amazonaws.com", "Decrypt", True) | {
        "errorCode": "VpceAccessDenied",
        "errorMessage": "The request was denied due to a VPC endpoint policy",
        "eventType": "AwsVpceEvent",
        "eventCategory": "NetworkActivity",
        "vpcEndpointId": f"vpce-0{number:016x}",
        "vpcEndpointAccountId": _ACCOUNT,
    }


def _record(number: int, source: str, name: str, read: bool) -> dict[str, Any]:
    role, session = f"worker-{number % 5}", f"i-0{number % 11:016x}"
    arn = f"arn:aws:iam::{_ACCOUNT}:role/{role}"
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROAEXAMPLE{number % 5:010}:{session}",
            "arn": f"arn:aws:sts::{_ACCOUNT}:assumed-role/{role}/{session}",
            "accountId": _ACCOUNT,
            "accessKeyId": f"ASIA{number % 11:010}ABCDEF",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": f"AROAEXAMPLE{number % 5:010}", "arn": arn, "accountId": _ACCOUNT,
                    "userName": role,
                },
                "attributes": {"creationDate": "2026-11-27T05:12:03Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": "",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "",
        "sourceIPAddress": f"10.1.{number % 3}.{number % 11 + 10}",
        "userAgent": "[aws-sdk-java/2.25.11 Linux/6.1.0 OpenJDK_64-Bit_Server_VM/17.0.11+9-LTS vendor/Amazon.com_Inc.]",
        "requestParameters": None,
        "responseElements": None,
        "requestID": "",
        "eventID": "",
        "readOnly": read,
        "eventType": "AwsApiCall",
        "managementEvent": False,
        "recipientAccountId": "",
        "eventCategory": "Data",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
    }  # fmt: skip


if __name__ == "__main__":
    tree(Path(sys.argv[1]), int(sys.argv[2]))
