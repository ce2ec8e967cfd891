"""Credentials: the chain's logins made fit for a program that owns the terminal, and refreshed off the loop.

Only a thread imports this module: it loads botocore.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials, JSONFileCache, ReadOnlyCredentials, RefreshableCredentials

from ctui.aws.login.calls import LoginCalls
from ctui.aws.login.credential_process import CredentialPrograms
from ctui.aws.threads import off_loop
from ctui.errors import ExpiredLogin, NoCredentials

CLI_CACHE = Path("~/.aws/cli/cache")
"""Where the AWS CLI keeps the credentials of assumed roles; shared, so that a second start asks for no code."""


@dataclass(frozen=True, slots=True)
class Helpers:
    """What a login needs of a full-screen program."""

    ask: Callable[[str], str] | None
    """Puts an MFA prompt to a person, on the login's thread; None: nobody can be asked."""
    programs: CredentialPrograms
    """Runs what a profile names as its credential_process."""
    calls: LoginCalls
    """Names what the login itself calls."""


def prepare_logins(core: Any, helpers: Helpers) -> None:
    """Fit the credential chain of a botocore session to a full-screen program.

    Assumed roles and SSO credentials come from and go to the AWS CLI's cache, all else through the helpers. botocore
    offers no public way to the prompter and to Popen; the tests in tests/aws/login/test_login.py hold the private names
    used here.
    """
    chain = core.get_component("credential_provider")
    cache = JSONFileCache(str(CLI_CACHE.expanduser()))
    roles = chain.get_provider("assume-role")
    roles.cache = cache
    roles._prompter = partial(_code, helpers.ask)
    chain.get_provider("sso").cache = cache

    chain.get_provider("custom-process")._popen = helpers.programs.run
    builder = roles._profile_provider_builder
    make_process_provider = builder._create_process_provider

    def make_provider(profile_name: str) -> Any:
        provider = make_process_provider(profile_name)
        provider._popen = helpers.programs.run
        return provider

    builder._create_process_provider = make_provider
    helpers.calls.listen(core)


def _code(ask: Callable[[str], str] | None, prompt: str) -> str:
    if ask is None:
        raise NoCredentials("MFA code needed", "This profile needs an MFA code, and ctui cannot ask for one here.")
    code = ask(prompt).strip()
    if not code:
        raise NoCredentials("No MFA code", "The login needs a code, and none was entered.", "Press r to try again.")
    return code


def frozen(credentials: Credentials) -> ReadOnlyCredentials:
    """Key, secret and token as they are now, refreshed where needed; blocks. Raises what botocore raises.

    botocore has a bare RuntimeError for new credentials that are over already.
    """
    try:
        return credentials.get_frozen_credentials()
    except RuntimeError as error:
        if "expired" not in str(error):
            raise
        raise ExpiredLogin(
            "Login already expired",
            "The login returned credentials that have already expired.",
            "Check this machine's clock; log in again in another terminal, then press r.",
        ) from error


class OffLoopCredentials:
    """Credentials as aiobotocore asks for them; whatever has to be refreshed is refreshed in a thread."""

    def __init__(
        self,
        credentials: Credentials,
        explain: Callable[[Exception], Exception] = lambda error: error,
        patience: float = 45.0,
    ) -> None:
        """`explain` gives our error for what stopped a refresh, `patience` the seconds it may take.

        They end before those of the call that needs the key: that one would be told as a silence of CloudTrail.
        """
        self._credentials = credentials
        self._explain = explain
        self._patience = patience

    @property
    def method(self) -> str:
        """Which provider of the chain gave them, in botocore's words ("env", "sso", …)."""
        return str(self._credentials.method)

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Key, secret and token to sign one request with. Raises our errors where a refresh fails or takes too long."""
        if not isinstance(self._credentials, RefreshableCredentials):
            return frozen(self._credentials)
        try:
            async with asyncio.timeout(self._patience) as limit:
                return await off_loop(lambda: frozen(self._credentials), "ctui-refresh")
        except Exception as error:
            if not limit.expired():
                raise self._explain(error) from error
            raise ExpiredLogin(
                "Login not renewed in time",
                f"The key must be renewed, and the login ({self.method}) returned no new one within "
                f"{self._patience:.0f} s.",
                "Log in again in another terminal, then press r.",
            ) from error

    async def get_account_id(self) -> str | None:
        """The account, where the provider knows it: an endpoint may be made from it."""
        account: str | None = (await self.get_frozen_credentials()).account_id
        return account

    def get_deferred_property(self, name: str) -> Callable[[], Awaitable[Any]]:
        """What gives one of the frozen credentials' fields when called and awaited."""

        async def value() -> Any:
            return getattr(await self.get_frozen_credentials(), name, None)

        return value


class FixedProvider:
    """The one credential provider of an aiobotocore session: hands out what the chain has found already."""

    def __init__(self, credentials: OffLoopCredentials) -> None:
        self._credentials = credentials

    async def load_credentials(self) -> OffLoopCredentials:
        """The credentials."""
        return self._credentials
