"""Sessions that come of other sessions: a sign-in through IAM Identity Center, and a role that takes another one."""

from ctui.emulator.traffic.cast import BROWSER, CLI, PEOPLE, Actor, Person, SampleAccount, issued, service
from ctui.emulator.traffic.machines import INSTANCE_ROLE, INSTANCE_SESSION_HOURS, VENDOR_ACCOUNT
from ctui.emulator.traffic.people import actor_of, at_work
from ctui.emulator.traffic.scene import DAY, HOUR, Scene

PRODUCTION_ACCOUNT = "333333333333"
"""The account in which the last role of a deployment is. Its history is seen in the organization alone."""
RELEASE_ROLE = "release"
PRODUCTION_ROLE = "prod-deploy"
RELEASER = "bob"
_RELEASE_AFTER = 2 * HOUR
"""Seconds from the releaser's sign-in to the release."""


def chains(scene: Scene) -> None:
    """What issues the credentials of people who sign in in this hour, and one release a day."""
    if scene.hour % INSTANCE_SESSION_HOURS == 0:
        _renew_instances(scene)
    for person in PEOPLE:
        begins = at_work(person, scene.sample, (scene.start + person.offset * HOUR) // DAY).start
        if begins and begins // HOUR == scene.hour and person.role:
            _sign_in_to_portal(person, scene, begins)
        releases = person.name == RELEASER and scene.sample.account not in (PRODUCTION_ACCOUNT, VENDOR_ACCOUNT)
        if begins and (begins + _RELEASE_AFTER) // HOUR == scene.hour and releases:
            _release(scene, actor_of(person, scene.sample, begins), begins + _RELEASE_AFTER)


def _renew_instances(scene: Scene) -> None:
    """The instances get the credentials of their role that they use for the next hours."""
    for number, instance in enumerate(scene.sample.instances):
        actor = scene.sample.role(INSTANCE_ROLE, instance, scene.start, "", "", path="app/")
        role = actor.identity["sessionContext"]["sessionIssuer"]["arn"]
        request = {"roleArn": role, "roleSessionName": instance}
        region, shared = scene.sample.regions[number % len(scene.sample.regions)], scene.dice.uuid()
        scene.call(scene.start, service("ec2"), "sts:AssumeRole", request, issued(actor), region=region, shared=shared)


def _sign_in_to_portal(person: Person, scene: Scene, second: int) -> None:
    """Identity Center lets its user into the account: an event of its own, then a SAML assertion for the role."""
    sample = scene.sample
    actor = actor_of(person, sample, second)
    role = actor.identity["sessionContext"]["sessionIssuer"]["arn"]
    user = {
        "type": "IdentityCenterUser",
        "accountId": sample.account,
        "onBehalfOf": {
            "userId": _user_id(sample, person.name),
            "identityStoreArn": f"arn:aws:identitystore::{sample.account}:identitystore/d-9067example",
        },
        "credentialId": scene.dice.uuid(),
    }
    name = "Federate" if person.console else "GetRoleCredentials"
    agent = BROWSER if person.console else CLI
    details = {"role_name": person.role, "account_id": sample.account}
    portal = Actor(user, person.ip, agent)
    more = {"serviceEventDetails": details}
    scene.call(second - 1, portal, f"sso:{name}", kind="AwsServiceEvent", more=more)
    provider = "Bk3example+identity+center="
    assertion = Actor(
        {
            "type": "SAMLUser",
            "principalId": f"{provider}:{person.name}",
            "userName": person.name,
            "identityProvider": provider,
        },
        person.ip,
        agent,
    )
    request = {
        "roleArn": role,
        "roleSessionName": person.name,
        "principalArn": f"arn:aws:iam::{sample.account}:saml-provider/AWSSSO_{scene.dice.hex(16)}_DO_NOT_DELETE",
        "sAMLAssertionID": f"_{scene.dice.uuid()}",
        "durationSeconds": 43200,
    }
    scene.call(second, assertion, "sts:AssumeRoleWithSAML", request, issued(actor))


def _release(scene: Scene, person: Actor, second: int) -> None:
    """A person takes the role for releases, and with it a role in the account of production."""
    sample, name = scene.sample, str(person.identity["userName"])
    release = sample.role(RELEASE_ROLE, name, second, person.ip, CLI)
    role = f"arn:aws:iam::{sample.account}:role/{RELEASE_ROLE}"
    request: dict[str, object] = {"roleArn": role, "roleSessionName": name, "durationSeconds": 3600}
    scene.call(second, person, "sts:AssumeRole", request, issued(release))
    scene.call(second + 2, release, "sts:GetCallerIdentity")
    stack = {"stackName": "shop"}
    scene.call(second + 9, release, "cloudformation:DescribeStacks", stack)
    scene.call(second + 31, release, "cloudformation:CreateChangeSet", {**stack, "changeSetName": "release"})
    there = SampleAccount(sample.seed, PRODUCTION_ACCOUNT).role(PRODUCTION_ROLE, name, second + 75, person.ip, CLI)
    role = f"arn:aws:iam::{PRODUCTION_ACCOUNT}:role/{PRODUCTION_ROLE}"
    request = {"roleArn": role, "roleSessionName": name, "durationSeconds": 3600}
    scene.call(second + 75, release, "sts:AssumeRole", request, issued(there), shared=scene.dice.uuid())
    scene.call(second + 640, release, "cloudformation:DescribeStacks", stack)


def _user_id(sample: SampleAccount, name: str) -> str:
    return f"906{sample.dice('identity store', name).hex(7)}-{sample.dice('user', name).uuid()}"
