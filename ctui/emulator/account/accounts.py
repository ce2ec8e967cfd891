"""Accounts: their keys, and what their trails can deliver to. `account_file` reads them."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

_AGE = r"^[0-9]{1,6}[smhdw]$"
INCIDENT = "incident"
"""In the account file: the time at which the incident of the sample traffic stops the trail."""
_AGE_OR_INCIDENT = r"^([0-9]{1,6}[smhdw]|incident)$"
_ACCOUNT_ID = r"^[0-9]{12}$"
_REGION = r"^[a-z]{2,}(-[a-z0-9]+)+$"
_PARTITION = r"^[a-z][a-z0-9-]*$"
_MFA_CODE = r"^[0-9]{6}$"
PATTERNS = {
    _AGE: "an age such as 30s, 5m, 3h, 7d or 2w",
    _AGE_OR_INCIDENT: 'an age such as 30s, 5m, 3h, 7d or 2w, or "incident"',
    _ACCOUNT_ID: "12 digits in quotes",
    _REGION: "a Region such as eu-west-1",
    _PARTITION: "a partition such as aws or aws-cn",
    _MFA_CODE: "six digits in quotes",
}
"""What each pattern of the account file requires, in words."""
Age = Annotated[str, msgspec.Meta(pattern=_AGE)]
AccountId = Annotated[str, msgspec.Meta(pattern=_ACCOUNT_ID)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
RegionName = Annotated[str, msgspec.Meta(pattern=_REGION, max_length=40)]
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the account file. An unknown key in it is an error."""

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells two of the same kind apart: their names, or IDs, and Regions."""
        return tuple(getattr(self, name, None) for name in ("region", "name", "id"))


class AccessKey(_Part, frozen=True, kw_only=True):
    """An access key and its identity: a user, a role session, or root if neither is named."""

    id: Name
    secret: Name
    user: Name | None = None
    role: Name | None = None
    session: Name = "session"
    session_token: Name | None = None
    """If set, calls must send it."""
    expires: datetime | None = None
    """When the session token expires."""
    deny: tuple[str, ...] = ()
    """Actions that are denied: "DeleteTrail", "sts:GetCallerIdentity", or "*"."""

    @property
    def role_name(self) -> str:
        """The role's name without its path, or "" if the key is not a role's."""
        return (self.role or "").rsplit("/", 1)[-1]


class MfaDevice(_Part, frozen=True, kw_only=True):
    """A virtual MFA device of a user. Its code is always the same."""

    user: Name
    code: Annotated[str, msgspec.Meta(pattern=_MFA_CODE)]


class Bucket(_Part, frozen=True, kw_only=True):
    """An S3 bucket. `policy` counts when a trail is set to it, `writes` when a file is delivered."""

    name: Name
    policy: Literal["good", "bad"] = "good"
    writes: Literal["accept", "refuse"] = "accept"


class Topic(_Part, frozen=True, kw_only=True):
    """An SNS topic."""

    name: Name
    region: RegionName
    policy: Literal["good", "bad"] = "good"
    writes: Literal["accept", "refuse"] = "accept"


class LogGroup(_Part, frozen=True, kw_only=True):
    """A CloudWatch Logs group."""

    name: Name
    region: RegionName
    writes: Literal["accept", "refuse"] = "accept"


class IamRole(_Part, frozen=True, kw_only=True):
    """An IAM role; `name` is its path and name. CloudTrail assumes it to deliver to CloudWatch Logs, or people do."""

    name: Name
    trust: Literal["good", "bad"] = "good"
    """Whether CloudTrail can assume it."""
    assumed_by: tuple[Name, ...] = ()
    """Who may assume it: account IDs, and ARNs of users and roles."""
    mfa: bool = False
    """True: only with MFA."""
    longest: Annotated[int, msgspec.Meta(ge=3600, le=43200)] = 3600
    """The most seconds that a session of it may last."""
    deny: tuple[str, ...] = ()
    """Actions that are denied to its sessions, as of an access key."""


class KmsKey(_Part, frozen=True, kw_only=True):
    """A KMS key, known by its id, its ARN, its alias or its alias's ARN."""

    id: Name
    region: RegionName
    alias: str | None = None
    enabled: bool = True
    policy: Literal["good", "bad"] = "good"


Resource = Bucket | Topic | LogGroup | IamRole | KmsKey
"""What a trail can deliver to, and what that needs."""


class SeededTrail(_Part, frozen=True, kw_only=True):
    """A trail that exists before the first call. Its times are ages at the emulator's first start."""

    name: Name
    region: RegionName
    bucket: Name
    prefix: str | None = None
    topic: str | None = None
    log_group: str | None = None
    """Name of a log group in the trail's Region."""
    role: str | None = None
    kms_key: str | None = None
    multi_region: bool = False
    global_events: bool = True
    validation: bool = False
    organization: bool = False
    insights: tuple[Literal["ApiCallRateInsight", "ApiErrorRateInsight"], ...] = ()
    """Which Insights it has had on since it was started: the incident of the sample traffic has events of them."""
    busy: bool = False
    """True: another change to it never ends, so writes get ConflictException."""
    started: Age | None = None
    """Age of its StartLogging, or None if it was never started."""
    stopped: Annotated[str, msgspec.Meta(pattern=_AGE_OR_INCIDENT)] | None = None
    """Age of its StopLogging, or "incident": the incident of the sample traffic stops it. None if it is logging."""


class Account(_Part, frozen=True, kw_only=True):
    """One AWS account."""

    id: AccountId
    partition: Annotated[str, msgspec.Meta(pattern=_PARTITION, max_length=40)] = "aws"
    organization: Literal["none", "management", "member"] = "none"
    management: AccountId | None = None
    """For a member: the account whose organization trails it sees."""
    traffic: bool = False
    """True if the sample traffic happens in this account."""
    traffic_regions: tuple[RegionName, ...] = ("us-east-1", "eu-west-1")
    """The Regions with traffic at any hour."""
    regions: tuple[RegionName, ...] = ()
    """The Regions that there are, with the disabled ones. Empty for all of the partition."""
    disabled_regions: tuple[RegionName, ...] = ()
    """Regions that must be opted in, and are not."""
    regions_without_logs: tuple[RegionName, ...] = ()
    """Regions where trails cannot deliver to CloudWatch Logs."""
    name: Name | None = None
    """Its name in AWS Organizations, or None for its ID."""
    permission_sets: tuple[Name, ...] = ()
    """What IAM Identity Center lets its user take here: names of permission sets."""
    keys: tuple[AccessKey, ...] = ()
    mfa_devices: tuple[MfaDevice, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    topics: tuple[Topic, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    roles: tuple[IamRole, ...] = ()
    kms_keys: tuple[KmsKey, ...] = ()
    trails: tuple[SeededTrail, ...] = ()

    def is_enabled(self, region: str) -> bool:
        """True if calls in that Region are answered."""
        return region not in self.disabled_regions and (not self.regions or region in self.regions)

    @property
    def email(self) -> str:
        """The address of its root user."""
        return f"aws+{self.id}@example.com"

    def having(self, resource: Resource) -> "Account":
        """The account with this resource, in place of one of the same name and Region."""
        name = _LISTS[type(resource)]
        others = tuple(one for one in getattr(self, name) if one.identity != resource.identity)
        return msgspec.structs.replace(self, **{name: (*others, resource)})

    def bucket(self, name: str) -> Bucket | None:
        """The bucket of that name, or None."""
        return next((bucket for bucket in self.buckets if bucket.name == name), None)

    def topic(self, arn: str) -> Topic | None:
        """The topic of that ARN, or None."""
        return next((topic for topic in self.topics if self.arn("sns", topic.region, topic.name) == arn), None)

    def log_group(self, arn: str) -> LogGroup | None:
        """The log group of that ARN, which ends in `:*`, or None."""
        return next((group for group in self.log_groups if self.log_group_arn(group.region, group.name) == arn), None)

    def target_arns(self) -> tuple[str, ...]:
        """The ARNs of all topics and log groups."""
        topics = (self.arn("sns", topic.region, topic.name) for topic in self.topics)
        return (*topics, *(self.log_group_arn(group.region, group.name) for group in self.log_groups))

    def mfa_device(self, serial: str) -> MfaDevice | None:
        """The MFA device of that serial number, which is an ARN, or None."""
        return next((one for one in self.mfa_devices if self.arn("iam", "", f"mfa/{one.user}") == serial), None)

    def role(self, arn: str) -> IamRole | None:
        """The role of that ARN, or None."""
        return next((role for role in self.roles if self.arn("iam", "", f"role/{role.name}") == arn), None)

    def arn(self, service: str, region: str, resource: str) -> str:
        """An ARN in this account and its partition."""
        return f"arn:{self.partition}:{service}:{region}:{self.id}:{resource}"

    def log_group_arn(self, region: str, name: str) -> str:
        """The ARN of a log group, as a trail names it."""
        return self.arn("logs", region, f"log-group:{name}:*")


_LISTS: dict[type[Resource], str] = {
    Bucket: "buckets",
    Topic: "topics",
    LogGroup: "log_groups",
    IamRole: "roles",
    KmsKey: "kms_keys",
}
"""Kind of resource -> the field of Account that lists it."""


class Portal(_Part, frozen=True, kw_only=True):
    """The access portal of IAM Identity Center, in which one person signs in."""

    start_url: Name
    region: RegionName
    person: Name


class World(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All accounts of an emulator. While it runs, an account that gets something is replaced by another."""

    accounts: Annotated[tuple[Account, ...], msgspec.Meta(min_length=1)]
    portal: Portal | None = None
    incident: tuple[AccountId, ...] = ()
    """The accounts through which the incident of the sample traffic runs, in its order. Empty: each has its own."""

    def account(self, account_id: str) -> Account:
        """The account of that ID. Raises StopIteration if there is none."""
        return next(account for account in self.accounts if account.id == account_id)

    @property
    def organization(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The accounts of the incident with the Regions that have traffic; empty if each has its own incident."""
        return tuple((account_id, self.account(account_id).traffic_regions) for account_id in self.incident)

    def find(self, account_id: str) -> Account | None:
        """The account of that ID, or None."""
        return next((account for account in self.accounts if account.id == account_id), None)

    def key(self, key_id: str) -> tuple[Account, AccessKey] | None:
        """(account, access key) of a key ID, or None."""
        return next(((account, key) for account in self.accounts for key in account.keys if key.id == key_id), None)


def seconds_of(age: str) -> int:
    """An age such as "200d", in seconds."""
    return int(age[:-1]) * _SECONDS[age[-1]]
