"""The calls that a login makes, to STS, IAM Identity Center or a metadata service. Each has a name and a time limit.

Only a thread imports this module: it loads botocore.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError

from ctui.aws.errors.error_context import ErrorContext
from ctui.model.waiting import Waiting

_CONNECT_SECONDS = 10
_READ_SECONDS = 20
_TRIES = 2
LIMIT = float(_TRIES * (_CONNECT_SECONDS + _READ_SECONDS))
"""Seconds that such a call may take. botocore's own limits add up to more than five minutes."""
_SERVICES = {"sts": "STS", "sso": "IAM Identity Center (SSO)", "sso-oidc": "IAM Identity Center (SSO)"}
_PROVIDERS = {
    "iam-role": "checking for an instance metadata service",
    "container-role": "calling this container's credential endpoint",
}
"""Providers of the chain that do not use a botocore client, and what is shown while they run."""


_UNEXPECTED_ANSWER = (LookupError, TypeError, AttributeError)
"""What botocore raises for an answer that lacks members it relies on."""


class LoginCalls:
    """Watches the calls of a botocore session while it logs in or renews a login."""

    def __init__(self, waits: Callable[[Waiting | None], None]) -> None:
        """`waits` is called on the login's thread with what it waits for, and with None when the wait is over."""
        self._waits = waits
        self._service = self._action = ""
        self._failed: BaseException | None = None

    def listen(self, core: Any) -> None:
        """Watch and limit the calls of this botocore session from now on."""
        retries = {"total_max_attempts": _TRIES, "mode": "standard"}
        core.set_default_client_config(
            Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries=retries)
        )
        core.register("before-call", self._call_begins)
        core.register("after-call", self._call_ends)
        core.register("after-call-error", self._call_fails)
        for provider in core.get_component("credential_provider").providers:
            if what := _PROVIDERS.get(provider.METHOD):
                provider.load = self._reported(provider.load, Waiting(what))

    def error_context(self, error: BaseException, context: ErrorContext) -> ErrorContext:
        """The context of this error: that of the login's call if the call failed or was refused, else `context`."""
        if not self._service:
            return context
        refused = isinstance(error, ClientError) and error.operation_name == self._action
        if error is not self._failed and not refused and not isinstance(error, _UNEXPECTED_ANSWER):
            return context
        return replace(context, service=self._service, action=self._action, endpoint=None)

    def _call_begins(self, model: Any, params: dict[str, Any], **_: object) -> None:
        name = str(model.service_model.service_name)
        self._service = f"{_SERVICES.get(name, name)} at {urlsplit(params['url']).netloc}"
        self._action = str(model.name)
        self._waits(Waiting(f"calling {self._service} ({self._action})", LIMIT))

    def _call_ends(self, **_: object) -> None:
        self._waits(None)

    def _call_fails(self, exception: BaseException, **_: object) -> None:
        self._failed = exception
        self._waits(None)

    def _reported(self, load: Callable[[], Any], waiting: Waiting) -> Callable[[], Any]:
        def load_and_report() -> Any:
            self._waits(waiting)
            try:
                return load()
            finally:
                self._waits(None)

        return load_and_report
