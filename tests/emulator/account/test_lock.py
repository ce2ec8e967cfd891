"""Data folders: held by one emulator, and swept when their emulator was killed."""

from pathlib import Path

import pytest

from ctui.emulator.account.lock import sole_owner, sweep
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.server import Emulator
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


@pytest.mark.parametrize("name", ["lock", "state.db", "state.db-wal"])
async def test_state_behind_a_link_is_not_opened(name: str, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).symlink_to(tmp_path / "outside")
    with pytest.raises(SettingsError, match=f"{name}: a symbolic link, which is not followed"):
        await Emulator(EmulatorOptions(traffic=False, data=tmp_path / "data")).__aenter__()
    assert (tmp_path / "outside").read_text() == "mine"
