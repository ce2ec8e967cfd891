"""What a person asks for when connecting."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ctui.aws.login.credential_process import LIMIT
from ctui.model.waiting import Waiting


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """What was asked for; None leaves it to the AWS chain (environment, profile, container, instance)."""

    profile: str | None = None
    """Name of an AWS profile; with `isolated` only a label."""
    region: str | None = None
    endpoint_url: str | None = None
    access_key: str | None = None
    """With `secret_key`: use this key and ask the chain for none."""
    secret_key: str | None = None
    isolated: bool = False
    """True: no AWS_* variable, proxy variable or AWS file has a say. Needs region, endpoint and key."""
    mfa: Callable[[str], Awaitable[str]] | None = None
    """Asks a person for an MFA code, on the loop; None: nobody can be asked."""
    waits: Callable[[Waiting | None], None] | None = None
    """Hears, on the loop, what a login waits for, and None when that is over."""
    program_limit: float = LIMIT
    """Seconds a credential_process may take."""
    connect_timeout: float = 10.0
    """Seconds until a connection must stand."""
    read_timeout: float = 30.0
    """Seconds of silence after which an answer is given up."""
    patience: float = 60.0
    """Seconds a whole call may take."""
