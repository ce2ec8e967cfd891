"""What a person types into the dialog of sources, as settings."""

from pathlib import Path

import pytest

from ctui.cli.sources import OpensSources
from ctui.config.settings import Settings
from ctui.core.session import Session
from ctui.model.lookup.lookup import Lookup
from ctui.ui.boxes.source import Fields
from ctui.ui.sources import Question


class Opened(Exception):
    """The settings of a source that is opened."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings


async def make(settings: Settings, _lookup: Lookup) -> Session:
    raise Opened(settings)


async def settings_of(fields: Fields, started: Settings) -> Settings:
    with pytest.raises(Opened) as caught:
        await OpensSources(started, make).open(fields, Question("", started.since))
    return caught.value.settings


@pytest.mark.parametrize(
    ("started", "fields", "alone"),
    [
        (Settings(), ("", "", "", "a"), True),
        (Settings(), ("prod", "", "", "a"), False),
        (Settings(profile=("prod",)), ("", "eu-west-1", "", "a"), False),
        (Settings(files=(Path("x"),)), ("", "", "", "a"), False),
        (Settings(files=(Path("x"),), files_alone=True), ("", "", "", "a"), True),
        (Settings(files=(Path("x"),), files_alone=True), ("", "", "", ""), False),
    ],
)
async def test_log_files_are_alone_unless_something_of_aws_is_named(
    started: Settings, fields: Fields, alone: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").mkdir()
    settings = await settings_of(fields, started)
    assert (settings.files, settings.files_alone) == ((Path("a"),) if fields[3] else (), alone)


async def test_a_comma_may_be_part_of_a_name(tmp_path: Path) -> None:
    for name in ("a", "b", "a,b"):
        (tmp_path / name).mkdir()
    both = f"{tmp_path}/a, {tmp_path}/b"
    assert (await settings_of(("", "", "", both), Settings())).files == (tmp_path / "a", tmp_path / "b")
    assert (await settings_of(("", "", "", f"{tmp_path}/a,b"), Settings())).files == (tmp_path / "a,b",)


def test_paths_are_completed_and_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    opener = OpensSources(Settings(), make)
    (tmp_path / "logs").mkdir()
    (tmp_path / "lost.json").touch()
    (tmp_path / ".hidden").touch()
    assert opener.paths(f"{tmp_path}/lo") == [f"{tmp_path}/logs/", f"{tmp_path}/lost.json"]
    assert opener.paths(f"{tmp_path}/") == [f"{tmp_path}/logs/", f"{tmp_path}/lost.json"]
    assert opener.paths(f"{tmp_path}/nothing/x") == ()
    assert opener.paths("a\0b/") == ()
    assert "cannot be opened" in (opener.problem(("", "", "", f"{tmp_path}/nothing")) or "")
    assert opener.problem(("", "", "", f"{tmp_path}/logs")) is None


def test_what_ctui_was_started_with_stands_in_the_dialog() -> None:
    both = Settings(profile=("prod",), region=("eu-west-1",), files=(Path("/a"), Path("/b")))
    assert OpensSources(both, make).current == ("prod", "eu-west-1", "", "/a,/b")
    assert OpensSources(both.without_service, make).current == ("", "", "", "/a,/b")
