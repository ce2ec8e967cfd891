"""Where events are kept: in which file, or not at all; where paces are shared, and indexes of log files lie."""

from pathlib import Path

import platformdirs

from ctui.config.settings import Settings
from ctui.model.connection import Connection
from ctui.model.endpoint import is_loopback

STORE_NAME = "events.db"


def store_path(settings: Settings, connection: Connection | None, *, demo: bool) -> Path | None:
    """The file of the event store, or None for a temporary store that is deleted when ctui exits.

    `--store` always counts. Without it, demo runs, `--no-store` and endpoints on this machine keep nothing.
    """
    if demo:
        return None
    if settings.store is not None:
        return settings.store
    if settings.no_store or connection is None:
        return None
    if connection.endpoint is not None and is_loopback(connection.endpoint):
        return None
    return default_store_path()


def login_memory_file(settings: Settings) -> Path:
    """The file in which is kept where logins led, next to the events."""
    return Path(f"{settings.store or default_store_path()}-logins")


def default_store_path() -> Path:
    """The default file, in ctui's own data folder."""
    return platformdirs.user_data_path("ctui", appauthor=False) / STORE_NAME


def pace_folder() -> Path:
    """Where ctui's processes share the pace of their calls."""
    return platformdirs.user_cache_path("ctui", appauthor=False) / "pace"


def index_folder() -> Path:
    """Where the indexes of log files lie: all of them can be made again."""
    return platformdirs.user_cache_path("ctui", appauthor=False) / "files"
