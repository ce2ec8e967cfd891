"""LoginHandlers: makes a login that ran out again, with the AWS CLI in the terminal that ctui leaves for it."""

import os
from collections.abc import Callable

from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.login_command import PROGRAM, LoginCommand, Version, cli_version
from ctui.threads import off_loop
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.notifier import Notifier
from ctui.ui.terminal import outside
from ctui.ui.terminal.clipboard import over_ssh
from ctui.ui.terminal.terminal_app import TerminalApp

VERSION_SECONDS = 20.0
"""Seconds that the AWS CLI may take to say its version: its first start on a busy machine takes several."""


class LoginHandlers:
    """Asks the AWS CLI for its version, runs it, and connects again once it has succeeded."""

    def __init__(
        self, screen: ShownAtRest, session: Session, say: Callable[[str], None], *, notifier: Callable[[], Notifier]
    ) -> None:
        """`say` notifies."""
        self._screen = screen
        self._session = session
        self._say = say
        self._notifier = notifier

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {"log-in": lambda: self._screen.run_worker(self._log_in(), group="log-in", exclusive=True)}

    async def _log_in(self) -> None:
        again = self._session.login_needed
        if again is None:
            return
        self._say(f"Starting {again.command.text} …")
        try:
            version = await off_loop(lambda: _version(again.command), "ctui-aws-version")
            if self._session.login_needed is not again:
                return  # It was made in another terminal meanwhile.
            self._run(again.command, again.command.arguments(version, elsewhere=over_ssh(os.environ)))
        except CtuiError as problem:
            self._notifier().report(problem)

    def _run(self, command: LoginCommand, arguments: tuple[str, ...]) -> None:
        app = self._screen.app
        assert isinstance(app, TerminalApp), "this screen is of ctui"
        try:
            code = app.run_outside(arguments)
        except OSError as error:
            raise _not_started(command, error) from error
        if code == 0:
            self._session.login_made()
        else:
            self._say(f"{command.name} was not completed · L try again")


def _version(command: LoginCommand) -> Version:
    """The version of the AWS CLI, which has this command. Blocks. Raises CtuiError if there is none that has it."""
    try:
        printed = outside.output_of((PROGRAM, "--version"), VERSION_SECONDS)
    except TimeoutError as error:
        why = f"`{PROGRAM} --version` did not answer within {VERSION_SECONDS:.0f} s."
        raise CtuiError("AWS CLI does not answer", why, _by_yourself(command)) from error
    except OSError as error:
        raise _not_started(command, error) from error
    version = cli_version(printed)
    if version is None:
        raise CtuiError("Not the AWS CLI", f"`{PROGRAM}` is another program on this machine.", _by_yourself(command))
    if version < command.login.since:
        have, need = (".".join(map(str, each)) for each in (version, command.login.since))
        why = f"The AWS CLI here is version {have}; `{command.name}` needs {need} or newer."
        raise CtuiError("AWS CLI too old", why, _by_yourself(command))
    return version


def _not_started(command: LoginCommand, error: OSError) -> CtuiError:
    why = f"`{PROGRAM}` cannot be run: {(error.strerror or 'the system refused').lower()}."
    return CtuiError("AWS CLI not started", f"{why} It must be installed, in version 2.", _by_yourself(command))


def _by_yourself(command: LoginCommand) -> str:
    return f"Run `{command.text}` where it works, as this user: ctui goes on by itself."
