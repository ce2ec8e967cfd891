"""People at work: they sign in, read in bursts, change a few things, and are sometimes denied."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ctui.emulator.traffic.cast import CLI, OFFICE_LONDON, PEOPLE, Actor, Person, SampleAccount
from ctui.emulator.traffic.scene import DAY, HOUR, UNAUTHORIZED, Scene, denied

LOOKS: tuple[tuple[str, ...], ...] = (
    ("ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeVolumes", "ec2:DescribeSecurityGroups"),
    ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeRouteTables", "ec2:DescribeNetworkAcls"),
    ("s3:ListBuckets", "s3:GetBucketLocation", "s3:GetBucketPolicyStatus", "s3:GetBucketTagging"),
    ("rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeEvents"),
    ("monitoring:DescribeAlarms", "monitoring:ListDashboards", "logs:DescribeLogGroups", "logs:DescribeQueries"),
    ("lambda:ListFunctions20150331", "lambda:GetFunction20150331v2", "lambda:GetAccountSettings20160819"),
    ("iam:ListUsers", "iam:ListRoles", "iam:GetAccountSummary", "iam:ListAccessKeys"),
    ("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:LookupEvents"),
    ("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetHealth"),
    ("ecs:DescribeServices", "ecs:ListTasks", "ecs:DescribeTasks", "ecr:DescribeRepositories"),
    ("secretsmanager:ListSecrets", "kms:ListAliases", "kms:DescribeKey"),
    ("cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents", "cloudformation:ListStackResources"),
)
"""What a person reads in one burst."""

BUCKETS = ("shop-assets", "shop-orders-export", "analytics-lake", "org-audit-logs-111111111111")
FUNCTIONS = ("order-intake", "invoice-pdf", "thumbnail")
WORK_BEGINS, WORK_ENDS = 9, 18
TUESDAY = 5
"""The day of the week, counted from 1 January 1970, a Thursday. Passwords are mistyped on Tuesdays."""

Change = Callable[[Scene, Actor, str, int], None]


def work(scene: Scene) -> None:
    """What all people do in this hour."""
    for person in PEOPLE:
        _work_of(person, scene)
    _account_owner(scene)


def at_work(person: Person, sample: SampleAccount, day: int) -> range:
    """The seconds between a person's sign-in and leaving, or an empty range. `day` counts from 1970, local time."""
    weekday = datetime.fromtimestamp(day * DAY, UTC).weekday()
    dice = sample.dice("hours", person.name, day)
    midnight = day * DAY - person.offset * HOUR
    if weekday >= 5 or dice.random() < 0.05:
        return range(0)
    begin = midnight + WORK_BEGINS * HOUR + dice.randrange(-1800, 1800)
    return range(begin, midnight + WORK_ENDS * HOUR + dice.randrange(-3600, 3600))


def actor_of(person: Person, sample: SampleAccount, since: int) -> Actor:
    """The identity of a person on a day that started at an epoch second."""
    if person.role:
        role = f"AWSReservedSSO_{person.role}_{sample.dice('sso', person.role).hex(16)}"
        path = f"aws-reserved/sso.amazonaws.com/{person.region}/"
        return sample.role(
            role, person.name, since, person.ip, person.agent, path=path, mfa=False, console=person.console
        )
    session = (since, person.mfa) if person.console else None
    return sample.user(person.name, person.ip, person.agent, session=session)


def _work_of(person: Person, scene: Scene) -> None:
    hours = at_work(person, scene.sample, (scene.start + person.offset * HOUR) // DAY)
    here = range(max(hours.start, scene.start), min(hours.stop, scene.start + HOUR))
    if not here:
        return
    actor = actor_of(person, scene.sample, hours.start)
    dice = scene.dice
    if person.console and hours.start in here:
        if not person.role and hours.start // DAY % 7 == TUESDAY:
            scene.sign_in(hours.start, actor, mfa=False, failed=True, user=person.name)
        # Of a federated sign-in AWS knows no MFA, and records No.
        scene.sign_in(hours.start + 21, actor, mfa=person.mfa and not person.role)
    tasks = int(person.pace * 1.5 * len(here) / HOUR + dice.random())
    for _ in range(tasks):
        _task(person, scene, actor, dice.choice(here))


def _task(person: Person, scene: Scene, actor: Actor, second: int) -> None:
    dice = scene.dice
    region = person.region if dice.random() < 0.85 else dice.choice(("us-east-1", "eu-west-1"))
    for action in dice.choice(LOOKS):
        _look(scene, actor, action, region, second, refuse=person.name == "dave" and dice.random() < 0.35)
        second += dice.choice((0, 0, 1, 1, 2, 5))
    if dice.random() < 0.28:
        dice.choice(CHANGES.get(person.name, EVERYBODYS))(scene, actor, region, second + dice.randrange(5, 40))


def _look(scene: Scene, actor: Actor, action: str, region: str, second: int, *, refuse: bool) -> None:
    service, _, name = action.partition(":")
    request: Mapping[str, object] | None = None
    if service == "ec2":
        request = {"filterSet": {}} if name != "DescribeInstances" else {"instancesSet": {}, "filterSet": {}}
    elif service == "s3" and name != "ListBuckets":
        bucket = scene.dice.choice(BUCKETS)
        request = {"bucketName": bucket, "Host": f"{bucket}.s3.{region}.amazonaws.com"}
    elif name.startswith(("GetFunction", "DescribeKey", "GetTrailStatus")):
        request = {
            "lambda": {"functionName": scene.dice.choice(FUNCTIONS)},
            "kms": {"keyId": "alias/shop-data"},
        }.get(service, {"name": "org-audit"})
    error = None
    if refuse:
        error = UNAUTHORIZED if service == "ec2" else denied(actor, action, "*")
    scene.call(second, actor, action, request, region=region, error=error)


def _restart(scene: Scene, actor: Actor, region: str, second: int) -> None:
    items = {"items": [{"instanceId": scene.dice.choice(scene.sample.instances)}]}
    scene.call(second, actor, "ec2:StopInstances", {"instancesSet": items, "force": False}, region=region)
    scene.call(second + 95, actor, "ec2:StartInstances", {"instancesSet": items}, region=region)


def _open_port(scene: Scene, actor: Actor, region: str, second: int) -> None:
    request = {
        "groupId": scene.sample.named("sg-0", "web")[:20],
        "ipPermissions": {
            "items": [
                {
                    "ipProtocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "ipRanges": {"items": [{"cidrIp": "192.0.2.0/24", "description": "office"}]},
                }
            ]
        },
    }
    scene.call(second, actor, "ec2:AuthorizeSecurityGroupIngress", request, {"_return": True}, region=region)


def _new_code(scene: Scene, actor: Actor, region: str, second: int) -> None:
    name = scene.dice.choice(FUNCTIONS)
    arn = f"arn:aws:lambda:{region}:{scene.sample.account}:function:{name}"
    request = {"functionName": name, "publish": True, "dryRun": False}
    response = {"functionName": name, "functionArn": arn, "runtime": "python3.13", "codeSize": 48211}
    scene.call(second, actor, "lambda:UpdateFunctionCode20150331v2", request, response, region=region)


def _bucket_rule(scene: Scene, actor: Actor, region: str, second: int) -> None:
    bucket = scene.dice.choice(BUCKETS[:3])
    request = {"bucketName": bucket, "Host": f"{bucket}.s3.{region}.amazonaws.com", "lifecycle": ""}
    scene.call(second, actor, "s3:PutBucketLifecycle", request, region=region)


def _policy(scene: Scene, actor: Actor, _region: str, second: int) -> None:
    role = scene.dice.choice(("web-server", "ci-deploy", "order-intake"))
    request = {"roleName": role, "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}
    scene.call(second, actor, "iam:AttachRolePolicy", request)


def _query(scene: Scene, actor: Actor, region: str, second: int) -> None:
    request = {
        "queryString": "SELECT day, count(*) FROM orders GROUP BY day",
        "workGroup": "primary",
        "clientRequestToken": scene.dice.uuid(),
    }
    scene.call(
        second, actor, "athena:StartQueryExecution", request, {"queryExecutionId": scene.dice.uuid()}, region=region
    )
    scene.call(second + 3, actor, "athena:GetQueryExecution", None, region=region)


def _plan(scene: Scene, actor: Actor, region: str, second: int) -> None:
    for step, action in enumerate(("sts:GetCallerIdentity", "s3:GetBucketVersioning", "dynamodb:DescribeTable")):
        request = (
            None if step == 0 else {"bucketName": "terraform-state-shop"} if step == 1 else {"tableName": "tf-lock"}
        )
        scene.call(second + step, actor, action, request, region=region)
    _open_port(scene, actor, region, second + 30)
    tags = {
        "resourcesSet": {"items": [{"resourceId": scene.dice.choice(scene.sample.instances)}]},
        "tagSet": {"items": [{"key": "owner", "value": "platform"}]},
    }
    scene.call(second + 31, actor, "ec2:CreateTags", tags, {"_return": True}, region=region)


def _not_allowed(scene: Scene, actor: Actor, region: str, second: int) -> None:
    arn = f"arn:aws:secretsmanager:{region}:{scene.sample.account}:secret:prod/db-AbCdEf"
    error = denied(actor, "secretsmanager:GetSecretValue", arn)
    scene.call(second, actor, "secretsmanager:GetSecretValue", {"secretId": "prod/db"}, region=region, error=error)


EVERYBODYS: tuple[Change, ...] = (_restart, _bucket_rule, _new_code)
CHANGES: dict[str, tuple[Change, ...]] = {
    "alice": (_policy, _open_port, _restart),
    "bob": (_new_code, _restart, _bucket_rule),
    "carol@example.com": (_query,),
    "dave": (_not_allowed,),
    "erin@example.com": (_plan, _open_port),
}


def _account_owner(scene: Scene) -> None:
    """Every sixth day a person looks at the bill as root, with MFA."""
    day = scene.start // DAY
    if day % 6 != scene.sample.seed % 6 or scene.start % DAY != 10 * HOUR:
        return
    second = scene.some_second()
    actor = scene.sample.root(second, OFFICE_LONDON)
    scene.sign_in(second, actor, mfa=True)
    scene.call(second + 15, actor, "iam:GetAccountSummary")
    scene.call(second + 18, actor, "iam:ListMFADevices")
    scene.call(second + 40, actor.using(agent=CLI), "ce:GetCostAndUsage", {"Granularity": "MONTHLY"})
