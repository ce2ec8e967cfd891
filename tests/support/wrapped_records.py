"""Odd records in every wrapping that log files have, and their index."""

import gzip
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from support.filter_trees import EVENTS
from support.memory_index import MemoryIndex, index_of, log_file

NOW = datetime(2026, 11, 22, tzinfo=UTC)
"""When the newest of them happened."""


def record(number: int) -> dict[str, Any]:
    """A record of which any part may be odd."""
    event = EVENTS[number]
    try:
        parsed = json.loads(event.record)
    except ValueError:
        parsed = {}
    parts = parsed if isinstance(parsed, dict) else {}
    identity = parts.get("userIdentity")
    named = {**identity, "userName": event.username, "type": "IAMUser"} if isinstance(identity, dict) else identity
    time = NOW - timedelta(seconds=number // 3)
    return {
        **parts,
        "eventID": f"e{number}",
        "eventTime": "no time" if number == 7 else time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventName": event.name,
        "eventSource": event.source,
        "userIdentity": named,
        "readOnly": {"true": True, "false": False}.get(event.read_only or ""),
    }


def some(first: int) -> list[str]:
    """Records of one file, some of them in other spellings."""
    texts = []
    for number in range(first, first + 30):
        text = json.dumps(
            {**record(number), "apiVersion": ("Straße", 'say "hi"', "\u212aelvin", "a/b\\c", "\x00")[number % 5]}
        )
        texts.append(text if number % 4 else json.dumps(json.loads(text), ensure_ascii=False))
    return texts


def entry(text: str) -> str:
    parsed = json.loads(text)
    return json.dumps(
        {"EventId": parsed["eventID"], "EventName": parsed["eventName"], "Username": "around", "CloudTrailEvent": text}
    )


def by_number(text: str) -> str:
    """The same record with letters written by their numbers, and slashes escaped."""
    text = text.replace("Get", "\\u0047et").replace("console", "cons\\u006fle").replace("Denied", "D\\u0065nied")
    return text.replace("/", "\\/")


WRAPPED: Mapping[str, Callable[[list[str]], bytes]] = {
    "delivered.json.gz": lambda texts: gzip.compress(log_file(texts)),
    "two.json.gz": lambda texts: gzip.compress(log_file(texts[:9])) + gzip.compress(log_file(texts[9:])),
    "lines.json": lambda texts: "\n".join(texts).encode(),
    "objects.json": lambda texts: "".join(texts).encode(),
    "numbers.json": lambda texts: log_file(map(by_number, texts)),
    "lookup.json": lambda texts: f'{{"Events":[{",".join(map(entry, texts))}]}}'.encode(),
    "group.json.gz": lambda texts: gzip.compress(
        json.dumps(
            {"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": one} for one in texts]}
        ).encode()
    ),
    "wide.json": lambda texts: log_file(texts).decode().encode("utf-16"),
    "broken.json": lambda texts: log_file(texts)[:-200],
    "odd.json": lambda texts: log_file(texts).replace(b"Other", b"O\xfft\xed\xa0\x80er"),
}


def wrapped_index(folder: Path) -> MemoryIndex:
    """The index of such files, which are written here. The same record can stand in several of them."""
    files = {name: wrap(some(30 * number % 270)) for number, (name, wrap) in enumerate(WRAPPED.items())}
    index = index_of(folder, files, rows=130)
    with zipfile.ZipFile(folder / "some.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", log_file(some(10)))
        archive.writestr("b.json.gz", gzip.compress(log_file(some(200))))
    index.add([*index.read(folder / "some.zip", "b.json.gz"), *index.read(folder / "some.zip", "a.json")])
    return index
