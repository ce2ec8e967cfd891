"""The calls that a login itself makes, to STS, IAM Identity Center or a metadata service: each named and limited.

Only a thread imports this module: it loads botocore.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config

from ctui.aws.errors.error_context import ErrorContext
from ctui.model.waiting import Waiting

_CONNECT_SECONDS = 10
_READ_SECONDS = 20
_TRIES = 2
LIMIT = float(_TRIES * (_CONNECT_SECONDS + _READ_SECONDS))
"""Seconds after which such a call is given up; botocore's own limits come to five minutes and more."""
_SERVICES = {"sts": "STS", "sso": "IAM Identity Center (SSO)", "sso-oidc": "IAM Identity Center (SSO)"}
_PROVIDERS = {
    "iam-role": "checking for an instance metadata service",
    "container-role": "calling this container's credential endpoint",
}
"""Providers of the chain that ask by other means than a client of botocore's."""


_STUMBLES = (LookupError, TypeError, AttributeError)
"""What botocore raises over an answer that lacks what it takes for granted."""


class LoginCalls:
    """Hears what a botocore session calls while it logs in or renews a login."""

    def __init__(self, waits: Callable[[Waiting | None], None]) -> None:
        """`waits` hears, in the thread of the login, what is waited for, and None when that is over."""
        self._waits = waits
        self._place = self._action = ""
        self._failed: BaseException | None = None

    def listen(self, core: Any) -> None:
        """Name and limit the calls of this botocore session from now on."""
        retries = {"total_max_attempts": _TRIES, "mode": "standard"}
        core.set_default_client_config(
            Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries=retries)
        )
        core.register("before-call", self._begins)
        core.register("after-call", self._ends)
        core.register("after-call-error", self._fails)
        for provider in core.get_component("credential_provider").providers:
            if what := _PROVIDERS.get(provider.METHOD):
                provider.load = self._named(provider.load, Waiting(what))

    def error_context(self, error: BaseException, context: ErrorContext) -> ErrorContext:
        """`context`, with the service that was called in place of CloudTrail where its call is what failed."""
        stumbled = bool(self._place) and isinstance(error, _STUMBLES)
        if error is not self._failed and not stumbled:
            return context
        return replace(context, place=self._place, action=self._action, endpoint=None)

    def _begins(self, model: Any, params: dict[str, Any], **_: object) -> None:
        service = str(model.service_model.service_name)
        self._place = f"{_SERVICES.get(service, service)} at {urlsplit(params['url']).netloc}"
        self._action = str(model.name)
        self._waits(Waiting(f"calling {self._place} ({self._action})", LIMIT))

    def _ends(self, **_: object) -> None:
        self._waits(None)

    def _fails(self, exception: BaseException, **_: object) -> None:
        self._failed = exception
        self._waits(None)

    def _named(self, load: Callable[[], Any], waiting: Waiting) -> Callable[[], Any]:
        def named() -> Any:
            self._waits(waiting)
            try:
                return load()
            finally:
                self._waits(None)

        return named
