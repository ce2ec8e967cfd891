"""How a caller came: the console, the CLI, an SDK, infrastructure as code, a service of AWS, or something else.

The user agent tells it, in one table, and for the console and services other elements do. Sources: CloudTrail user
guide, "CloudTrail record contents" (userAgent, sessionCredentialFromConsole, eventType, invokedBy); the SDKs' reference
guide, "User agent"; the other rows were seen in public records. A user agent is what the caller chose to send: an
attacker can send any.
"""

import re
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from ctui.model.event.names import AMAZON
from ctui.model.event.record import mapping, text
from ctui.model.values import dataclass


class OriginKind(StrEnum):
    """The kind of way in which a caller came."""

    CONSOLE = "console"
    CLI = "CLI"
    SDK = "SDK"
    CODE = "infrastructure as code"
    SERVICE = "AWS service"
    BROWSER = "browser"
    OTHER = "another tool"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """How a caller came. Texts that are not of the table are as recorded, so hostile until `render` cleans them."""

    kind: OriginKind
    tool: str = ""
    """The tool as a sentence names it, such as "the AWS CLI"; a service's host name; "" if it is not known."""
    version: str = ""
    """The tool's version, digits and dots alone."""
    place: str = ""
    """Where the tool ran, if the agent says so: Lambda, CloudShell and the like."""


@dataclass(frozen=True, slots=True)
class AgentRow:
    """A tool that a user agent can name."""

    mark: str
    """What its agents contain, in lower case."""
    kind: OriginKind
    tool: str
    """As a sentence names it, after "with"."""


AGENTS: Final = (
    AgentRow("ctui/", OriginKind.OTHER, "ctui"),
    AgentRow("opentofu", OriginKind.CODE, "OpenTofu"),
    AgentRow("terraform", OriginKind.CODE, "Terraform"),
    AgentRow("pulumi", OriginKind.CODE, "Pulumi"),
    AgentRow("ansible", OriginKind.CODE, "Ansible"),
    AgentRow("packer", OriginKind.CODE, "Packer"),
    AgentRow("aws-cdk", OriginKind.CODE, "the AWS CDK"),
    AgentRow("cloudcustodian", OriginKind.OTHER, "Cloud Custodian"),
    AgentRow("stratus-red-team", OriginKind.OTHER, "Stratus Red Team"),
    AgentRow("signin.", OriginKind.CONSOLE, "the console"),
    AgentRow("aws signin", OriginKind.CONSOLE, "the console"),
    AgentRow("console.", OriginKind.CONSOLE, "the console"),
    AgentRow("s3console", OriginKind.CONSOLE, "the console"),
    AgentRow("ec2console", OriginKind.CONSOLE, "the console"),
    AgentRow("awslambda-worker", OriginKind.SERVICE, "lambda.amazonaws.com"),
    AgentRow("aws-internal", OriginKind.SERVICE, ""),
    AgentRow("aws internal", OriginKind.SERVICE, ""),
    AgentRow("aws-cli", OriginKind.CLI, "the AWS CLI"),
    AgentRow("aws-toolkit", OriginKind.OTHER, "the AWS Toolkit"),
    AgentRow("awspowershell", OriginKind.CLI, "AWS Tools for PowerShell"),
    AgentRow("ec2-api-tools", OriginKind.CLI, "the EC2 API tools"),
    AgentRow("karpenter", OriginKind.OTHER, "Karpenter"),
    AgentRow("amazon-ssm-agent", OriginKind.OTHER, "the SSM agent"),
    AgentRow("amazon-vpc-cni", OriginKind.OTHER, "the VPC CNI plugin"),
    AgentRow("fluent-bit", OriginKind.OTHER, "Fluent Bit"),
    AgentRow("boto3", OriginKind.SDK, "boto3"),
    AgentRow("botocore", OriginKind.SDK, "botocore"),
    AgentRow("aws-sdk-go", OriginKind.SDK, "the AWS SDK for Go"),
    AgentRow("aws-sdk-java", OriginKind.SDK, "the AWS SDK for Java"),
    AgentRow("aws-sdk-kotlin", OriginKind.SDK, "the AWS SDK for Kotlin"),
    AgentRow("aws-sdk-js", OriginKind.SDK, "the AWS SDK for JavaScript"),
    AgentRow("aws-sdk-nodejs", OriginKind.SDK, "the AWS SDK for JavaScript"),
    AgentRow("aws-sdk-ruby", OriginKind.SDK, "the AWS SDK for Ruby"),
    AgentRow("aws-sdk-php", OriginKind.SDK, "the AWS SDK for PHP"),
    AgentRow("aws-sdk-dotnet", OriginKind.SDK, "the AWS SDK for .NET"),
    AgentRow("aws-sdk-net", OriginKind.SDK, "the AWS SDK for .NET"),
    AgentRow("aws-sdk-rust", OriginKind.SDK, "the AWS SDK for Rust"),
    AgentRow("aws-sdk-cpp", OriginKind.SDK, "the AWS SDK for C++"),
    AgentRow("aws-sdk-swift", OriginKind.SDK, "the AWS SDK for Swift"),
    AgentRow("aws-sdk-python", OriginKind.SDK, "an AWS SDK for Python"),
    AgentRow("rusoto", OriginKind.SDK, "Rusoto"),
    AgentRow("go-http-client", OriginKind.OTHER, "a Go program"),
    AgentRow("curl/", OriginKind.OTHER, "curl"),
    AgentRow("python-requests", OriginKind.OTHER, "a Python program"),
    AgentRow("mozilla/", OriginKind.BROWSER, "a browser"),
)
"""What user agents name, the more telling marks first: an agent often names a tool and the SDK that it is made with."""

_PLACES: Final = (
    ("exec-env/cloudshell", "CloudShell"),
    ("exec-env/aws_lambda", "Lambda"),
    ("exec-env/aws_ecs", "ECS"),
    ("exec-env/ec2", "EC2"),
)
_READ: Final = 2_000
"""Characters of an agent that are read: it can be of any length."""


def origin_of(record: dict[str, Any]) -> Origin:
    """How the caller of a decoded record came. Never raises, whatever it contains."""
    agent = text(record.get("userAgent"))
    if from_console(record):
        # The session of a person in the console, which a program can use too, in CloudShell for one.
        of_agent = _of_agent(agent[:_READ])
        if of_agent.kind in (OriginKind.CLI, OriginKind.SDK, OriginKind.CODE):
            return replace(of_agent, kind=OriginKind.CONSOLE)
        return Origin(OriginKind.CONSOLE, "the console")
    identity = mapping(record.get("userIdentity"))
    invoked = text(identity.get("invokedBy"))
    if invoked or agent.endswith(AMAZON) or identity.get("type") == "AWSService":
        service = invoked or agent
        return Origin(OriginKind.SERVICE, service if service.endswith(AMAZON) else "")
    if record.get("eventType") == "AwsServiceEvent":
        return Origin(OriginKind.SERVICE, text(record.get("eventSource")))
    return _of_agent(agent[:_READ])


def agent_family(agent: str) -> str:
    """The tool that a user agent names, whatever its version: "the AWS CLI"; else its first product, as "Custom" of
    "Custom/1.2 (x)". "" if it names none.
    """
    read = agent[:_READ]
    return _of_agent(read).tool or re.split(r"[/ ]", read.strip("[ -"), maxsplit=1)[0].rstrip("]")


def from_console(record: dict[str, Any]) -> bool:
    """True for a sign-in and for a call from the AWS console, as far as the record shows it: what `is:console` asks."""
    agent = text(record.get("userAgent"))
    return (
        record.get("sessionCredentialFromConsole") in ("true", True)
        or record.get("eventType") in ("AwsConsoleSignIn", "AwsConsoleAction")
        or mapping(record.get("userIdentity")).get("invokedBy") == "signin.amazonaws.com"
        or agent in ("signin.amazonaws.com", "console.amazonaws.com")
        or (agent.startswith("console.") and agent.endswith(AMAZON))
    )


@lru_cache(maxsize=256)
def _of_agent(agent: str) -> Origin:
    lower = agent.lower()
    row = next((row for row in AGENTS if row.mark in lower), None)
    if row is None:
        return Origin(OriginKind.OTHER if agent.strip(" -") else OriginKind.UNKNOWN)
    version = re.search(rf"{re.escape(row.mark.rstrip('/'))}[a-z0-9-]*[/#]v?([0-9][0-9.]{{0,20}})", lower, re.ASCII)
    # "a browser", "a Go program": whose version the agent has, no one can tell.
    named = row.tool and not row.tool.startswith("a ") and row.kind is not OriginKind.CONSOLE
    place = next((place for mark, place in _PLACES if mark in lower), "")
    return Origin(row.kind, row.tool, version[1].rstrip(".") if version and named else "", place)
