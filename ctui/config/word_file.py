"""Reads the files that `any:@FILE` names: a word, address or ARN a line. Blank lines and those with # are left out."""

import os
import stat
from pathlib import Path

from ctui.model.filter.matching.word_list import WordList

_MOST_BYTES = 8 * 1024**2
_KEPT = 4
"""Lists kept: a line is read again with each key."""


class WordFiles:
    """The lists of files, each read again only when it has changed."""

    def __init__(self) -> None:
        self._read: dict[tuple[object, ...], WordList] = {}

    def read(self, name: str) -> WordList:
        """The list of a file, by its path; `~` is the home folder. Raises ValueError with a reason."""
        try:
            return self._list(Path(name).expanduser())
        except FileNotFoundError:
            raise ValueError("there is no such file") from None
        except (OSError, RuntimeError) as error:
            raise ValueError(f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from error

    def _list(self, path: Path) -> WordList:
        # It may be a pipe, which would not be read to its end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise ValueError("it is not a file")
            if about.st_size > _MOST_BYTES:
                raise ValueError(f"the file has more than {_MOST_BYTES // 1024**2} MiB")
            key = (about.st_dev, about.st_ino, about.st_mtime_ns, about.st_size)
            if key not in self._read:
                words = _words(file.read().decode("utf-8", "replace"))
                try:
                    read = WordList(words)
                except ValueError as error:
                    raise ValueError(f"the file {error}") from None
                while len(self._read) >= _KEPT:
                    self._read.pop(next(iter(self._read)))
                self._read[key] = read
            return self._read[key]


def _words(text: str) -> list[str]:
    lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
    # Lists of indicators are often written so that no program makes links of them.
    return [line.replace("[.]", ".") for line in lines if line and not line.startswith("#")]
