"""Delivered files: buckets under `s3/`, topics under `sns/`, log groups under `logs/`.

Names come from requests and account files, so each part of a path is encoded. Whatever a prefix, a name or an ARN
contains, nothing is written outside its bucket, topic or log group.
"""

import gzip
import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from ctui.emulator.account.private_file import open_private, refuse_link

BUCKETS, TOPICS, GROUPS = "s3", "sns", "logs"
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=+@ ")
_LONGEST = 200
"""Bytes of one part. File systems allow 255."""


class DeliveryFailure(Exception):
    """A delivery failed. `code` is what GetTrailStatus reports."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def safe_part(text: str) -> str:
    """A unique name for a file or folder that stands for `text`. It is never empty, "." or "..".

    Unusual characters become %XX of their UTF-8. A part that is too long ends in a hash of the whole.
    """
    raw = text.encode("utf-8", "surrogatepass")
    part = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in raw)
    if not part:
        return "%"
    if part[0] == ".":
        part = "%2E" + part[1:]
    if len(part) > _LONGEST:
        digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
        part = f"{part[: _LONGEST - 40]}%~{digest}"
    return part


def log_file_key(account: str, region: str, prefix: str | None, at: float, unique: str) -> tuple[str, ...]:
    """The parts of a log file's key in CloudTrail's layout; `unique` gives its 16 characters, `at` its minute.

    [PREFIX/]AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_16CHARS.json.gz
    """
    moment = datetime.fromtimestamp(at, UTC)
    digest = hashlib.blake2b(unique.encode("utf-8", "surrogatepass")).digest()
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    mark = "".join(signs[byte % len(signs)] for byte in digest[:16])
    name = f"{account}_CloudTrail_{region}_{moment:%Y%m%dT%H%MZ}_{mark}.json.gz"
    day = (f"{moment:%Y}", f"{moment:%m}", f"{moment:%d}")
    folders = prefix.split("/") if prefix else []
    return (*folders, "AWSLogs", account, "CloudTrail", region, *day, name)


class Objects:
    """The files under one data folder. Methods may be called from any thread, one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arns: set[str] = set()
        self._long: set[str] = set()
        """The topics and log groups whose files have a longer name."""

    def add(self, arns: Iterable[str]) -> None:
        """Make topics and log groups known. Those that share a name get longer file names.

        One whose file has a name keeps it: then only the others get longer ones.
        """
        new = set(arns) - self._arns
        self._arns |= new
        names = Counter(map(_service_and_name, self._arns))
        self._long |= {arn for arn in new if names[_service_and_name(arn)] > 1}

    def make_bucket(self, bucket: str) -> None:
        """Make a bucket's folder if there is none. Raises OSError."""
        folder = self._bucket(bucket)
        # The mode applies only to the last folder of a path.
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_link(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)

    def has(self, bucket: str, key: tuple[str, ...]) -> bool:
        """True if that file was written completely. A link is no such file."""
        path, top = self._path(bucket, key), self._folder / BUCKETS
        ways = [path, *(folder for folder in path.parents if folder.is_relative_to(top))]
        return path.is_file() and not any(way.is_symlink() for way in ways)

    def put(self, bucket: str, key: tuple[str, ...], text: str) -> None:
        """Write a gzipped file of this text, completely or not at all. Raises DeliveryFailure with S3's code."""
        path = self._path(bucket, key)
        body = gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)
        part = _part_of(path)
        try:
            folder = self._bucket(bucket)
            refuse_link(folder.parent)
            refuse_link(folder)
            # One folder after another, but never the bucket's own: one that was removed stays away.
            for name in path.relative_to(folder).parts[:-1]:
                folder /= name
                refuse_link(folder)
                folder.mkdir(mode=0o700, exist_ok=True)
            with open_private(part, "wb") as file:
                file.write(body)
            part.replace(path)
        except FileNotFoundError as error:
            raise DeliveryFailure("NoSuchBucket") from error
        except PermissionError as error:
            raise DeliveryFailure("AccessDenied") from error
        except OSError as error:
            raise DeliveryFailure("InternalError") from error

    def drop_part(self, bucket: str, key: tuple[str, ...]) -> None:
        """Remove what a killed process has written of a file. Raises OSError."""
        _part_of(self._path(bucket, key)).unlink(missing_ok=True)

    def topic_file(self, topic: str) -> Path:
        """The file for notifications of a topic, which is named by its ARN."""
        return self._folder / TOPICS / self._file_name(topic)

    def group_file(self, group: str) -> Path:
        """The file for events of a log group, which is named by its ARN."""
        return self._folder / GROUPS / self._file_name(group)

    def _file_name(self, arn: str) -> str:
        """The name of a topic or log group, or NAME~ACCOUNT~REGION if several share it. No part contains a bare ~."""
        _, name = _service_and_name(arn)
        if arn not in self._long:
            return safe_part(name)
        region, account = arn.split(":")[3:5]
        return "~".join(map(safe_part, (name, account, region)))

    def _bucket(self, bucket: str) -> Path:
        return self._folder / BUCKETS / safe_part(bucket)

    def _path(self, bucket: str, key: tuple[str, ...]) -> Path:
        return self._bucket(bucket).joinpath(*map(safe_part, key))


def _service_and_name(arn: str) -> tuple[str, str]:
    """("sns", topic) or ("logs", group) of an ARN arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE."""
    parts = arn.removesuffix(":*").split(":", 5)
    return parts[2], parts[5].removeprefix("log-group:")


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def size_of(path: Path) -> int:
    """The size of the file in bytes, or 0 if there is none. A link is no file."""
    about = _file_at(path)
    return 0 if about is None else about.st_size


def inode_of(path: Path) -> int | None:
    """The file's inode, or None if there is none."""
    about = _file_at(path)
    return None if about is None else about.st_ino


def _file_at(path: Path) -> os.stat_result | None:
    return path.lstat() if path.is_file() and not path.is_symlink() else None


def append_at(path: Path, offset: int, lines: list[str], failure: str, inode: int | None = None) -> None:
    """Replace everything from byte `offset` on by these lines, so that doing it twice is the same as once.

    If the file has another inode, nothing of it is replaced. Raises DeliveryFailure(`failure`).
    """
    try:
        refuse_link(path.parent)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_private(path, "ab") as file:
            about = os.fstat(file.fileno())
            if about.st_size > offset and inode in (None, about.st_ino):
                file.truncate(offset)
            file.write("".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise DeliveryFailure(failure) from error
