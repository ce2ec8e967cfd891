"""Where calls go and as whom: connection, identity, scope."""

from collections.abc import Collection
from dataclasses import field

from ctui.model.values import dataclass

PROVISIONAL_PREFIX = "?"
"""An account with this prefix is a placeholder until the real account is known."""
FILES = "files:"
"""What the origin of a tree of log files begins with; its absolute path follows."""
ANY = "*"
"""The account and the Region of a scope that has events of any."""


@dataclass(frozen=True, slots=True)
class LoginTrace:
    """What is known of a login before the service has said which account it is."""

    account: str | None = None
    """The account in the profile's settings (role_arn, sso_account_id); the login cannot be to another."""
    key_id: str | None = field(default=None, repr=False)
    """The access key ID, once it is known. A key belongs to one account forever."""
    settings: str = ""
    """A digest of the settings that decide the login; "" if there are none."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What is resolved before the first call."""

    profile: str | None
    """Name of the AWS profile, or None if the credential chain used none."""
    region: str
    """The working Region."""
    endpoint: str | None
    """The endpoint URL from the settings, or None for AWS's own hosts."""
    origin: str
    """The partition for AWS's own hosts ("aws", "aws-cn", …), else the endpoint URL: part of an event's identity."""
    login: LoginTrace = field(default=LoginTrace(), compare=False, repr=False)
    """What is known of the login before the first answer."""

    @property
    def in_files(self) -> bool:
        """True if there is no service: events are those of log files alone."""
        return self.origin.startswith(FILES)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are according to the service (sts:GetCallerIdentity)."""

    account: str
    """Twelve digits."""
    arn: str
    """ARN of the caller."""


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One account and Region of one origin. Each scope has its own scan and its own rate limit."""

    origin: str
    account: str
    region: str

    @property
    def provisional(self) -> bool:
        """True until the account of these credentials is known."""
        return self.account.startswith(PROVISIONAL_PREFIX)

    @property
    def in_files(self) -> bool:
        """True for a tree of log files: all of it is here, and there is no service to ask."""
        return self.origin.startswith(FILES)


def files_scope(path: str) -> Scope:
    """The scope of the tree of log files at an absolute path."""
    return Scope(FILES + path, ANY, ANY)


def scope_names(scopes: Collection[Scope]) -> dict[Scope, str]:
    """What to call each of these scopes among the others: by its Region, and by its account if there are several; log
    files by their path."""
    several = len({scope.account for scope in scopes if not scope.in_files}) > 1

    def name(scope: Scope) -> str:
        if scope.in_files:
            return scope.origin.removeprefix(FILES)
        return f"{scope.account} {scope.region}" if several else scope.region

    return {scope: name(scope) for scope in scopes}
