"""The options of a connection."""

from collections.abc import Awaitable, Callable

from ctui.aws.login.credential_process import LIMIT
from ctui.model.values import dataclass
from ctui.model.waiting import Waiting


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """What to connect to, and as whom. None leaves it to the AWS chain (environment, profile, container, instance)."""

    profile: str | None = None
    """Name of an AWS profile; only a label if `isolated`."""
    region: str | None = None
    endpoint_url: str | None = None
    access_key: str | None = None
    """With `secret_key`: use this key, not the credential chain."""
    secret_key: str | None = None
    isolated: bool = False
    """True: AWS_* variables, proxy variables and AWS files are ignored. Needs region, endpoint and key."""
    mfa: Callable[[str], Awaitable[str]] | None = None
    """Asks the person for an MFA code, on the loop. None if there is no way to ask."""
    waits: Callable[[Waiting | None], None] | None = None
    """Called on the loop with what a login waits for, and with None when the wait is over."""
    drawn: Callable[[], Awaitable[None]] | None = None
    """Returns when what is known without a connection is on the screen: AWS's libraries are imported behind that."""
    program_limit: float = LIMIT
    """Seconds a credential_process may take."""
    connect_timeout: float = 10.0
    """Seconds that opening a connection may take."""
    read_timeout: float = 30.0
    """Seconds without a byte after which a call fails."""
    patience: float = 60.0
    """Seconds a whole call may take."""
