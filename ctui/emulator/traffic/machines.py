"""Machines at work: servers, functions, scaling, pipelines, a monitoring vendor, and AWS services."""

from ctui.emulator.traffic.cast import REGIONS, Actor, issued, service
from ctui.emulator.traffic.scene import DAY, HOUR, Scene, denied

SSM_AGENT = "aws-sdk-go/1.55.7 (go1.24.6; linux; amd64) amazon-ssm-agent/3.3.3050.0"
EC2_SDK = "aws-sdk-java/2.34.0 md/io#sync ua/2.1 os/Linux#6.1.155 lang/java#21.0.8 md/vendor#Amazon.com_Inc."
RUNNER = "aws-sdk-js/3.922.0 ua/2.1 os/linux#6.11.0 lang/js md/nodejs#22.20.0 api/sts#3.922.0"
VENDOR_ACCOUNT = "222222222222"
VENDOR_ROLE = "vendor"
_VENDOR_SESSION = 12
"""Hours that a session of the vendor lasts: the most that a role allows."""
INSTANCE_ROLE = "web-server"
INSTANCE_SESSION_HOURS = 6
"""For so long an instance uses the same credentials of its role."""


def servers(scene: Scene) -> None:
    """Instances renew their role's credentials, report their health, and decrypt secrets."""
    dice, sample = scene.dice, scene.sample
    for number, instance in enumerate(sample.instances):
        region = sample.regions[number % len(sample.regions)]
        if dice.random() < 0.35:
            _assume(scene, scene.some_second(), INSTANCE_ROLE, instance, caller=service("ec2"), region=region)
        actor = sample.role(
            INSTANCE_ROLE,
            instance,
            _session_start(scene, INSTANCE_SESSION_HOURS),
            f"198.51.100.{100 + number}",
            SSM_AGENT,
            path="app/",
        )
        for _ in range(1 + (dice.random() < 0.3)):
            second = scene.some_second()
            request = {
                "instanceId": instance,
                "agentVersion": "3.3.3050.0",
                "agentStatus": "Active",
                "platformType": "Linux",
                "platformName": "Amazon Linux",
            }
            scene.call(second, actor, "ssm:UpdateInstanceInformation", request, {}, region=region)
        if dice.random() < 0.5:
            second = scene.some_second()
            app = actor.using(agent=EC2_SDK)
            request = {"secretId": "prod/shop/database"}
            scene.call(second, app, "secretsmanager:GetSecretValue", request, region=region)
            context = {
                "SecretARN": f"arn:aws:secretsmanager:{region}:{sample.account}:secret:prod/shop/database-x1Y2z3"
            }
            by = "secretsmanager.amazonaws.com"
            sealed = Actor({**actor.identity, "invokedBy": by}, by, by)
            scene.call(second, sealed, "kms:Decrypt", {"encryptionContext": context}, region=region)


def functions(scene: Scene) -> None:
    """Functions start, get credentials and open a log stream."""
    for name, region, often in (
        ("order-intake", "us-east-1", 5),
        ("invoice-pdf", "eu-west-1", 3),
        ("thumbnail", "eu-west-1", 2),
    ):
        # At night the shop is quiet.
        busy = 0.35 + 0.65 * (7 <= (scene.start % DAY) // HOUR <= 22)
        for _ in range(int(often * busy + scene.dice.random())):
            wake(scene, name, region, scene.some_second())


def wake(scene: Scene, name: str, region: str, second: int) -> None:
    """A cold start of a function: the service assumes its role, then it writes to its log."""
    _assume(scene, second, name, name, caller=service("lambda"), region=region)
    actor = scene.sample.role(
        name, name, second, scene.dice.choice(("198.51.100.140", "198.51.100.141")), "awslambda-worker/1.0"
    )
    stream = f"{scene.dice.hex(8)}[$LATEST]{scene.dice.hex(32)}"
    request = {"logGroupName": f"/aws/lambda/{name}", "logStreamName": stream}
    scene.call(second + 1, actor, "logs:CreateLogStream", request, region=region)


def scaling(scene: Scene) -> None:
    """The scaling group grows in the morning, shrinks at night, and replaces unhealthy instances."""
    dice, sample = scene.dice, scene.sample
    hour = (scene.start % DAY) // HOUR
    for region in sample.regions:
        for _ in range(dice.choice((1, 1, 2))):
            second = scene.some_second()
            actor = sample.role(
                "AWSServiceRoleForAutoScaling",
                "AutoScaling",
                _session_start(scene, 12),
                "autoscaling.amazonaws.com",
                "autoscaling.amazonaws.com",
                path="aws-service-role/autoscaling.amazonaws.com/",
                invoked_by="autoscaling.amazonaws.com",
            )
            scene.call(second, actor, "ec2:DescribeInstances", {"instancesSet": {}, "filterSet": {}}, region=region)
            instance = "i-0" + dice.hex(16)
            if dice.random() < (0.7 if 6 <= hour <= 11 else 0.25):
                _launch(scene, actor, region, instance, second + 1)
            elif dice.random() < 0.5:
                items = {"items": [{"instanceId": instance}]}
                response = {
                    "instancesSet": {
                        "items": [
                            {
                                "instanceId": instance,
                                "currentState": {"code": 32, "name": "shutting-down"},
                                "previousState": {"code": 16, "name": "running"},
                            }
                        ]
                    }
                }
                scene.call(
                    second + 2, actor, "ec2:TerminateInstances", {"instancesSet": items}, response, region=region
                )


def services(scene: Scene) -> None:
    """Calls of AWS services: trails check their buckets, keys are used, certificates are renewed."""
    dice, sample = scene.dice, scene.sample
    for region in sample.regions:
        bucket = f"{'org-audit' if region == 'us-east-1' else 'app-trail'}-logs-{sample.account}"
        for _ in range(2):
            request = {"bucketName": bucket, "Host": f"{bucket}.s3.{region}.amazonaws.com", "acl": ""}
            second = scene.some_second()
            shared = dice.uuid()
            scene.call(second, service("cloudtrail"), "s3:GetBucketAcl", request, region=region, shared=shared)
            context = {
                "aws:cloudtrail:arn": f"arn:aws:cloudtrail:{region}:{sample.account}:trail/org-audit",
                "aws:s3:arn": f"arn:aws:s3:::{bucket}/AWSLogs",
            }
            sealing = {
                "keyId": f"arn:aws:kms:{region}:{sample.account}:key/{_key(scene, region)}",
                "keySpec": "AES_256",
                "encryptionContext": context,
            }
            scene.call(
                second + 1, service("cloudtrail"), "kms:GenerateDataKey", sealing, region=region, shared=dice.uuid()
            )
    if dice.random() < 0.08:
        region = dice.choice(sample.regions)
        renewed = Actor(
            {"accountId": sample.account, "invokedBy": "acm.amazonaws.com"}, "acm.amazonaws.com", "acm.amazonaws.com"
        )
        scene.call(scene.some_second(), renewed, "acm:RenewCertificate", kind="AwsServiceEvent", region=region)
    if dice.random() < 0.3:
        explorer = "resource-explorer-2"
        role = "AWSServiceRoleForResourceExplorer"
        _assume(scene, scene.some_second(), role, explorer, caller=service(explorer), region="us-east-1")


def pipelines(scene: Scene) -> None:
    """Builds of the shop: a runner exchanges its token for a role's session and deploys."""
    dice = scene.dice
    hour, weekday = (scene.start % DAY) // HOUR, (scene.start // DAY + 3) % 7
    busy = 3 if weekday < 5 and 8 <= hour <= 21 else 0
    for _ in range(busy if dice.random() < 0.8 else int(dice.random() < 0.2)):
        deploy(scene, dice.choice(scene.sample.regions), scene.some_second())


def deploy(scene: Scene, region: str, second: int) -> None:
    """One run of the pipeline."""
    dice, sample = scene.dice, scene.sample
    run, address = dice.randrange(10_000_000, 99_999_999), f"198.51.100.{dice.randrange(210, 240)}"
    subject = "repo:example/shop:ref:refs/heads/main"
    provider = f"arn:aws:iam::{sample.account}:oidc-provider/token.actions.githubusercontent.com"
    token = Actor(
        {
            "type": "WebIdentityUser",
            "principalId": f"{provider}:sts.amazonaws.com:{subject}",
            "userName": subject,
            "identityProvider": provider,
        },
        address,
        RUNNER,
    )
    session = f"deploy-{run}"
    actor = sample.role("ci-deploy", session, second, address, RUNNER)
    role = f"arn:aws:iam::{sample.account}:role/ci-deploy"
    request: dict[str, object] = {"roleArn": role, "roleSessionName": session, "durationSeconds": 3600}
    scene.call(second, token, "sts:AssumeRoleWithWebIdentity", request, issued(actor))
    scene.call(second + 2, actor, "sts:GetCallerIdentity")
    scene.call(second + 6, actor, "ecr:GetAuthorizationToken", region=region)
    image = {"repositoryName": "shop", "imageTag": f"build-{run}"}
    scene.call(
        second + 48, actor, "ecr:PutImage", image, {"image": {**image, "registryId": sample.account}}, region=region
    )
    task = {"family": "shop", "networkMode": "awsvpc", "cpu": "512", "memory": "1024"}
    scene.call(second + 55, actor, "ecs:RegisterTaskDefinition", task, region=region)
    update = {"cluster": "shop", "service": "web", "taskDefinition": f"shop:{run % 1000}"}
    scene.call(second + 57, actor, "ecs:UpdateService", update, region=region)
    for step in range(dice.randrange(2, 6)):
        scene.call(
            second + 70 + 15 * step,
            actor,
            "ecs:DescribeServices",
            {"cluster": "shop", "services": ["web"]},
            region=region,
        )
    if dice.random() < 0.07:
        error = denied(actor, "iam:PassRole", f"arn:aws:iam::{sample.account}:role/shop-task-admin")
        scene.call(second + 56, actor, "ecs:RegisterTaskDefinition", task, region=region, error=error)


def monitoring(scene: Scene) -> None:
    """A vendor in another account assumes a read-only role twice a day, and counts resources every half hour."""
    sample = scene.sample
    if sample.account == VENDOR_ACCOUNT:
        return
    owner = sample.sibling(VENDOR_ACCOUNT) if VENDOR_ACCOUNT in dict(sample.organization) else sample
    vendor = Actor(
        {
            "type": "AWSAccount",
            "principalId": owner.named("AROA", VENDOR_ROLE) + ":poller",
            "accountId": VENDOR_ACCOUNT,
        },
        "198.51.100.9",
        "Boto3/1.40.0 md/Botocore#1.40.0 lang/python#3.12.1",
    )
    began = scene.hour - scene.hour % _VENDOR_SESSION
    since = began * HOUR + 240 + sample.dice("vendor", began).randrange(20)
    actor = sample.role("monitor-readonly", "poller", since, vendor.ip, vendor.agent)
    if began == scene.hour:
        request = {
            "roleArn": f"arn:aws:iam::{sample.account}:role/monitor-readonly",
            "roleSessionName": "poller",
            "externalId": "shop-7781",
            "durationSeconds": _VENDOR_SESSION * HOUR,
        }
        scene.call(since, vendor, "sts:AssumeRole", request, issued(actor), shared=scene.dice.uuid())
    for minute in (5, 35):
        second = scene.start + 60 * minute + scene.dice.randrange(20)
        region = sample.regions[(2 * scene.hour + minute // 30) % len(sample.regions)]
        for step, action in enumerate(
            ("ec2:DescribeInstances", "rds:DescribeDBInstances", "monitoring:DescribeAlarms")
        ):
            scene.call(second + step, actor, action, region=region)


def pulse(scene: Scene) -> None:
    """The constant traffic of a live account: a function starts about every 15 seconds."""
    second = scene.start
    elsewhere = tuple(("thumbnail", region) for region in scene.sample.regions if region not in REGIONS)
    functions = (("order-intake", "us-east-1"), ("invoice-pdf", "eu-west-1"), *elsewhere)
    while (second := second + scene.dice.randrange(6, 26)) < scene.start + HOUR - 2:
        name, region = scene.dice.choice(functions)
        wake(scene, name, region, second)


def _assume(scene: Scene, second: int, role: str, session: str, *, caller: Actor, region: str) -> None:
    actor = scene.sample.role(role, session, second, "", "")
    arn = actor.identity["sessionContext"]["sessionIssuer"]["arn"]
    request = {"roleArn": arn, "roleSessionName": session, "durationSeconds": 3600}
    shared = scene.dice.uuid()
    scene.call(second, caller, "sts:AssumeRole", request, issued(actor), region=region, shared=shared)


def _launch(scene: Scene, actor: Actor, region: str, instance: str, second: int) -> None:
    request = {
        "launchTemplate": {"launchTemplateId": "lt-0" + scene.sample.dice("lt", region).hex(16), "version": "14"},
        "instancesSet": {"items": [{"minCount": 1, "maxCount": 1}]},
        "instanceType": "m7g.large",
        "clientToken": "fleet-" + scene.dice.uuid(),
    }
    state = {
        "instanceId": instance,
        "imageId": "ami-0" + scene.sample.dice("ami", region).hex(16),
        "instanceState": {"code": 0, "name": "pending"},
        "subnetId": "subnet-0" + scene.sample.dice("subnet", region).hex(16),
        "placement": {"availabilityZone": region + scene.dice.choice("abc")},
        "launchTime": second * 1000,
    }
    response = {
        "reservationId": "r-0" + scene.dice.hex(16),
        "ownerId": scene.sample.account,
        "instancesSet": {"items": [state]},
    }
    scene.call(second, actor, "ec2:RunInstances", request, response, region=region)


def _session_start(scene: Scene, hours: int) -> int:
    return scene.hour // hours * hours * HOUR


def _key(scene: Scene, region: str) -> str:
    return scene.sample.dice("key", region).uuid()
