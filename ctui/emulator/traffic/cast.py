"""The actors of the sample account: people, machines and services, with the identities that records show."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from ctui.emulator.traffic.dice import Dice

BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
CLI = "aws-cli/2.31.18 md/awscrt#0.28.2 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.9 cfg/retry-mode#standard"
BOTO3 = "Boto3/1.41.2 md/Botocore#1.41.2 ua/2.1 os/linux#5.15.0 md/arch#x86_64 lang/python#3.12.3 cfg/retry-mode#legacy"
TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.13.5 (+https://www.terraform.io) terraform-provider-aws/6.21.0 "
    "aws-sdk-go-v2/1.39.6 ua/2.1 os/linux lang/go#1.24.8"
)
OFFICE_LONDON = "192.0.2.10"
OFFICE_NEW_YORK = "192.0.2.77"
FOREIGN = "203.0.113.66"
REGIONS = ("us-east-1", "eu-west-1")
"""The Regions with traffic at any hour, unless an account has others."""

Organization = tuple[tuple[str, tuple[str, ...]], ...]
"""Accounts of an organization, each with the Regions that have traffic."""


def stamp(second: int) -> str:
    """An epoch second as records write it."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller: its identity, address and user agent."""

    identity: Mapping[str, Any]
    ip: str
    agent: str
    console: bool = False

    def using(self, *, agent: str | None = None, ip: str | None = None) -> "Actor":
        """The same caller with another program or from another address."""
        return Actor(self.identity, ip or self.ip, agent or self.agent, self.console)

    @property
    def arn(self) -> str:
        """Its ARN, as error messages name it, or "" for a service."""
        return str(self.identity.get("arn", ""))


@dataclass(frozen=True, slots=True)
class Person:
    """A person who works in the account."""

    name: str
    offset: int
    """Hours from UTC."""
    region: str
    ip: str
    role: str | None
    """The name of the single sign-on role, or None for an IAM user."""
    agent: str
    console: bool
    mfa: bool
    pace: float
    """Tasks per hour of work."""


PEOPLE = (
    Person("alice", 0, "eu-west-1", OFFICE_LONDON, None, BROWSER, True, True, 3.0),
    Person("bob", -5, "us-east-1", OFFICE_NEW_YORK, None, CLI, False, False, 3.5),
    Person("carol@example.com", 1, "eu-west-1", "198.51.100.23", "DataAnalyst", BROWSER, True, True, 3.0),
    Person("dave", 5, "us-east-1", "198.51.100.204", None, BROWSER, True, False, 2.0),
    Person("erin@example.com", 0, "us-east-1", OFFICE_LONDON, "AdministratorAccess", TERRAFORM, False, True, 2.5),
    Person("jörg.weiß@example.com", 1, "eu-west-1", "198.51.100.61", "Developer", BROWSER, True, True, 2.5),
)


@dataclass(frozen=True)
class SampleAccount:
    """The sample account of one seed: its fixed names and identities."""

    seed: int
    account: str
    regions: tuple[str, ...] = REGIONS
    """The Regions with traffic at any hour."""
    organization: Organization = ()
    """The accounts through which the incident runs, in its order, with their Regions. Empty: this one alone."""
    names: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def sibling(self, account: str) -> "SampleAccount":
        """Another account of the organization, of the same seed."""
        return replace(self, account=account, regions=dict(self.organization)[account], names={})

    def dice(self, *names: str | int) -> Dice:
        """Random numbers for one purpose."""
        return Dice(self.seed, self.account, *names)

    def named(self, prefix: str, name: str) -> str:
        """A unique ID (AIDA…, AROA…, AKIA…, i-…, sg-…) that is always the same for a name."""
        key = f"{prefix}/{name}"
        if key not in self.names:
            dice = self.dice("id", prefix, name)
            made = dice.key_id(prefix) if prefix == "AKIA" else dice.principal(prefix) if prefix.isupper() else None
            self.names[key] = made or prefix + dice.hex(17)
        return self.names[key]

    @cached_property
    def instances(self) -> tuple[str, ...]:
        """The account's long-lived EC2 instances."""
        return tuple(self.named("i-0", f"web-{number}")[:19] for number in range(6))

    def user(self, name: str, ip: str, agent: str, *, session: tuple[int, bool] | None = None) -> Actor:
        """An IAM user with its own key, or in the console since (epoch second, with MFA)."""
        identity: dict[str, Any] = {
            "type": "IAMUser",
            "principalId": self.named("AIDA", name),
            "arn": f"arn:aws:iam::{self.account}:user/{name}",
            "accountId": self.account,
            "accessKeyId": self.named("AKIA", name),
            "userName": name,
        }
        if session:
            since, mfa = session
            identity["accessKeyId"] = self.dice("session", name, since).key_id("ASIA")
            identity["sessionContext"] = {
                "attributes": {"creationDate": stamp(since), "mfaAuthenticated": str(mfa).lower()}
            }
        return Actor(identity, ip, agent, console=session is not None)

    def root(self, since: int, ip: str) -> Actor:
        """The root user, signed in to the console with MFA."""
        identity = {
            "type": "Root",
            "principalId": self.account,
            "arn": f"arn:aws:iam::{self.account}:root",
            "accountId": self.account,
            "accessKeyId": self.dice("session", "root", since).key_id("ASIA"),
            "sessionContext": {"attributes": {"creationDate": stamp(since), "mfaAuthenticated": "true"}},
        }
        return Actor(identity, ip, BROWSER, console=True)

    def role(
        self,
        role: str,
        session: str,
        since: int,
        ip: str,
        agent: str,
        *,
        path: str = "",
        mfa: bool = False,
        invoked_by: str | None = None,
        console: bool = False,
    ) -> Actor:
        """A session of a role that started at an epoch second."""
        principal = self.named("AROA", role)
        identity: dict[str, Any] = {
            "type": "AssumedRole",
            "principalId": f"{principal}:{session}",
            "arn": f"arn:aws:sts::{self.account}:assumed-role/{role}/{session}",
            "accountId": self.account,
            "accessKeyId": self.dice("session", role, session, since).key_id("ASIA"),
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": principal,
                    "arn": f"arn:aws:iam::{self.account}:role/{path}{role}",
                    "accountId": self.account,
                    "userName": role,
                },
                "attributes": {"creationDate": stamp(since), "mfaAuthenticated": str(mfa).lower()},
            },
        }
        if invoked_by:
            identity["invokedBy"] = invoked_by
        return Actor(identity, ip, agent, console)


def service(name: str) -> Actor:
    """An AWS service acting on its own, such as "autoscaling"."""
    host = f"{name}.amazonaws.com"
    return Actor({"type": "AWSService", "invokedBy": host}, host, host)


def issued(actor: Actor) -> dict[str, object]:
    """What STS returns with the credentials of a role's session."""
    return {
        "credentials": {
            "accessKeyId": actor.identity["accessKeyId"],
            "sessionToken": "HIDDEN_DUE_TO_SECURITY_REASONS",
            "expiration": "HIDDEN_DUE_TO_SECURITY_REASONS",
        },
        "assumedRoleUser": {"assumedRoleId": actor.identity["principalId"], "arn": actor.arn},
    }
