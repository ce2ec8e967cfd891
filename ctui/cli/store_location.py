"""Where events are kept: which runs remember, in which file, and how much of the past."""

from datetime import timedelta
from pathlib import Path

import platformdirs

from ctui.config.settings import Settings
from ctui.model.connection import Connection
from ctui.model.endpoint import is_loopback
from ctui.store.pruning import Retention

STORE_NAME = "events.db"


def store_place(settings: Settings, connection: Connection | None, *, demo: bool) -> Path | None:
    """The file of the event store; None: a temporary one, forgotten when ctui ends.

    `--store` always holds. Else demo runs, `--no-store` and endpoints on this machine leave nothing behind.
    """
    if demo:
        return None
    if settings.store is not None:
        return settings.store
    if settings.no_store or connection is None:
        return None
    if connection.endpoint is not None and is_loopback(connection.endpoint):
        return None
    return own_place()


def own_place() -> Path:
    """The file that ctui chooses, in a folder of its own, where nobody names another."""
    return platformdirs.user_data_path("ctui", appauthor=False) / STORE_NAME


def retention(settings: Settings) -> Retention:
    """How much of the past is kept."""
    age = None if settings.keep_days is None else int(timedelta(days=settings.keep_days).total_seconds())
    return Retention(max_age=age, max_bytes=settings.keep_size)
