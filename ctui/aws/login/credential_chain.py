"""The credential chain, made fit for a program that owns the terminal, and refreshed off the loop.

Only a thread imports this module: it loads botocore.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials, JSONFileCache, ReadOnlyCredentials, RefreshableCredentials

from ctui.aws.login.async_credentials import AsyncCredentials
from ctui.aws.login.calls import LoginCalls
from ctui.aws.login.credential_process import CredentialPrograms
from ctui.aws.login.sso_sessions import renew_in_turn
from ctui.errors import ExpiredLogin, NoCredentials
from ctui.model.values import dataclass
from ctui.threads import off_loop

CLI_CACHE = Path("~/.aws/cli/cache")
"""Where the AWS CLI keeps credentials of assumed roles. ctui shares it, so that a second start needs no MFA code."""


@dataclass(frozen=True, slots=True)
class LoginHelpers:
    """What a login needs from a full-screen program."""

    ask: Callable[[str], str] | None
    """Asks the person for an MFA code, on the login's thread. None if there is no way to ask."""
    programs: CredentialPrograms
    """Runs the credential_process of a profile."""
    calls: LoginCalls
    """Watches the calls of the login itself."""


def prepare_logins(core: Any, helpers: LoginHelpers) -> None:
    """Fit the credential chain of a botocore session to a full-screen program.

    Assumed roles and SSO use the AWS CLI's cache, all else the helpers. botocore has no public way to replace the
    prompter and Popen; tests/aws/login/test_login.py pins the private names used here.
    """
    chain = core.get_component("credential_provider")
    cache = JSONFileCache(str(CLI_CACHE.expanduser()))
    roles = chain.get_provider("assume-role")
    roles.cache = cache
    roles._prompter = partial(_code, helpers.ask, core.profile or "default")
    renew_in_turn(chain.get_provider("sso")).cache = cache

    chain.get_provider("custom-process")._popen = helpers.programs.run
    builder = roles._profile_provider_builder
    # It makes the providers of a role's source profile.
    builder._cache = cache
    make_process_provider = builder._create_process_provider

    def make_provider(profile_name: str) -> Any:
        provider = make_process_provider(profile_name)
        provider._popen = helpers.programs.run
        return provider

    builder._create_process_provider = make_provider
    make_sso_provider = builder._create_sso_provider
    builder._create_sso_provider = lambda profile_name: renew_in_turn(make_sso_provider(profile_name))
    helpers.calls.listen(core)


def _code(ask: Callable[[str], str] | None, profile: str, prompt: str) -> str:
    if ask is None:
        raise NoCredentials(
            "MFA code needed",
            f'Profile "{profile}" needs an MFA code, and there is no terminal to ask for it.',
            "Run the same command in a terminal once: later ones find the session in the AWS CLI's cache.",
        )
    code = ask(f"{prompt.rstrip(': ')}, profile {profile}:").strip()
    if not code:
        raise NoCredentials("No MFA code", "The login needs a code, and none was entered.", "Press r to try again.")
    return code


def frozen(credentials: Credentials) -> ReadOnlyCredentials:
    """Key, secret and token as they are now, refreshed if needed. Blocks. Raises what botocore raises.

    botocore raises a bare RuntimeError for new credentials that have already expired.
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


class OffLoopCredentials(AsyncCredentials):
    """Credentials of botocore for aiobotocore. A refresh runs in a thread."""

    def __init__(
        self,
        credentials: Credentials,
        explain: Callable[[Exception], Exception] = lambda error: error,
        patience: float = 45.0,
    ) -> None:
        """`explain` returns our error for a failed refresh. `patience` is the seconds that a refresh may take.

        It must be less than that of the call that needs the key: else that call would look unanswered by CloudTrail.
        """
        self._credentials = credentials
        self._explain = explain
        self._patience = patience

    @property
    def method(self) -> str:
        """The provider of the chain that returned them, as botocore names it ("env", "sso", …)."""
        return str(self._credentials.method)

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Key, secret and token to sign one request with. Raises our errors if a refresh fails or takes too long."""
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
