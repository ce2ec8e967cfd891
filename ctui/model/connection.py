"""Where questions go, and as whom: connection, identity, scope."""

from dataclasses import dataclass

PROVISIONAL_PREFIX = "?"
"""An account that starts with this is a stand-in, until the real one is learned."""


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
