"""Both sides of a role that is assumed across accounts: each account records the call, under one sharedEventID."""

from collections.abc import Callable, Iterator
from typing import Any

from ctui.emulator.traffic.cast import Actor, SampleAccount
from ctui.emulator.traffic.chains import PRODUCTION_ROLE, chains
from ctui.emulator.traffic.machines import VENDOR_ROLE, monitoring
from ctui.emulator.traffic.scene import Scene

_SCRIPTS: dict[str, Callable[[Scene], None]] = {"chains": chains, "monitoring": monitoring}
"""The scripts in which roles are assumed across accounts, by the names under which they are played."""
_Note = tuple[int, dict[str, Any]]


def counterparts(scene: Scene) -> None:
    """What the calls of the organization's other accounts leave in this one: an event for each, and what follows."""
    sample = scene.sample
    for other, _ in sample.organization:
        if other == sample.account:
            continue
        for name, script in _SCRIPTS.items():
            played = Scene(sample.sibling(other), name, scene.hour)
            script(played)
            for second, record in _across(played.records, sample.account):
                scene.records.append((second, seen_from(sample, record)))
                _release(scene, second, record)


def seen_from(sample: SampleAccount, record: dict[str, Any]) -> dict[str, Any]:
    """A cross-account AssumeRole as the account on the other side records it: an event of its own, shared by its ID.

    The role's account learns the caller's account and unique ID alone (user guide of CloudTrail, "CloudTrail
    userIdentity element"); the caller's account knows the session that called.
    """
    caller = record["userIdentity"]
    if caller["accountId"] != sample.account:
        identity = {"type": "AWSAccount", "principalId": caller["principalId"], "accountId": caller["accountId"]}
    else:
        session = caller["principalId"].partition(":")[2]
        identity = dict(sample.role(VENDOR_ROLE, session, 0, "", "").identity)
    changed = {
        "userIdentity": identity,
        "eventID": sample.dice("counterpart", record["eventID"]).uuid(),
        "recipientAccountId": sample.account,
    }
    return {name: changed.get(name, value) for name, value in record.items()}


def _across(records: list[_Note], account: str) -> Iterator[_Note]:
    """The records of AssumeRole in another account that concern this one: it called, or the role is its own."""
    for second, record in records:
        if record["eventName"] == "AssumeRole" and "sharedEventID" in record:
            caller, role = record["userIdentity"].get("accountId"), record["requestParameters"]["roleArn"]
            if account in (caller, role.split(":")[4]):
                yield second, record


def _release(scene: Scene, second: int, record: dict[str, Any]) -> None:
    """What a release does with its role in the account of production."""
    role = record["requestParameters"]["roleArn"]
    if role.rpartition("/")[2] != PRODUCTION_ROLE:
        return
    name = record["requestParameters"]["roleSessionName"]
    actor = scene.sample.role(PRODUCTION_ROLE, name, second, record["sourceIPAddress"], record["userAgent"])
    _deploy(scene, actor, second)


def _deploy(scene: Scene, actor: Actor, second: int) -> None:
    change = {"stackName": "shop", "changeSetName": "release"}
    scene.call(second + 3, actor, "sts:GetCallerIdentity")
    for place, region in enumerate(scene.sample.regions[:3]):
        scene.call(second + 20 + 90 * place, actor, "cloudformation:ExecuteChangeSet", change, region=region)
        scene.call(second + 70 + 90 * place, actor, "cloudformation:DescribeStacks", change, region=region)
