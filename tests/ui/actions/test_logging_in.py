"""`L` makes a login that ran out again: with which AWS CLI, with which arguments, and what is said where it cannot."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC

import pytest
from support.driver import WIDE, Driver, driving
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeConnector
from support.fakes.service import Service, events
from support.sessions import temporary_store

from ctui.core.logins import OtherLogin
from ctui.core.session import Session
from ctui.errors import CtuiError, ExpiredLogin, LoginNeeded
from ctui.model.login_command import AWS_LOGIN, SSO_LOGIN, BrowserLogin, LoginAgain, LoginCommand
from ctui.ui.app import CtuiApp
from ctui.ui.terminal import outside
from ctui.ui.terminal.terminal_app import TerminalApp

Open = Callable[..., AbstractAsyncContextManager[Driver]]
V2 = "aws-cli/2.31.5 Python/3.13.7 Linux/6.8.0 exe/x86_64.ubuntu.24\n"
SSO = ("aws", "sso", "login", "--profile", "work")
LOGIN = ("aws", "login", "--profile", "work")


def needed(
    login: BrowserLogin = SSO_LOGIN, renewed: Callable[[], bool] = lambda: False, stored: str = "/token"
) -> LoginNeeded:
    again = LoginAgain(LoginCommand(login, "work"), stored, renewed)
    return LoginNeeded("SSO session expired", "It is over.", "Press L.", again)


class Cli:
    """The AWS CLI of this machine: what it was called with, and what it does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.version: str | Exception = V2
        self.code: int | Exception = 0
        self.account = Service(events(40, EPOCH))
        """Which a login that succeeds leads to."""
        self.ran: list[tuple[str, ...]] = []
        monkeypatch.setattr(outside, "output_of", self._output)
        monkeypatch.setattr(TerminalApp, "run_outside", lambda _, arguments: self._run(arguments))
        for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
            monkeypatch.delenv(name, raising=False)

    def _output(self, arguments: Sequence[str], _limit: float) -> str:
        assert tuple(arguments) == ("aws", "--version")
        if isinstance(self.version, Exception):
            raise self.version
        return self.version

    def _run(self, arguments: Sequence[str]) -> int:
        self.ran.append(tuple(arguments))
        if isinstance(self.code, Exception):
            raise self.code
        if self.code == 0:
            self.account.fail.clear()
        return self.code

    def without(self, error: CtuiError) -> Service:
        """The account, to which the login fails."""
        self.account.fail["connect"] = error
        return self.account


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Cli:
    return Cli(monkeypatch)


RUNS: list[tuple[str, BrowserLogin, str, tuple[str, ...]]] = [
    (V2, SSO_LOGIN, "", SSO),
    (V2, SSO_LOGIN, "SSH_CONNECTION", (*SSO, "--use-device-code")),
    (V2, SSO_LOGIN, "SSH_TTY", (*SSO, "--use-device-code")),
    ("aws-cli/2.22.0 Python/3.12", SSO_LOGIN, "SSH_TTY", (*SSO, "--use-device-code")),
    ("aws-cli/2.21.3 Python/3.12", SSO_LOGIN, "SSH_TTY", SSO),
    ("aws-cli/2.9.0 Python/3.11", SSO_LOGIN, "", SSO),
    ("aws-cli/2.32.1 Python/3.13", AWS_LOGIN, "", LOGIN),
    ("aws-cli/2.32.1 Python/3.13", AWS_LOGIN, "SSH_TTY", (*LOGIN, "--remote")),
]


@pytest.mark.parametrize("case", RUNS)
async def test_it_runs_the_command_that_this_cli_knows_and_goes_on(
    open_app: Open, cli: Cli, monkeypatch: pytest.MonkeyPatch, case: tuple[str, BrowserLogin, str, tuple[str, ...]]
) -> None:
    cli.version, login, variable, arguments = case
    if variable:
        monkeypatch.setenv(variable, "10.0.0.1 22 10.0.0.2 22")
    async with open_app(cli.without(needed(login))) as ctui:
        assert "SSO session expired" in ctui.text()
        await ctui.press("L")
        assert ctui.title("events").endswith("1 of 40")
        assert cli.ran == [arguments]


REFUSED: list[tuple[str | Exception, BrowserLogin, str, str]] = [
    ("aws-cli/1.46.2 Python/3.12", SSO_LOGIN, "AWS CLI too old", "version 1.46; `aws sso login` needs 2.0 or newer"),
    ("aws-cli/2.31.9 Python/3.13", AWS_LOGIN, "AWS CLI too old", "version 2.31; `aws login` needs 2.32 or newer"),
    ("usage: aws [subtitles]", SSO_LOGIN, "Not the AWS CLI", "`aws` is another program"),
    (FileNotFoundError(2, "No such file or directory"), SSO_LOGIN, "AWS CLI not started", "no such file"),
    (TimeoutError(), SSO_LOGIN, "AWS CLI does not answer", "did not answer within 20 s"),
]


@pytest.mark.parametrize("case", REFUSED, ids=[row[2] for row in REFUSED])
async def test_where_the_cli_cannot_do_it_that_is_said_with_what_to_do(
    open_app: Open, cli: Cli, case: tuple[str | Exception, BrowserLogin, str, str]
) -> None:
    cli.version, login, title, words = case
    async with open_app(cli.without(needed(login))) as ctui:
        await ctui.press("L")
        told = " ".join(next(notice for notice in ctui.notices() if title in notice).split())
        assert words in told
        assert "ctui goes on by itself" in told
        assert cli.ran == []


ENDS: list[tuple[int | Exception, str]] = [
    (255, "aws sso login was not completed · L try again"),
    (-2, "aws sso login was not completed · L try again"),
    (PermissionError(13, "Permission denied"), "`aws` cannot be run: permission denied."),
    (CtuiError("No terminal to give away", "It has none."), "No terminal to give away"),
]


@pytest.mark.parametrize(("code", "words"), ENDS)
async def test_a_command_that_fails_leaves_the_offer(
    open_app: Open, cli: Cli, code: int | Exception, words: str
) -> None:
    cli.code = code
    async with open_app(cli.without(needed())) as ctui:
        await ctui.press("L")
        assert any(words in " ".join(notice.split()) for notice in ctui.notices())
        cli.code = 0
        await ctui.press("L")
        assert ctui.title("events").endswith("1 of 40")
        assert cli.ran == [SSO, SSO]


async def test_it_is_not_run_once_the_login_was_made_in_another_terminal(
    open_app: Open, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(cli.without(needed())) as ctui:

        def made_meanwhile(_arguments: Sequence[str], _limit: float) -> str:
            cli.account.fail.clear()
            ctui.app.call_from_thread(ctui.session.reconnect)
            return V2

        monkeypatch.setattr(outside, "output_of", made_meanwhile)
        await ctui.press("L")
        assert ctui.title("events").endswith("1 of 40")
        assert cli.ran == []


async def test_made_in_another_terminal_it_goes_on_without_a_key(open_app: Open, cli: Cli) -> None:
    stored: list[str] = []
    async with open_app(cli.without(needed(renewed=lambda: bool(stored)))) as ctui:
        stored.append("a new token")
        cli.account.fail.clear()
        clock = ctui.session.clock
        clock.advance(1)  # type: ignore[attr-defined]
        ctui.session.login_watch.look()
        clock.advance(2)  # type: ignore[attr-defined]
        ctui.session.login_watch.look()
        await ctui.settle()
        assert ctui.title("events").endswith("1 of 40")
        assert ctui.notices() == []


async def test_the_login_of_another_account_is_named_and_made_too(cli: Cli) -> None:
    account = Service(events(40, EPOCH))
    session = Session(account, temporary_store, account.clock, other_logins=[OtherLogin("work", cli.without(needed()))])
    async with driving(CtuiApp(session, zone=UTC), session, WIDE) as ctui:
        await ctui.settle()
        (told,) = ctui.notices()
        assert told.startswith("work: SSO session expired")
        await ctui.press("L")
        assert cli.ran == [SSO]
        assert session.logins.state[0].error is None
        assert not any("SSO session expired" in notice for notice in ctui.notices())


async def test_a_login_that_several_profiles_share_is_asked_for_once(cli: Cli) -> None:
    logins = (("same", "/token"), ("other", "/another"), ("same as other", "/another"))
    others = [OtherLogin(name, FakeConnector(Service(), [needed(stored=stored)])) for name, stored in logins]
    working = cli.without(needed())
    session = Session(working, temporary_store, working.clock, other_logins=others)
    async with driving(CtuiApp(session, zone=UTC), session, WIDE) as ctui:
        await ctui.settle()
        told = sorted(notice.partition(" expired")[0] for notice in ctui.notices())
        assert told == ["SSO session", "other: SSO session"]


async def test_it_is_off_with_a_reason_where_no_login_in_a_browser_is_needed(open_app: Open, cli: Cli) -> None:
    async with open_app(cli.without(ExpiredLogin("credential_process failed", "It failed.", "Press r."))) as ctui:
        await ctui.press("L")
        assert "L: this login is not made in a browser; r retry" in ctui.notices()
        cli.account.fail.clear()
        await ctui.press("r", "L")
        assert "L: no login is needed" in ctui.notices()
        assert cli.ran == []
