"""A login that has succeeded: what signs calls, where they go, and gateways that make them.

Only a thread imports this module first: it loads botocore and aiobotocore.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession

from ctui import __version__
from ctui.aws.client import AwsGateway
from ctui.aws.errors.error_context import CredentialKind
from ctui.aws.login.async_credentials import AsyncCredentials, FixedProvider
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.transport import TracedSession
from ctui.errors import CtuiError
from ctui.model.connection import Connection
from ctui.model.endpoint import is_loopback
from ctui.model.event.calls.own import AGENT
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """A login that has succeeded."""

    connection: Connection
    kind: CredentialKind
    credentials: AsyncCredentials
    options: ConnectOptions
    make_session: Callable[[], AioSession]
    """A session with the settings of the login, and without its credentials."""
    endpoints: Mapping[str, str | None]
    """Service -> the URL at which it is asked, or None for AWS's own hosts."""
    partition: str
    known_regions: tuple[str, ...]
    explain: Callable[[Exception], CtuiError]
    """Our error for one that libraries raise while a client is made: of the configuration, too."""

    def prepared(self) -> AwsGateway:
        """A gateway with its first client made. Blocks for some milliseconds; raises errors of ours."""
        try:
            gateway = self.gateway()
            gateway.prepare()
        except Exception as error:
            raise self.explain(error) from error
        return gateway

    def gateway(self) -> AwsGateway:
        """A gateway of its own, which makes its clients when they are needed."""
        aio = self.make_session()
        aio.register_component("credential_provider", FixedProvider(self.credentials))

        def open_client(service: str, region: str) -> Any:
            endpoint = self.endpoints[service]
            # Plain HTTP needs no certificates, and must work with a broken AWS_CA_BUNDLE.
            verify = False if endpoint and endpoint.startswith("http:") else None
            return aio.create_client(
                service, region_name=region, endpoint_url=endpoint, verify=verify, config=self._config(endpoint)
            )

        return AwsGateway(self.connection, open_client, self.options.patience, self.kind, self.known_regions)

    def _config(self, endpoint: str | None) -> AioConfig:
        # These proxies win over those of the environment: a call to this machine uses none.
        proxies: dict[str, Any] = {"proxies": {}} if endpoint and is_loopback(endpoint) else {}
        return AioConfig(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=self.options.connect_timeout,
            read_timeout=self.options.read_timeout,
            user_agent_extra=f"{AGENT}{__version__}",
            http_session_cls=TracedSession,
            **proxies,
        )
