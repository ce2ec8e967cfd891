"""The incident across accounts: with a key that leaked in the first, roles of the second and the third are assumed.

The first account keeps the beginning, the last one the damage. What links them are the shared IDs of AssumeRole.
"""

from dataclasses import dataclass
from typing import Any

from ctui.emulator.traffic.cast import BOTO3, FOREIGN, Actor, SampleAccount, issued
from ctui.emulator.traffic.counterparts import seen_from
from ctui.emulator.traffic.incident import NEW_USER, incident_begins, seconds
from ctui.emulator.traffic.scene import HOUR, Scene, denied

HUB_ROLE, TARGET_ROLE = "deploy-hub", "OrganizationAccountAccessRole"
"""The role of the second account, which the first may assume, and that of the third, which the second may."""
_CROSSES_AFTER = 3000
"""Seconds from the leaked key's first call to the first role."""
_INTRUSION_EVERY = 20 * 60
"""Seconds between two visits of the intruder in live traffic."""
_INTRUSION_SECONDS = 15 * 60
"""A visit is over after so long."""
_SESSION = "backup"
_Note = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Crossing:
    """The scenes of the three accounts, and the sessions that are used in them."""

    first: Scene
    second: Scene
    third: Scene
    key: Actor
    hub: Actor
    target: Actor

    def records_of(self, account: str) -> list[_Note]:
        """What one of the accounts records."""
        scenes = (self.first, self.second, self.third)
        return [note for scene in scenes if scene.sample.account == account for note in scene.records]


def crossing(sample: SampleAccount, now: int) -> list[_Note]:
    """The incident across accounts as this account records it, in the week before the epoch second `now`."""
    start = incident_begins(sample.seed, now) + _CROSSES_AFTER
    crossed = _enter(sample, "crossing", start)
    regions = crossed.third.sample.regions
    _search(crossed, start + 20, regions)
    _take(crossed, start + 300, regions)
    _hide(crossed, start + 900)
    return crossed.records_of(sample.account)


def intrusion(scene: Scene) -> None:
    """The intruder's visits of live traffic as this account records them: the same way, again and again."""
    for begin in range(scene.start + 60, scene.start + HOUR - _INTRUSION_SECONDS, _INTRUSION_EVERY):
        crossed = _enter(scene.sample, f"intrusion {begin}", begin)
        regions = crossed.third.sample.regions
        second = begin + 90
        for turn in range(4):
            for place, region in enumerate(regions):
                actor, there = ((crossed.hub, crossed.second), (crossed.target, crossed.third))[(turn + place) % 2]
                action = ("ec2:DescribeInstances", "lambda:ListFunctions20150331")[turn % 2]
                there.call(second, actor, action, region=region)
                second += 29
        _secrets(crossed, begin + 400, ("prod/payment",))
        scene.records += crossed.records_of(scene.sample.account)


def _enter(sample: SampleAccount, name: str, start: int) -> _Crossing:
    """The two roles are assumed: a call that two accounts record, each time."""
    first, second, third = (sample.sibling(account) for account, _ in sample.organization)
    key = first.user(NEW_USER, FOREIGN, BOTO3)
    hub = second.role(HUB_ROLE, _SESSION, start + 2, FOREIGN, BOTO3)
    target = third.role(TARGET_ROLE, _SESSION, start + 62, FOREIGN, BOTO3)
    hour = start // HOUR
    crossed = _Crossing(Scene(first, name, hour), Scene(second, name, hour), Scene(third, name, hour), key, hub, target)
    crossed.first.call(start, key, "iam:ListRoles")
    _assume(crossed.first, crossed.second, key, hub, start + 2)
    crossed.second.call(start + 5, hub, "sts:GetCallerIdentity")
    crossed.second.call(start + 9, hub, "organizations:ListAccounts")
    _assume(crossed.second, crossed.third, hub, target, start + 62)
    crossed.third.call(start + 64, target, "sts:GetCallerIdentity")
    return crossed


def _assume(caller: Scene, owner: Scene, actor: Actor, session: Actor, second: int) -> None:
    """A role of the owner is assumed by a caller of another account. Both record it."""
    role = session.identity["sessionContext"]["sessionIssuer"]["arn"]
    request = {"roleArn": role, "roleSessionName": _SESSION, "durationSeconds": 3600}
    caller.call(second, actor, "sts:AssumeRole", request, issued(session), shared=caller.dice.uuid())
    owner.records.append((second, seen_from(owner.sample, caller.records[-1][1])))


def _search(crossed: _Crossing, start: int, regions: tuple[str, ...]) -> None:
    """It looks around in every Region of both accounts, by turns."""
    second = seconds(crossed.second, start + 60)
    for region in regions:
        for actor, scene in ((crossed.hub, crossed.second), (crossed.target, crossed.third)):
            request: dict[str, object] = {"instancesSet": {}, "filterSet": {}}
            scene.call(next(second), actor, "ec2:DescribeInstances", request, region=region)
            scene.call(next(second), actor, "rds:DescribeDBSnapshots", region=region)
    crossed.third.call(next(second), crossed.target, "s3:ListBuckets")
    crossed.third.call(next(second), crossed.target, "iam:ListUsers")


def _take(crossed: _Crossing, start: int, regions: tuple[str, ...]) -> None:
    """It takes secrets, shares a snapshot of the database, opens a bucket, and starts instances in every Region."""
    scene, actor, account = crossed.third, crossed.target, crossed.third.sample.account
    _secrets(crossed, start, ("prod/shop/database", "prod/payment", "prod/mail"))
    share = {"dBSnapshotIdentifier": "shop-nightly", "attributeName": "restore", "valuesToAdd": ["999999999999"]}
    scene.call(start + 60, actor, "rds:ModifyDBSnapshotAttribute", share, {}, region="eu-west-1")
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}
    bucket = {"bucketName": "shop-orders-export", "bucketPolicy": policy, "policy": ""}
    scene.call(start + 95, actor, "s3:PutBucketPolicy", bucket, region="eu-central-1")
    user = {"userName": NEW_USER, "arn": f"arn:aws:iam::{account}:user/{NEW_USER}", "path": "/"}
    scene.call(start + 120, actor, "iam:CreateUser", {"userName": NEW_USER}, {"user": user})
    key = {"accessKeyId": scene.sample.named("AKIA", NEW_USER), "status": "Active", "userName": NEW_USER}
    scene.call(start + 124, actor, "iam:CreateAccessKey", {"userName": NEW_USER}, {"accessKey": key})
    request = {"instancesSet": {"items": [{"minCount": 4, "maxCount": 4}]}, "instanceType": "p5.48xlarge"}
    for place, region in enumerate(regions):
        item = {"instanceId": scene.sample.named("i-0", f"miner-{region}")[:19], "instanceState": {"name": "pending"}}
        answer = {"reservationId": "r-0" + scene.dice.hex(16), "instancesSet": {"items": [item]}}
        scene.call(start + 200 + 11 * place, actor, "ec2:RunInstances", request, answer, region=region)


def _hide(crossed: _Crossing, start: int) -> None:
    """It tries to stop the trails, which a policy of the organization forbids."""
    scene, actor = crossed.third, crossed.target
    error = (
        "AccessDenied",
        f"User: {actor.arn} is not authorized to perform: cloudtrail:StopLogging on resource: "
        f"arn:aws:cloudtrail:us-east-1:{scene.sample.account}:trail/production "
        "with an explicit deny in a service control policy",
    )
    scene.call(start, actor, "cloudtrail:DescribeTrails")
    scene.call(start + 8, actor, "cloudtrail:StopLogging", {"name": "production"}, error=error)
    scene.call(start + 15, actor, "guardduty:ListDetectors", error=denied(actor, "guardduty:ListDetectors", "*"))


def _secrets(crossed: _Crossing, start: int, names: tuple[str, ...]) -> None:
    """It reads secrets of the last account, and is refused the one that has a key of its own."""
    scene, actor = crossed.third, crossed.target
    second = seconds(scene, start)
    for name in names:
        scene.call(next(second), actor, "secretsmanager:GetSecretValue", {"secretId": name})
    arn = f"arn:aws:secretsmanager:us-east-1:{scene.sample.account}:secret:prod/root"
    error = denied(actor, "secretsmanager:GetSecretValue", arn)
    scene.call(next(second), actor, "secretsmanager:GetSecretValue", {"secretId": "prod/root"}, error=error)
