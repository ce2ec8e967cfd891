"""People at work: they sign in, look around in bursts, change a few things, and are refused now and then."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ctui.emulator.traffic.cast import CLI, OFFICE_LONDON, PEOPLE, Person, Who, World
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
"""What someone reads in one go."""

BUCKETS = ("shop-assets", "shop-orders-export", "analytics-lake", "org-audit-logs-111111111111")
FUNCTIONS = ("order-intake", "invoice-pdf", "thumbnail")
WORK_BEGINS, WORK_ENDS = 9, 18
TUESDAY = 5
"""In days counted from 1970, a Thursday. Passwords are mistyped on Tuesdays."""

Change = Callable[[Scene, Who, str, int], None]


def work(scene: Scene) -> None:
    """What everybody does in this hour."""
    for person in PEOPLE:
        _work_of(person, scene)
    _account_owner(scene)


def at_work(person: Person, world: World, day: int) -> range:
    """The seconds between this person's sign-in and leaving, for a day counted from 1970 in their time; or none."""
    weekday = datetime.fromtimestamp(day * DAY, UTC).weekday()
    dice = world.dice("hours", person.name, day)
    midnight = day * DAY - person.offset * HOUR
    if weekday >= 5 or dice.random() < 0.05:
        return range(0)
    begin = midnight + WORK_BEGINS * HOUR + dice.randrange(-1800, 1800)
    return range(begin, midnight + WORK_ENDS * HOUR + dice.randrange(-3600, 3600))


def who_is(person: Person, world: World, since: int) -> Who:
    """The identity a person works with in a day that began at an epoch second."""
    if person.role:
        role = f"AWSReservedSSO_{person.role}_{world.dice('sso', person.role).hex(16)}"
        path = f"aws-reserved/sso.amazonaws.com/{person.region}/"
        return world.role(
            role, person.name, since, person.ip, person.agent, path=path, mfa=False, console=person.console
        )
    session = (since, person.mfa) if person.console else None
    return world.user(person.name, person.ip, person.agent, session=session)


def _work_of(person: Person, scene: Scene) -> None:
    hours = at_work(person, scene.world, (scene.start + person.offset * HOUR) // DAY)
    here = range(max(hours.start, scene.start), min(hours.stop, scene.start + HOUR))
    if not here:
        return
    who = who_is(person, scene.world, hours.start)
    dice = scene.dice
    if person.console and hours.start in here:
        if not person.role and hours.start // DAY % 7 == TUESDAY:
            scene.sign_in(hours.start, who, mfa=False, failed=True, user=person.name)
        scene.sign_in(hours.start + 21, who, mfa=person.mfa)
    tasks = int(person.pace * 1.5 * len(here) / HOUR + dice.random())
    for _ in range(tasks):
        _task(person, scene, who, dice.choice(here))


def _task(person: Person, scene: Scene, who: Who, second: int) -> None:
    dice = scene.dice
    region = person.region if dice.random() < 0.85 else dice.choice(("us-east-1", "eu-west-1"))
    for action in dice.choice(LOOKS):
        _look(scene, who, action, region, second, refuse=person.name == "dave" and dice.random() < 0.35)
        second += dice.choice((0, 0, 1, 1, 2, 5))
    if dice.random() < 0.28:
        dice.choice(CHANGES.get(person.name, EVERYBODYS))(scene, who, region, second + dice.randrange(5, 40))


def _look(scene: Scene, who: Who, action: str, region: str, second: int, *, refuse: bool) -> None:
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
        error = UNAUTHORIZED if service == "ec2" else denied(who, action, "*")
    scene.call(second, who, action, request, region=region, error=error)


def _restart(scene: Scene, who: Who, region: str, second: int) -> None:
    items = {"items": [{"instanceId": scene.dice.choice(scene.world.instances)}]}
    scene.call(second, who, "ec2:StopInstances", {"instancesSet": items, "force": False}, region=region)
    scene.call(second + 95, who, "ec2:StartInstances", {"instancesSet": items}, region=region)


def _open_port(scene: Scene, who: Who, region: str, second: int) -> None:
    request = {
        "groupId": scene.world.named("sg-0", "web")[:20],
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
    scene.call(second, who, "ec2:AuthorizeSecurityGroupIngress", request, {"_return": True}, region=region)


def _new_code(scene: Scene, who: Who, region: str, second: int) -> None:
    name = scene.dice.choice(FUNCTIONS)
    arn = f"arn:aws:lambda:{region}:{scene.world.account}:function:{name}"
    request = {"functionName": name, "publish": True, "dryRun": False}
    response = {"functionName": name, "functionArn": arn, "runtime": "python3.13", "codeSize": 48211}
    scene.call(second, who, "lambda:UpdateFunctionCode20150331v2", request, response, region=region)


def _bucket_rule(scene: Scene, who: Who, region: str, second: int) -> None:
    bucket = scene.dice.choice(BUCKETS[:3])
    request = {"bucketName": bucket, "Host": f"{bucket}.s3.{region}.amazonaws.com", "lifecycle": ""}
    scene.call(second, who, "s3:PutBucketLifecycle", request, region=region)


def _policy(scene: Scene, who: Who, _region: str, second: int) -> None:
    role = scene.dice.choice(("web-server", "ci-deploy", "order-intake"))
    request = {"roleName": role, "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}
    scene.call(second, who, "iam:AttachRolePolicy", request)


def _query(scene: Scene, who: Who, region: str, second: int) -> None:
    request = {
        "queryString": "SELECT day, count(*) FROM orders GROUP BY day",
        "workGroup": "primary",
        "clientRequestToken": scene.dice.uuid(),
    }
    scene.call(
        second, who, "athena:StartQueryExecution", request, {"queryExecutionId": scene.dice.uuid()}, region=region
    )
    scene.call(second + 3, who, "athena:GetQueryExecution", None, region=region)


def _plan(scene: Scene, who: Who, region: str, second: int) -> None:
    for step, action in enumerate(("sts:GetCallerIdentity", "s3:GetBucketVersioning", "dynamodb:DescribeTable")):
        request = (
            None if step == 0 else {"bucketName": "terraform-state-shop"} if step == 1 else {"tableName": "tf-lock"}
        )
        scene.call(second + step, who, action, request, region=region)
    _open_port(scene, who, region, second + 30)
    tags = {
        "resourcesSet": {"items": [{"resourceId": scene.dice.choice(scene.world.instances)}]},
        "tagSet": {"items": [{"key": "owner", "value": "platform"}]},
    }
    scene.call(second + 31, who, "ec2:CreateTags", tags, {"_return": True}, region=region)


def _not_allowed(scene: Scene, who: Who, region: str, second: int) -> None:
    arn = f"arn:aws:secretsmanager:{region}:{scene.world.account}:secret:prod/db-AbCdEf"
    error = denied(who, "secretsmanager:GetSecretValue", arn)
    scene.call(second, who, "secretsmanager:GetSecretValue", {"secretId": "prod/db"}, region=region, error=error)


EVERYBODYS: tuple[Change, ...] = (_restart, _bucket_rule, _new_code)
CHANGES: dict[str, tuple[Change, ...]] = {
    "alice": (_policy, _open_port, _restart),
    "bob": (_new_code, _restart, _bucket_rule),
    "carol@example.com": (_query,),
    "dave": (_not_allowed,),
    "erin@example.com": (_plan, _open_port),
}


def _account_owner(scene: Scene) -> None:
    """Every sixth day someone looks at the bill as root, with MFA."""
    day = scene.start // DAY
    if day % 6 != scene.world.seed % 6 or scene.start % DAY != 10 * HOUR:
        return
    second = scene.some_second()
    who = scene.world.root(second, OFFICE_LONDON)
    scene.sign_in(second, who, mfa=True)
    scene.call(second + 15, who, "iam:GetAccountSummary")
    scene.call(second + 18, who, "iam:ListMFADevices")
    scene.call(second + 40, who.using(agent=CLI), "ce:GetCostAndUsage", {"Granularity": "MONTHLY"})
