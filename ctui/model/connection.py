"""Where questions go, and as whom: connection, identity, scope."""

from dataclasses import dataclass, field

PROVISIONAL_PREFIX = "?"
"""An account that starts with this is a stand-in, until the real one is learned."""


@dataclass(frozen=True, slots=True)
class LoginTrace:
    """What is known of a login before the service has said which account it leads to."""

    account: str | None = None
    """The account that the profile's settings name (role_arn, sso_account_id): the login can lead to no other."""
    key_id: str | None = field(default=None, repr=False)
    """The access key id, once it is known: of one account for ever."""
    settings: str = ""
    """A digest of the settings that decide the login; "" where there are none."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What was resolved before the first call."""

    profile: str | None
    """Name of the AWS profile, None where the chain used none."""
    region: str
    """The working Region."""
    endpoint: str | None
    """Endpoint URL where one was given, None for AWS's own hosts."""
    origin: str
    """The partition for AWS's own hosts ("aws", "aws-cn", …), else the endpoint URL: part of an event's identity."""
    login: LoginTrace = field(default=LoginTrace(), compare=False, repr=False)
    """What is known of the login so far."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the service says we are (sts:GetCallerIdentity)."""

    account: str
    """Twelve digits."""
    arn: str
    """ARN of the caller."""


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """One account and Region of one origin: what a scan walks and a bucket paces."""

    origin: str
    account: str
    region: str

    @property
    def provisional(self) -> bool:
        """True until the account behind these credentials is known."""
        return self.account.startswith(PROVISIONAL_PREFIX)
