"""What ctui remembers of how a person looks at events: the columns of the list. ctui writes it, a person may."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from ctui.errors import SettingsError
from ctui.parsing import Unreadable, read_toml, reason_of, shown

FILE_NAME = "screen.toml"
_KEY = "columns"
_MOST = 40
"""Columns that are kept."""


class RememberedColumns:
    """The names of the columns of the list, from left to right, in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self) -> tuple[str, ...]:
        """The columns; () if none are remembered. Raises SettingsError if the file cannot be used."""
        try:
            columns = read_toml(self._file).get(_KEY, [])
        except FileNotFoundError:
            return ()
        except Unreadable as error:
            raise SettingsError("Columns", f"{self._file} cannot be read: {error.reason}.", _AGAIN) from error
        if not isinstance(columns, list) or not all(isinstance(each, str) for each in columns):
            raise SettingsError("Columns", f"{self._file}: {_KEY} must be a list, but is {shown(columns)}.", _AGAIN)
        return tuple(columns[:_MOST])

    def save(self, columns: Sequence[str]) -> None:
        """Remember these columns, in place of those before. Blocks; raises SettingsError if that is not possible."""
        new = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        names = ", ".join(json.dumps(each, ensure_ascii=False) for each in columns[:_MOST])
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.write_text(f"{_KEY} = [{names}]\n", encoding="utf-8")
            # Another ctui reads the old file or the new one.
            new.replace(self._file)
        except OSError as error:
            raise SettingsError("Columns", f"{self._file} cannot be written: {reason_of(error)}.") from error


_AGAIN = "The usual columns are shown; , chooses others."


def remembered_file() -> Path:
    """The path of the file, which need not exist."""
    return platformdirs.user_state_path("ctui", appauthor=False) / FILE_NAME
