"""The text of a log file, plain or gzipped, of limited size, and which files of a folder are log files."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 128 * 1024 * 1024
"""Largest uncompressed size. Delivered log files are far smaller; gzip bombs are not."""

ENDINGS = (".json", ".jsonl", ".ndjson", ".gz")
DIGEST_FOLDER = "CloudTrail-Digest"
DIGEST = "a digest file"
OTHER = "not a log file, by its name"
NO_FILE = "a broken link, a pipe or a device"
"""Why a file of a folder is skipped."""
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class LogText:
    """What could be read of a file."""

    text: str
    problem: str | None = None
    """Why it is not the whole file, in words for a report, or None if it is."""


def log_files(path: Path) -> Iterator[tuple[Path, str | None]]:
    """(file, None) for each file to read under `path`, (file, reason) for each that is skipped, sorted by name.

    A single file is read whatever its name. In a folder the name decides. Links to folders are not followed.
    """
    if not path.is_dir():
        # A pipe cannot seek, and opening one without a writer blocks forever, even on signals.
        yield path, NO_FILE if path.is_fifo() else None
        return
    for found in sorted(path.rglob("*")):
        if found.is_dir():
            continue
        if not found.is_file():
            yield found, NO_FILE
        elif DIGEST_FOLDER in found.parts:
            yield found, DIGEST
        elif not found.name.lower().endswith(ENDINGS):
            yield found, OTHER
        else:
            yield found, None


def read_log(path: Path, most: int = MOST_BYTES) -> LogText:
    """The text of a file, uncompressed if its first bytes are gzip's. Never raises: the result has the problem."""
    parts: list[bytes] = []
    problem = None
    size = 0
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            stream: io.BufferedIOBase = gzip.GzipFile(fileobj=raw) if packed else raw
            while chunk := stream.read1(_CHUNK):
                size += len(chunk)
                if size > most:
                    return LogText("", f"a file larger than {most // 2**20} MiB uncompressed")
                parts.append(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        problem = "a gzip file that is damaged or incomplete"
    except OSError as error:
        return LogText("", f"a file that cannot be read: {error.strerror or error}")
    data = b"".join(parts)
    parts.clear()
    try:
        return LogText(codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=problem is None), problem)
    except UnicodeDecodeError:
        return LogText("", problem or "a file that is not UTF-8")
