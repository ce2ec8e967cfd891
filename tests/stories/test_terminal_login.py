"""Logins in a real terminal, over the emulator's three accounts: the AWS CLI gets the terminal, and gives it back."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from support import fake_aws
from support.real_terminal import ENTER, ESCAPE, Terminal, assert_left_as_it_was, is_gone, opened

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as only Linux can")
SSO = "production-sso-AuditRead"
INTERRUPT = "\x03"
HANGS = (
    '#!/bin/sh\n[ "$1" = --version ] && echo aws-cli/2.31.18 && exit\necho waiting for the browser\nexec sleep 600\n'
)


@pytest.fixture(scope="module")
def three_accounts() -> Iterator[CloudTrail]:
    """The emulator's organization, without traffic."""
    with running(EmulatorOptions(organization=True, lookup_rate=PLENTY, traffic=False)) as emulator:
        yield emulator


class Desk:
    """A person's machine: a home, an AWS CLI, and the profiles of the organization."""

    def __init__(self, folder: Path, emulator: CloudTrail) -> None:
        self._folder = folder
        self._bin = folder / "bin"
        self._bin.mkdir()
        self.command = fake_aws.put_on_path(self._bin)
        self.log = folder / "calls"
        self.environment = {
            **emulator.environment,
            "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
            "FAKE_AWS_LOG": str(self.log),
        }

    def ctui(self, profile: str, variables: Mapping[str, str] = {}) -> AbstractContextManager[Terminal]:
        """ctui with this profile, in a terminal."""
        return opened(self._folder, ("--profile", profile), environment={**self.environment, **variables})

    def aws(self, *arguments: str) -> None:
        """Run the AWS CLI in another terminal."""
        home = {"HOME": str(self._folder / "home")}
        subprocess.run([self.command, *arguments], check=True, capture_output=True, env={**self.environment, **home})


@pytest.fixture
def desk(tmp_path: Path, three_accounts: CloudTrail) -> Desk:
    return Desk(tmp_path, three_accounts)


def test_the_cli_gets_the_terminal_and_ctui_goes_on_behind_it(desk: Desk) -> None:
    with desk.ctui(SSO, {"SSH_TTY": "/dev/pts/9"}) as terminal:
        terminal.wait_for(f"Press L to run `aws sso login --profile {SSO}`")
        terminal.press("L")
        terminal.wait_for("EMUL-ATOR")
        terminal.wait_for("Successfully logged into Start URL")
        terminal.wait_for("own call")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)
    assert fake_aws.calls(desk.log) == [["--version"], ["sso", "login", "--profile", SSO, "--use-device-code"]]


def test_what_a_command_says_that_fails_stands_until_enter(desk: Desk) -> None:
    with desk.ctui(SSO, {"FAKE_AWS_FAILS": "The person declined."}) as terminal:
        terminal.wait_for("Press L to run")
        terminal.press("L")
        terminal.wait_for("The person declined.")
        terminal.wait_for("It ended with exit code 255. Press enter to go back to ctui.")
        terminal.press(ENTER)
        terminal.wait_for("was not completed")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)


def test_ctrl_c_cancels_the_command_alone_and_another_terminal_may_log_in(desk: Desk) -> None:
    desk.command.write_text(HANGS)
    with desk.ctui(SSO) as terminal:
        terminal.wait_for("Press L to run")
        terminal.press("L")
        terminal.wait_for("waiting for the browser")
        terminal.press(INTERRUPT)
        terminal.wait_for("was not completed")
        fake_aws.put_on_path(desk.command.parent)
        desk.aws("sso", "login", "--profile", SSO)
        terminal.wait_for("own call")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)


def test_told_to_end_meanwhile_it_ends_the_command_too(desk: Desk) -> None:
    desk.command.write_text(HANGS.replace("echo waiting", f"echo $$ > {desk.log}; echo waiting"))
    with desk.ctui(SSO) as terminal:
        terminal.wait_for("Press L to run")
        terminal.press("L")
        terminal.wait_for("waiting for the browser")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)
        assert is_gone(int(desk.log.read_text()))


def test_an_mfa_code_is_asked_for_in_a_box_until_it_is_right_and_a_second_start_asks_for_none(desk: Desk) -> None:
    with desk.ctui("dev-AuditWithMfa") as terminal:
        terminal.wait_for("MFA code")
        terminal.press(ESCAPE)
        terminal.wait_for("Login canceled")
        terminal.press("r")
        terminal.wait_for("enter send")
        terminal.press("9", "9", "9", "9", "9", "9", ENTER)
        terminal.wait_for("MFA code not accepted")
        terminal.press("r")
        terminal.wait_for("enter send")
        terminal.press("1", "2", "3", "4", "5", "6", ENTER)
        terminal.wait_for("own call")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert b"123456" not in terminal.heard
