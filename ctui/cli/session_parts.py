"""What a session is made of: settings become a connector, a store and a session. Imported while the frame stands."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from ctui.aws.connector import AwsConnector, RememberedConnector, SharedLogin
from ctui.aws.login.connect_options import ConnectOptions
from ctui.cli.login_settings import connect_options, login_memory, profile_options
from ctui.cli.store_location import default_store_path, pace_folder, store_path
from ctui.config.settings import EVERY_REGION, Settings
from ctui.core.logins import OtherLogin
from ctui.core.session import Session
from ctui.core.sources import Connector
from ctui.model.clock import SystemClock
from ctui.model.connection import Connection
from ctui.model.lookup.lookup import Lookup
from ctui.model.waiting import Waiting
from ctui.store.events import EventStore
from ctui.store.pace_files import PaceFiles
from ctui.store.pruning import Retention

if TYPE_CHECKING:
    from ctui.cli.demo import Demo
    from ctui.config.word_file import WordFiles
    from ctui.core.files.log_files import LogFiles
    from ctui.model.filter.matching.word_list import WordList


def make_session(
    settings: Settings,
    demo: "Demo | None",
    ask: Callable[[str], Awaitable[str]] | None,
    ending: contextlib.ExitStack,
    *,
    drawn: Callable[[], Awaitable[None]] | None = None,
    reads_trails: bool = True,
    lookup: Lookup | None = None,
    logs_in: bool = True,
    patience: float | None = None,
    remembers_loads: bool = False,
) -> Session:
    """The session of these settings. `demo` connects in place of the AWS chain; `ask` asks the person for a secret, and
    is None if no one can be asked; `drawn` returns when the first rows are on a screen, or the reason why there are
    none; `reads_trails` and `lookup` (by default all events of the settings' range) are those of the session, as are
    `patience` and `remembers_loads`. Without `logs_in` it makes no call, and has what is stored of where the
    same settings led before.

    What must be closed behind the session goes on `ending`.
    """

    async def open_store(connection: Connection | None) -> EventStore:
        path = store_path(settings, connection, demo=demo is not None)
        try:
            return await store_type.open(path, own=path == default_store_path(), progress=converts)
        finally:
            session.store_converts(None)

    def converts(done: int, total: int) -> None:
        session.store_converts((done, total))

    def waits(waiting: Waiting | None) -> None:
        session.login_waits(waiting)

    mfa = None if ask is None else in_turn(ask)

    def connector_of(options: ConnectOptions) -> AwsConnector:
        made = AwsConnector(replace(options, mfa=mfa, waits=waits, drawn=drawn), login_memory(settings))
        ending.callback(made.close)
        return made

    connector: Connector
    other_logins: Sequence[OtherLogin] = ()
    trees: Sequence[LogFiles] = ()
    store_type = EventStore
    if settings.files:
        from ctui.cli.files_parts import StoreWithFiles, files_connector, trees_of  # noqa: PLC0415 - most have none

        trees, store_type = trees_of(settings), StoreWithFiles
    if trees and settings.files_alone:
        connector = files_connector(trees)
    elif not logs_in:
        connector = RememberedConnector(connect_options(settings), None if demo else login_memory(settings))
    elif demo is not None:
        # Profiles and accounts of the settings are none of a demo's.
        connector = demo
    else:
        working = connector_of(connect_options(settings))
        connector, other_logins = working, _other_logins(settings, working.login, connector_of)
    clock = SystemClock()
    pace_files = None
    if demo is not None:
        demo.drawn = drawn
    elif not settings.files_alone:
        # No one else calls the service of a demo, and no one that of log files.
        pace_files = PaceFiles(pace_folder(), clock)
        ending.callback(pace_files.close)
    session = Session(
        connector,
        open_store,
        clock,
        lookup_rate=settings.lookup_rate,
        lookup=lookup or Lookup(timespan=settings.since),
        read_only=settings.read_only,
        reads_trails=reads_trails,
        retention=retention(settings),
        read_words=_read_words,
        pace_files=pace_files,
        patience=patience,
        remembers_loads=remembers_loads,
        regions=[name for name in settings.region if name != EVERY_REGION],
        every_region=EVERY_REGION in settings.region,
        global_services=not settings.region,
        other_logins=other_logins,
        account_names=settings.account_names if demo is None else None,
        label=next(iter(settings.profile), ""),
        trees=trees,
        files_alone=settings.files_alone,
    )
    return session


def in_turn(ask: Callable[[str], Awaitable[str]]) -> Callable[[str], Awaitable[str]]:
    """What asks a person one thing at a time: two logins may need a code at once."""
    turn = asyncio.Lock()

    async def ask_in_turn(prompt: str) -> str:
        async with turn:
            return await ask(prompt)

    return ask_in_turn


def _other_logins(
    settings: Settings, login: SharedLogin, connector_of: Callable[[ConnectOptions], AwsConnector]
) -> list[OtherLogin]:
    """The other profiles, and the roles in listed accounts, which the working login assumes."""
    profiles = [
        OtherLogin(profile, connector_of(profile_options(settings, profile))) for profile in settings.profile[1:]
    ]
    if not settings.accounts:
        return profiles
    from ctui.aws.assume_role import AssumeRoleConnector  # noqa: PLC0415 - most starts list no accounts

    roles = [OtherLogin(role.name or role.account, AssumeRoleConnector(login, role)) for role in settings.accounts]
    return profiles + roles


def retention(settings: Settings) -> Retention:
    """How much of the past the store keeps."""
    age = None if settings.keep_days is None else int(timedelta(days=settings.keep_days).total_seconds())
    return Retention(max_age=age, max_bytes=settings.keep_size)


def _read_words(name: str) -> "WordList":
    return _word_files().read(name)


@cache
def _word_files() -> "WordFiles":
    from ctui.config.word_file import WordFiles  # noqa: PLC0415 - few lines name a file

    return WordFiles()
