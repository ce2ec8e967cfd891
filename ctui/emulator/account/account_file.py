"""The account file: reads it, and checks it against what a real account can have.

A TOML file, read by ctui.parsing and typed by msgspec. The built-in one is `builtin.toml` in this folder.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import msgspec

from ctui.emulator.account.accounts import (
    INCIDENT,
    PATTERNS,
    AccessKey,
    Account,
    Resource,
    SeededTrail,
    World,
    seconds_of,
)
from ctui.emulator.account.names import ARN_PREFIX, broken
from ctui.emulator.account.trails import MAX_TRAILS
from ctui.emulator.actions import ACTIONS
from ctui.errors import SettingsError
from ctui.model.rules.rule import Field
from ctui.parsing import Unreadable, convert, parse_toml, read_toml, shortened

SIGNED_ELSEWHERE = {
    "sts": ("GetCallerIdentity", "AssumeRole", "GetSessionToken"),
    "organizations": ("ListAccounts",),
    "account": ("ListRegions", "GetRegionOptStatus"),
    "ec2": ("DescribeRegions",),
}
"""Service -> its actions here that a key can be denied, as those of CloudTrail."""
_DENIABLE = {"*"} | {
    text
    for service, actions in {"cloudtrail": tuple(ACTIONS), **SIGNED_ELSEWHERE}.items()
    for action in actions
    for text in (action, f"{service}:{action}", f"{service}:*")
}
_OLDEST = 100 * 366 * 86400
"""Seconds. A century is long enough, and stays within the years that a date can have."""
_LONGEST_COMPLAINT = 300
"""Characters of a problem in a message: names in it may have thousands."""
_INCIDENT_ACCOUNTS = 3
"""An incident across accounts runs through so many."""
_TRAFFIC_PAST = 7 * 86400
"""Seconds of sample traffic before the start. The incident happens within them."""


def print_account(*, organization: bool = False) -> str:
    """The text of the built-in account file, or of that of the built-in organization."""
    name = "organization.toml" if organization else "builtin.toml"
    return resources.files("ctui.emulator.account").joinpath(name).read_text("utf-8")


def read_world(path: Path | None, *, organization: bool = False) -> World:
    """The accounts of a file, or the built-in ones. Raises SettingsError naming file, key and reason."""
    name = "the built-in account file" if path is None else str(path)
    try:
        text = print_account(organization=organization)
        table = parse_toml(text) if path is None else read_toml(path, any_file=True)
        world = convert(table, World, PATTERNS)
    except FileNotFoundError as failure:
        raise SettingsError("Account file", f"{name} does not exist.", "Check --account.") from failure
    except Unreadable as failure:
        raise SettingsError(
            "Account file",
            f"{name}: {shortened(str(failure), _LONGEST_COMPLAINT)}.",
            "`ctui emulator --print-account` shows a complete one.",
        ) from failure
    check_world(world, name)
    return world


def check_world(world: World, name: str = "accounts") -> None:
    """Raises SettingsError for what no real accounts can have, such as an invalid name, or one that appears twice.

    The message begins with `name`.
    """
    for problem in _problems(world):
        raise SettingsError("Account file", f"{name}: {shortened(problem, _LONGEST_COMPLAINT)}")


def check_resource(resource: Resource) -> None:
    """Raises SettingsError for a value that the account file could not have, such as an unknown policy."""
    try:
        convert(msgspec.to_builtins(resource), type(resource), PATTERNS)
    except Unreadable as failure:
        raise SettingsError("Account file", shortened(str(failure), _LONGEST_COMPLAINT)) from failure


def without_known_keys(world: World) -> World:
    """The accounts without what strangers could use, for an emulator that other machines can reach.

    That are the public keys of the built-in files, and the portal, where no one has to prove who they are.
    Raises SettingsError if no key is left.
    """
    built_in = (read_world(None), read_world(None, organization=True))
    known = {(key.id, key.secret) for one in built_in for account in one.accounts for key in account.keys}
    accounts = tuple(
        msgspec.structs.replace(account, keys=tuple(key for key in account.keys if (key.id, key.secret) not in known))
        for account in world.accounts
    )
    if not any(account.keys for account in accounts):
        raise SettingsError(
            "Remote access needs your own keys",
            "the built-in keys are public, and are rejected with --allow-remote.",
            "Write an account file with your own key, and pass it with --account.",
        )
    return msgspec.structs.replace(world, accounts=accounts, portal=None)


def _problems(world: World) -> Iterator[str]:
    """Problems that types do not catch: invalid names, names that appear twice, names of things that do not exist."""
    yield from _doubles("accounts: id", (account.id for account in world.accounts))
    yield from _doubles("keys: id", (key.id for account in world.accounts for key in account.keys))
    # Bucket names are unique across accounts.
    yield from _doubles("buckets: name", (bucket.name for account in world.accounts for bucket in account.buckets))
    managers = {one.id for one in world.accounts if one.organization == "management"}
    if world.incident and len(set(world.incident)) != _INCIDENT_ACCOUNTS:
        yield f"incident: must name {_INCIDENT_ACCOUNTS} accounts"
    for account_id in world.incident:
        if world.find(account_id) is None:
            yield f"incident: {account_id} is not among the accounts"
    for account in world.accounts:
        for problem in _account_problems(account, managers):
            yield f"account {account.id}{problem}"


def _account_problems(account: Account, managers: set[str]) -> Iterator[str]:
    if (account.organization == "member") != (account.management is not None):
        yield ": management is required for a member, and only for a member"
    elif account.management is not None and account.management not in managers:
        yield f': management {account.management} is not an account with organization = "management"'
    for key in account.keys:
        for reason in _key_problems(key):
            yield f", keys: {key.id!r} {reason}"
    users = {key.user for key in account.keys}
    for device in account.mfa_devices:
        if device.user not in users:
            yield f", mfa_devices: {device.user!r} is not the user of a key"
    yield from _doubles(", mfa_devices: user", (device.user for device in account.mfa_devices))
    for role in account.roles:
        for action in role.deny:
            if action not in _DENIABLE:
                yield f", roles: {role.name!r} has deny with {action!r}, which is not an action here"
    yield from _target_problems(account)
    yield from _doubles(", trails: region/name", (f"{trail.region}/{trail.name}" for trail in account.trails))
    # Shadow trails are not counted here: the same file serves the 2015 edition, which has none.
    for region, count in Counter(trail.region for trail in account.trails).items():
        if count > MAX_TRAILS:
            yield f", trails: {region} has {count}; a Region can have {MAX_TRAILS}"
    for trail in account.trails:
        for reason in (*_trail_problems(trail), *_reference_problems(account, trail), *_time_problems(trail)):
            yield f", trails: {trail.name!r}: {reason}"


def _key_problems(key: AccessKey) -> Iterator[str]:
    if key.user and key.role:
        yield "has both user and role"
    if key.expires is not None and key.expires.tzinfo is None:
        yield "has expires without a time zone; write it as 2030-01-01T00:00:00Z"
    if key.expires is not None and key.session_token is None:
        yield "has expires, but no session_token"
    for action in key.deny:
        if action not in _DENIABLE:
            yield f"has deny with {action!r}, which is not an action here"


def _target_problems(account: Account) -> Iterator[str]:
    """Problems of buckets, topics, log groups, roles and keys: invalid names, and names that appear twice."""
    named = [
        *(("buckets", bucket.name, Field.BUCKET, bucket.name) for bucket in account.buckets),
        *(
            ("topics", topic.name, Field.TOPIC, account.arn("sns", topic.region, topic.name))
            for topic in account.topics
        ),
        *(
            ("log_groups", group.name, Field.LOG_GROUP, account.log_group_arn(group.region, group.name))
            for group in account.log_groups
        ),
        *(("roles", role.name, Field.ROLE, account.arn("iam", "", f"role/{role.name}")) for role in account.roles),
        *(("kms_keys", key.id, Field.KMS_KEY, key.id) for key in account.kms_keys),
        *(("kms_keys", key.alias, Field.KMS_KEY, key.alias) for key in account.kms_keys if key.alias is not None),
    ]
    for table, name, field, text in named:
        if reason := broken(field, text):
            yield f", {table}: {name!r}: {reason}"
    regional = [(table, text) for table, _, _, text in named if table != "kms_keys"]
    regional += [
        ("kms_keys", f"{key.region}/{text}") for key in account.kms_keys for text in (key.id, key.alias) if text
    ]
    for table in dict(regional):
        yield from _doubles(f", {table}:", (text for its, text in regional if its == table))


def _trail_problems(trail: SeededTrail) -> Iterator[str]:
    for field, text in ((Field.NAME, trail.name), (Field.PREFIX, trail.prefix or "")):
        if reason := broken(field, text):
            yield f"{'name' if field is Field.NAME else 'prefix'}: {reason}"
    if (trail.log_group is None) != (trail.role is None):
        yield "set both log_group and role, or neither"
    if trail.multi_region and not trail.global_events:
        yield "a multi_region trail includes global_events"


def _reference_problems(account: Account, trail: SeededTrail) -> Iterator[str]:
    """Problems of what the trail names: each must be in the account's own lists."""
    if account.bucket(trail.bucket) is None:
        yield f"bucket {trail.bucket!r} is not among the buckets"
    if trail.topic is not None:
        arn = trail.topic if trail.topic.startswith(ARN_PREFIX) else account.arn("sns", trail.region, trail.topic)
        if account.topic(arn) is None:
            yield f"topic {trail.topic!r} is not among the topics of {trail.region}"
    if trail.log_group is not None and account.log_group(account.log_group_arn(trail.region, trail.log_group)) is None:
        yield f"log_group {trail.log_group!r} is not among the log_groups of {trail.region}"
    if trail.log_group is not None and trail.region in account.regions_without_logs:
        yield f"log_group is set, but {trail.region} is among regions_without_logs"
    if trail.role is not None and trail.role not in {role.name for role in account.roles}:
        yield f"role {trail.role!r} is not among the roles"
    if trail.kms_key is not None and (trail.region, trail.kms_key) not in {
        (key.region, key.id) for key in account.kms_keys
    }:
        yield f"kms_key {trail.kms_key!r} is not the id of a key in the kms_keys of {trail.region}"
    if trail.organization and account.organization != "management":
        yield 'organization is for trails of an account with organization = "management"'


def _time_problems(trail: SeededTrail) -> Iterator[str]:
    if trail.stopped is not None and trail.started is None:
        yield "stopped needs started"
    started = seconds_of(trail.started or "0s")
    stopped = _TRAFFIC_PAST if trail.stopped == INCIDENT else seconds_of(trail.stopped or "0s")
    if max(started, stopped) > _OLDEST:
        yield "started and stopped can be at most 100 years ago"
    if trail.started is not None and stopped > started:
        yield f"it is started ({trail.started} ago) after it is stopped" + (
            f" ({trail.stopped} ago)" if trail.stopped != INCIDENT else ": the incident is up to 7 days ago"
        )


def _doubles(what: str, names: Iterable[str]) -> list[str]:
    return [f"{what} {name!r} appears twice" for name, count in Counter(names).items() if count > 1]
