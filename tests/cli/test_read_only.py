"""Looking only: the flag, the variable and the settings file, and what it keeps back."""

from pathlib import Path

import pytest
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector
from support.sessions import temporary_store

from ctui.config.load_settings import load_settings
from ctui.core.session import Session
from ctui.core.trails.verification import TrailChange, Verb
from ctui.errors import CtuiError
from ctui.model.trail.trail import Trail


def test_it_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path / "none").read_only is False
    assert load_settings({"read_only": True}, {}, tmp_path / "none").read_only is True
    assert load_settings({}, {"CTUI_READ_ONLY": "1"}, tmp_path / "none").read_only is True
    (tmp_path / "config.toml").write_text("read_only = true")
    assert load_settings({}, {}, tmp_path / "config.toml").read_only is True


async def test_core_sends_nothing_then() -> None:
    clock = AutoClock()
    session = Session(FakeConnector(FakeCloudTrail(clock)), temporary_store, clock, read_only=True)
    with pytest.raises(CtuiError, match="--read-only"):
        session.changes.begin(TrailChange.of(Verb.STOP, Trail("audit"), "eu-west-1"))
    await session.close()
