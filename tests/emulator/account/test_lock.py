"""Data folders: held by one emulator, and swept when their emulator was killed."""

from pathlib import Path

import pytest

from ctui.emulator.account.lock import sole_owner, sweep
from ctui.errors import SettingsError


def made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "lock").touch()
    (folder / "state.db").touch()
    return folder


def test_what_a_killed_emulator_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    orphan, held, other = (made(tmp_path / name) for name in ("ctui-orphan", "ctui-held", "other"))
    beginning = tmp_path / "ctui-beginning"
    beginning.mkdir()
    link = tmp_path / "ctui-link"
    link.symlink_to(other)
    with sole_owner(held):
        sweep(tmp_path, "ctui-", "state.db")
        assert not orphan.exists()
        assert all(folder.exists() for folder in (held, other / "state.db", beginning, link))
    sweep(tmp_path, "ctui-", "state.db")
    assert not held.exists()


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    with sole_owner(tmp_path), pytest.raises(SettingsError, match="another emulator"), sole_owner(tmp_path):
        pass
    with sole_owner(tmp_path):
        pass
