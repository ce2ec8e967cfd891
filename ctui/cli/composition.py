"""The composition root: the app with its frame first, and behind it the session that it shows."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.process.allocator import keep_little_memory
from ctui.cli.process.collecting import collect_new, resume
from ctui.cli.process.ending import Ending, terminal_lives
from ctui.cli.sources import OpensSources
from ctui.config.load_settings import settings_file
from ctui.config.remembered import RememberedColumns, remembered_file
from ctui.config.settings import Settings
from ctui.ui.app import CtuiApp

if TYPE_CHECKING:
    from ctui.cli.demo import Demo
    from ctui.core.first_rows import FirstRows
    from ctui.core.session import Session
    from ctui.model.lookup.lookup import Lookup

_CLOSE_SECONDS = 5.0


async def show(
    settings: Settings, demo: "Demo | None" = None, first_rows: "asyncio.Future[FirstRows | None] | None" = None
) -> int:
    """Run the explorer with these settings until the person leaves; returns the exit code.

    `demo` connects in place of the AWS chain. The caller closes it. `first_rows` are shown in the frame, once they are
    read.
    """
    sessions: list[Session] = []

    async def open_session() -> "Session":
        collect_new()
        return await made(settings, demo, drawn=drawn, remembers_loads=True)

    async def open_source(chosen: Settings, lookup: "Lookup") -> "Session":
        return await made(chosen, None, lookup=lookup)

    async def made(chosen: Settings, of_demo: "Demo | None", **more: Any) -> "Session":
        # In a thread: keys, signals and another size of the terminal have their effect meanwhile.
        make = await asyncio.to_thread(_import_session)
        # A source that was left is closed, and may go.
        sessions[:] = [each for each in sessions if each.state.phase != "closed"]
        sessions.append(make(chosen, of_demo, app.ask_secret, ending, **more))
        return sessions[-1]

    async def drawn() -> None:
        await app.drawn()
        resume()

    keep_little_memory()
    with contextlib.ExitStack() as ending:
        app = CtuiApp(
            open_session,
            theme=settings.theme,
            theme_origin=settings.origins.get("theme", ""),
            problems=settings.problems,
            theme_folders=[settings_file().parent / "themes"],
            columns=RememberedColumns(remembered_file()),
            questions=settings.questions,
            first_rows=first_rows,
            opener=OpensSources(settings, open_source),
            files=list(map(str, settings.files)) if settings.files_alone else (),
        )
        with Ending(app, asyncio.get_running_loop()).watching():
            try:
                await app.run_async()
            finally:
                await asyncio.gather(*map(_close, sessions))
        return app.return_code or 0


def _import_session() -> "Callable[..., Session]":
    from ctui.cli.session_parts import make_session  # noqa: PLC0415 - behind the frame

    return make_session


async def _close(session: "Session") -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(session.close(), _CLOSE_SECONDS)
        if session.state.notice is not None and terminal_lives():
            click.echo(session.state.notice, err=True)
