"""What is asked of a tree of log files: as a filter line, and the same for other programs."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from bench.figure import Limit

AT = 1_000_000
"""The number of events that limits are meant for."""
_FIELD, _TEXT_FIRST, _TEXT = Limit(50), Limit(500), Limit(2_500)
"""Milliseconds until the answer is there."""
_REQUEST, _KEY = "{request}", "{key}"
_CODES = "NoSuch(Tag|Bucket)[A-Za-z]+"


@dataclass(frozen=True, slots=True)
class TreeQuestion:
    """A filter line, and what other programs are given for the same events."""

    name: str
    line: str
    """What is typed."""
    sql: str
    """A condition over the columns of `tree_peers.COLUMNS`."""
    jq: str = ""
    """A condition over a record; "" if jq is not asked."""
    text: str = ""
    """What each of the records has once, in upper or lower case, and no other has; "" if no text says it."""
    pattern: str = ""
    """The same as a regular expression."""
    first: Limit | None = None
    """For the first rows; None if they are no figure of their own."""
    every: Limit | None = None
    """For all rows."""

    @property
    def limits(self) -> tuple[tuple[str, Limit | None], ...]:
        """The names of its figures with their limits: of all rows, and of the first ones."""
        every = (f"log files: {self.name}, all rows", self.every)
        return (every,) if self.first is None else (every, (f"log files: {self.name}, first rows", self.first))

    @property
    def names(self) -> tuple[str, ...]:
        """Of its figures."""
        return tuple(name for name, _ in self.limits)

    def filled(self, values: dict[str, str]) -> "TreeQuestion":
        """With values of a tree in its blanks."""

        def fill(text: str) -> str:
            for blank, value in values.items():
                text = text.replace(blank, value)
            return text

        return replace(self, line=fill(self.line), sql=fill(self.sql), text=fill(self.text))


ASKED = (
    TreeQuestion(
        "is:error, one in ten", "is:error",
        "errorCode IS NOT NULL OR errorMessage IS NOT NULL OR responseElements->>'ConsoleLogin' = 'Failure'",
        jq='.errorCode != null or .errorMessage != null or .responseElements.ConsoleLogin? == "Failure"',
        every=_FIELD,
    ),
    TreeQuestion(
        "a user agent", 'agent:"Go-http-client/1.1"', "userAgent = 'Go-http-client/1.1'",
        jq='.userAgent == "Go-http-client/1.1"', every=_FIELD,
    ),
    TreeQuestion(
        "a key of some events", f"key:{_KEY}", f"accessKeyId = '{_KEY}'", jq="", every=_FIELD,
    ),
    TreeQuestion(
        "a path", "requestParameters.bucketName:data-1*", "requestParameters->>'bucketName' LIKE 'data-1%'",
        jq='(.requestParameters.bucketName? // "") | tostring | startswith("data-1")', first=_TEXT_FIRST,
    ),
    TreeQuestion(
        "a text of one in a hundred", '"getbucketreplication"', "record ILIKE '%getbucketreplication%'",
        text="getbucketreplication", first=_TEXT_FIRST, every=_TEXT,
    ),
    TreeQuestion(
        "a text of the oldest record alone", _REQUEST, f"record ILIKE '%{_REQUEST}%'", text=_REQUEST, every=_TEXT,
    ),
    TreeQuestion(
        "a regular expression", f'/"errorCode":"{_CODES}/', f"regexp_matches(record, '\"errorCode\":\"{_CODES}')",
        pattern=f'"errorCode":"{_CODES}',
    ),
)  # fmt: skip
"""In the order of the table. What a tree itself has is left blank."""


def questions(tree: Path) -> Iterator[TreeQuestion]:
    """What is asked of a tree."""
    values = _oldest(tree)
    return (question.filled(values) for question in ASKED)


@cache
def _oldest(tree: Path) -> dict[str, str]:
    """Of the oldest file, which is read last: the request ID of one record, which no other has, and a key."""
    file = min(tree.rglob("*.json.gz"), key=lambda path: path.name.split("_")[3:])
    records = json.loads(gzip.decompress(file.read_bytes()))["Records"]
    asked = [record for record in records if json.dumps(record).count(str(record.get("requestID"))) == 1]
    keys = (record.get("userIdentity", {}).get("accessKeyId") for record in records)
    oldest = min(asked, key=lambda record: str(record.get("eventTime")))
    return {_REQUEST: oldest["requestID"], _KEY: next(filter(None, keys))}
