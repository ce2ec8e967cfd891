"""The load of everything that is under way: the digest of its question, in a small file next to the store.

It stays there when ctui ends, however that happens, and says to the next one that the load was not finished.
"""

import contextlib
import hashlib
import os
from pathlib import Path

from ctui.errors import StoreError

_SUFFIX = "-unfinished"


def read_unfinished(store: Path) -> str:
    """The digest of the question that was being loaded last; "" if none was. Raises StoreError."""
    try:
        return _file(store).read_text("ascii")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as error:
        raise _trouble(store, "read") from error


def write_unfinished(store: Path, digest: str) -> None:
    """Remember this digest in place of the one before; "" removes it. Blocks; raises StoreError."""
    file = _file(store)
    try:
        if not digest:
            file.unlink(missing_ok=True)
            return
        # Another ctui reads the old file or the new one.
        new = file.with_name(f"{file.name}.{os.getpid()}")
        with contextlib.ExitStack() as failed:
            failed.callback(new.unlink, missing_ok=True)
            with os.fdopen(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "w") as written:
                written.write(digest)
            new.replace(file)
    except OSError as error:
        raise _trouble(store, "written") from error


def digest_of(question: str) -> str:
    """The digest of a question: what is compared, and all that is written."""
    return hashlib.blake2b(question.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _file(store: Path) -> Path:
    return Path(f"{store}{_SUFFIX}")


def _trouble(store: Path, done: str) -> StoreError:
    return StoreError(
        "Unfinished load",
        f"{_file(store)} cannot be {done}, so that the next start cannot offer to go on with a load.",
        "Check the owner of the file and the free disk space.",
    )
