"""What the store offers for completion: values that were seen, without a connection and without waiting."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctui.cli.login_settings import connect_options, login_memory
from ctui.cli.store_location import default_store_path
from ctui.config.load_settings import load_settings, settings_file
from ctui.config.settings import SETTINGS, Settings
from ctui.errors import SettingsError
from ctui.model.connection import Scope
from ctui.model.endpoint import is_loopback
from ctui.model.filter.editing.completion import recorded_values
from ctui.store.counting import CountQuery
from ctui.store.opening.peeking import peek
from ctui.store.peeked_values import peek_values
from ctui.store.scopes import all_scopes
from ctui.store.search import column_of

SECONDS = 0.1
"""How long the store is read: a person waits for the shell."""
_NEWEST = 20_000
"""So many of each scope's newest events are counted: about 25 ms."""
_MOST = 5_000
"""So many different values at most."""


def stored_values(field: str, flags: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """Values of a field of the filter line, or of `PATHS`, most frequent first, by the flags of the command.

    Of the account that the same settings led to before; if that is not known, of all that are stored.
    """
    if (settings := _settings(flags)) is None or (path := _file(settings)) is None:
        return ()
    until = time.monotonic() + SECONDS
    query = CountQuery(
        column_of(field) or (lambda event, region: recorded_values(field, event, region)), _NEWEST, _MOST
    )
    return peek_values(path, query, lambda scopes: _of_login(scopes, settings), lambda: time.monotonic() > until)


def stored_regions(flags: Mapping[str, Any]) -> set[str]:
    """The Regions of which something is stored."""
    settings = _settings(flags)
    path = None if settings is None else _file(settings)
    scopes = None if path is None else peek(path, all_scopes, patience=0)
    return {scope.region for scope in scopes or ()}


def _settings(flags: Mapping[str, Any]) -> Settings | None:
    """The settings that the command will have; None if it will refuse them, and for the demo, which keeps nothing."""
    if flags.get("demo"):
        return None
    given = {name: flags[name] for name in SETTINGS if flags.get(name) not in (None, ())}
    try:
        return load_settings(given, os.environ, settings_file())
    except SettingsError:
        return None


def _file(settings: Settings) -> Path | None:
    """The file that the command will read. Events of an endpoint on this machine are only in a file that is named."""
    if settings.store is not None:
        return settings.store
    here = settings.endpoint_url is not None and is_loopback(settings.endpoint_url)
    return None if settings.no_store or here else default_store_path()


def _of_login(scopes: Sequence[Scope], settings: Settings) -> Sequence[Scope]:
    memory = login_memory(settings)
    if memory is None or (connection := memory.recall(connect_options(settings))) is None:
        return scopes
    login = (connection.origin, connection.login.account)
    return [scope for scope in scopes if (scope.origin, scope.account) == login]
