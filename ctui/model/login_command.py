"""The command of the AWS CLI that logs in again in a browser, and what has to be known of the CLI to run it.

Sources: AWS CLI reference, `aws sso login` and `aws login`; AWS Sign-In user guide, "Sign in through the AWS Command
Line Interface" (`aws login` needs 2.32.0); AWS CLI changelog, 2.22.0 (a browser on this machine became the default of
`aws sso login`, and `--use-device-code` the option for another one).
"""

import re
import shlex
from collections.abc import Callable
from typing import Final

from ctui.model.values import dataclass

Version = tuple[int, int]
"""Major and minor number of an AWS CLI."""
_VERSION: Final = re.compile(r"\baws-cli/(\d{1,6})\.(\d{1,6})")
PROGRAM: Final = "aws"


@dataclass(frozen=True, slots=True)
class BrowserLogin:
    """A way to log in with the AWS CLI and a browser."""

    words: tuple[str, ...]
    """The command, without the program."""
    since: Version
    """The first version that has it."""
    elsewhere: str
    """The option for a browser on another machine."""
    elsewhere_since: Version
    """The first version that has the option. Before it there was nothing else."""


SSO_LOGIN: Final = BrowserLogin(("sso", "login"), (2, 0), "--use-device-code", (2, 22))
AWS_LOGIN: Final = BrowserLogin(("login",), (2, 32), "--remote", (2, 32))


@dataclass(frozen=True, slots=True)
class LoginCommand:
    """A command that logs in again: `aws sso login` or `aws login`, for a profile."""

    login: BrowserLogin
    profile: str | None = None
    """The profile whose settings say where to log in; None is the default one."""

    @property
    def name(self) -> str:
        """The command without its options, as a person calls it."""
        return " ".join((PROGRAM, *self.login.words))

    @property
    def text(self) -> str:
        """The command as it is typed in a shell."""
        return shlex.join((PROGRAM, *self._arguments))

    def arguments(self, version: Version, *, elsewhere: bool) -> tuple[str, ...]:
        """The command as an argument list for an AWS CLI of this version, which must not be too old for it.

        `elsewhere`: the browser runs on another machine.
        """
        option = (self.login.elsewhere,) if elsewhere and version >= self.login.elsewhere_since else ()
        return (PROGRAM, *self._arguments, *option)

    @property
    def _arguments(self) -> tuple[str, ...]:
        return (*self.login.words, *(("--profile", self.profile) if self.profile else ()))


@dataclass(frozen=True, slots=True)
class LoginAgain:
    """How a login that ran out is made again."""

    command: LoginCommand
    stored: str
    """The file that the AWS CLI stores it in: profiles of one SSO session have the same login."""
    renewed: Callable[[], bool]
    """Whether the stored login is another one than when ctui began to use it. It looks at a file, so it may block."""


def cli_version(text: str) -> Version | None:
    """The version in what `aws --version` prints; None if that is not of an AWS CLI."""
    found = _VERSION.search(text)
    return None if found is None else (int(found[1]), int(found[2]))
