"""Where events are kept, by what was asked for and what was connected to."""

from pathlib import Path

import pytest

from ctui.cli.session_parts import retention
from ctui.cli.store_location import default_store_path, store_path
from ctui.config.settings import Settings
from ctui.model.connection import Connection
from ctui.store.pruning import Retention

AWS = Connection("prod", "eu-west-1", None, "aws")
LOCAL = Connection("prod", "eu-west-1", "http://127.0.0.1:4000", "http://127.0.0.1:4000")
REMOTE = Connection("prod", "eu-west-1", "https://trail.example.org", "https://trail.example.org")
CHOSEN = Settings(store=Path("/x/mine.db"))
HOME = Path("/data/ctui/events.db")


@pytest.mark.parametrize(
    ("settings", "connection", "demo", "place"),
    [
        (Settings(), AWS, False, HOME),
        (Settings(), REMOTE, False, HOME),
        (Settings(), LOCAL, False, None),
        (Settings(), None, False, None),
        (Settings(no_store=True), AWS, False, None),
        (CHOSEN, AWS, False, CHOSEN.store),
        (CHOSEN, LOCAL, False, CHOSEN.store),
        (CHOSEN, LOCAL, True, None),
        (Settings(), AWS, True, None),
    ],
)
def test_which_runs_remember(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, connection: Connection | None, demo: bool, place: Path | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert store_path(settings, connection, demo=demo) == place
    assert default_store_path() == HOME


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        (Settings(), Retention()),
        (Settings(keep_days=30), Retention(max_age=30 * 86_400)),
        (Settings(keep_size=None), Retention(max_bytes=None)),
        (Settings(keep_days=1, keep_size=500), Retention(86_400, 500)),
    ],
)
def test_how_much_is_kept(settings: Settings, kept: Retention) -> None:
    assert retention(settings) == kept
