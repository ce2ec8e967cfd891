"""The account file: which accounts there are, who may call, and what their trails can deliver to.

A TOML file, checked by msgspec; the built-in one is `builtin.toml` beside this module.
"""

from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ctui.errors import SettingsError

Age = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}[smhdw]$")]
AccountId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]
RegionName = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,}(-[a-z0-9]+)+$", max_length=40)]
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the account file: a key it does not know is a mistake worth telling."""


class AccessKey(_Part, frozen=True, kw_only=True):
    """An access key and the identity behind it: a user, a role session, or root where neither is named."""

    id: Name
    secret: Name
    user: str | None = None
    role: str | None = None
    session: str = "session"
    session_token: str | None = None
    """Where set, calls must carry it."""
    expires: datetime | None = None
    """When the session token runs out."""
    deny: tuple[str, ...] = ()
    """Actions that are denied: "DeleteTrail", "sts:GetCallerIdentity", or "*"."""


class Bucket(_Part, frozen=True, kw_only=True):
    """An S3 bucket. `policy` is judged when a trail is set to it, `writes` when a file is delivered."""

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


class Role(_Part, frozen=True, kw_only=True):
    """An IAM role for delivery to CloudWatch Logs; `name` is its path and name."""

    name: Name
    trust: Literal["good", "bad"] = "good"


class KmsKey(_Part, frozen=True, kw_only=True):
    """A KMS key, known by its id, its ARN, its alias or its alias's ARN."""

    id: Name
    region: RegionName
    alias: str | None = None
    enabled: bool = True
    policy: Literal["good", "bad"] = "good"


class SeededTrail(_Part, frozen=True, kw_only=True):
    """A trail that exists before the first call. Its times are ages, counted from the emulator's first start."""

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
    busy: bool = False
    """Another request is changing it and never ends: writes meet a ConflictException."""
    started: Age | None = None
    """Age of its StartLogging; absent: it was never started."""
    stopped: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{1,6}[smhdw]|incident)$")] | None = None
    """Age of its StopLogging, or the moment at which the sample traffic's incident stops it; absent: it logs."""


class Account(_Part, frozen=True, kw_only=True):
    """One AWS account."""

    id: AccountId
    partition: Name = "aws"
    organization: Literal["none", "management", "member"] = "none"
    management: AccountId | None = None
    """Of a member: the account whose organisation trails it sees."""
    traffic: bool = False
    """Whether the sample traffic happens here."""
    disabled_regions: tuple[RegionName, ...] = ()
    regions_without_logs: tuple[RegionName, ...] = ()
    """Regions where trails cannot deliver to CloudWatch Logs."""
    keys: tuple[AccessKey, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    topics: tuple[Topic, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    roles: tuple[Role, ...] = ()
    kms_keys: tuple[KmsKey, ...] = ()
    trails: tuple[SeededTrail, ...] = ()

    def bucket(self, name: str) -> Bucket | None:
        """The bucket of that name."""
        return next((bucket for bucket in self.buckets if bucket.name == name), None)

    def topic(self, arn: str) -> Topic | None:
        """The topic of that ARN."""
        return next((topic for topic in self.topics if self.arn("sns", topic.region, topic.name) == arn), None)

    def log_group(self, arn: str) -> LogGroup | None:
        """The log group of that ARN, which ends in `:*`."""
        return next((group for group in self.log_groups if self.log_group_arn(group.region, group.name) == arn), None)

    def role(self, arn: str) -> Role | None:
        """The role of that ARN."""
        return next((role for role in self.roles if self.arn("iam", "", f"role/{role.name}") == arn), None)

    def arn(self, service: str, region: str, resource: str) -> str:
        """An ARN in this account and its partition."""
        return f"arn:{self.partition}:{service}:{region}:{self.id}:{resource}"

    def log_group_arn(self, region: str, name: str) -> str:
        """The ARN under which a trail names a log group."""
        return self.arn("logs", region, f"log-group:{name}:*")


class World(_Part, frozen=True, kw_only=True):
    """All accounts, side by side."""

    accounts: Annotated[tuple[Account, ...], msgspec.Meta(min_length=1)]

    def account(self, account_id: str) -> Account:
        """The account of that id; KeyError where there is none."""
        return next(account for account in self.accounts if account.id == account_id)

    def key(self, key_id: str) -> tuple[Account, AccessKey] | None:
        """The access key of that id and its account."""
        return next(((account, key) for account in self.accounts for key in account.keys if key.id == key_id), None)


def seconds_of(age: str) -> int:
    """An age such as "200d", in seconds."""
    return int(age[:-1]) * _SECONDS[age[-1]]


def print_account() -> str:
    """The text of the built-in account file."""
    return resources.files("ctui.emulator").joinpath("builtin.toml").read_text("utf-8")


def read_world(path: Path | None) -> World:
    """The accounts of a file, or the built-in ones. Raises SettingsError naming file, key and reason."""
    name = "the built-in account file" if path is None else str(path)
    try:
        text = print_account() if path is None else path.read_text("utf-8")
        world = msgspec.toml.decode(text, type=World)
    except OSError as failure:
        raise SettingsError("Account file", f"{name}: {failure.strerror or failure}") from failure
    except (msgspec.DecodeError, UnicodeDecodeError) as failure:
        raise SettingsError(
            "Account file", f"{name}: {failure}", "`ctui emulator --print-account` shows a whole one."
        ) from failure
    for complaint in _complaints(world):
        raise SettingsError("Account file", f"{name}: {complaint}")
    return world


def without_known_keys(world: World) -> World:
    """The accounts without the keys everybody can read in the built-in file, for an emulator others can reach.

    Raises SettingsError where no key is left.
    """
    known = {(key.id, key.secret) for account in read_world(None).accounts for key in account.keys}
    accounts = tuple(
        msgspec.structs.replace(account, keys=tuple(key for key in account.keys if (key.id, key.secret) not in known))
        for account in world.accounts
    )
    if not any(account.keys for account in accounts):
        raise SettingsError(
            "Remote callers need keys of their own",
            "the built-in keys are known to everybody and are refused with --allow-remote.",
            "Write an account file with a key of yours and pass it as --account.",
        )
    return World(accounts=accounts)


def _complaints(world: World) -> list[str]:
    """What the shape of the file cannot say: names that are given twice, or that point nowhere."""
    found = _doubles("accounts: id", [account.id for account in world.accounts])
    found += _doubles("keys: id", [key.id for account in world.accounts for key in account.keys])
    for account in world.accounts:
        where = f"account {account.id}"
        found += _doubles(f"{where}, buckets: name", [bucket.name for bucket in account.buckets])
        found += _doubles(f"{where}, trails: name", [f"{trail.region}/{trail.name}" for trail in account.trails])
        managers = {one.id for one in world.accounts if one.organization == "management"}
        if (account.organization == "member") != (account.management is not None):
            found.append(f"{where}: a member, and only a member, names its management account")
        elif account.management is not None and account.management not in managers:
            found.append(f'{where}: management {account.management} is no account with organization = "management"')
        for key in account.keys:
            if key.user and key.role:
                found.append(f"{where}, keys: {key.id!r} has both user and role")
            if key.expires is not None and key.expires.tzinfo is None:
                found.append(f"{where}, keys: {key.id!r}: expires needs a time zone, as in 2030-01-01T00:00:00Z")
        for trail in account.trails:
            if account.bucket(trail.bucket) is None:
                found.append(f"{where}, trails: {trail.name!r}: bucket {trail.bucket!r} is not among the buckets")
    return found


def _doubles(what: str, names: list[str]) -> list[str]:
    return [f"{what} {name!r} is given twice" for name in sorted({n for n in names if names.count(n) > 1})]
