"""The policy documents that let CloudTrail use a bucket, a topic, a role and a key.

Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail", "Amazon SNS topic policy for CloudTrail",
"Role policy document for CloudTrail to use CloudWatch Logs" and "Configure AWS KMS key policies for CloudTrail". Each
statement is limited to the trail by aws:SourceArn, except those of the role, which do not support that.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from ctui.model.rules.rule import Field
from ctui.model.rules.validate import Value
from ctui.model.values import dataclass

ORGANIZATION = "o-YOUR-ORGANIZATION-ID"
"""Placeholder for the organization ID, which no response of CloudTrail contains."""
ACCOUNT = "YOUR-ACCOUNT-ID"
"""Placeholder for the account while it is not known."""

_SERVICE = {"Service": "cloudtrail.amazonaws.com"}


class PolicyKind(StrEnum):
    """What the policy belongs to."""

    BUCKET = "bucket policy"
    TOPIC = "topic policy"
    TRUST = "trust policy"
    ROLE = "role's permissions"
    KEY = "key policy"


@dataclass(frozen=True, slots=True)
class Home:
    """The partition, account and home Region of a trail."""

    partition: str
    """"aws", "aws-cn", …"""
    account: str | None
    """Twelve digits, or None if it is not known."""
    region: str
    """Home Region."""

    @classmethod
    def of(cls, arn: str | None, caller: str | None, account: str | None, origin: str, region: str) -> "Home":
        """From a trail's ARN (None for a new trail), the caller's ARN, and the account and origin in use."""
        owner = arn.split(":")[4] if arn is not None and arn.count(":") > 4 else None
        return cls(partition_of(arn, caller, origin), owner or account, region)

    @property
    def owner(self) -> str:
        """The account, or the placeholder for it."""
        return self.account or ACCOUNT

    def arn(self, service: str, resource: str, region: str | None = None) -> str:
        """An ARN in this account, by default in the home Region."""
        return f"arn:{self.partition}:{service}:{self.region if region is None else region}:{self.owner}:{resource}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document, ready to copy."""

    where: str
    """Where it belongs, such as "the policy of bucket NAME"; can contain what a person typed."""
    document: str
    """Indented JSON with Version and Statement."""
    replace: tuple[str, ...]
    """Placeholders to replace before it is used; usually ()."""


def policy_for(kind: PolicyKind, values: Mapping[Field, Value], home: Home) -> Policy:
    """The policy that lets CloudTrail deliver for the trail with these values."""
    where, statements = _MAKERS[kind]({field: value for field, value in values.items() if value}, home)
    document = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
    return Policy(where, document, tuple(word for word in (ACCOUNT, ORGANIZATION) if word in document))


def partition_of(*texts: str | None) -> str:
    """The partition in the first of these texts that is an ARN or the name of a partition; else "aws"."""
    for text in texts:
        if text and text.startswith("arn:") and (named := text.split(":")[1]):
            return named
        if text == "aws" or (text and text.startswith("aws-") and ":" not in text):
            return text
    return "aws"


_Values = Mapping[Field, Value]
_Statements = list[dict[str, Any]]


def _trail(values: _Values, home: Home) -> str:
    return home.arn("cloudtrail", f"trail/{values.get(Field.NAME, '')}")


def _allow(sid: str, action: str | list[str], resource: str | list[str] | None, **more: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Sid": sid, "Effect": "Allow"}
    if "principal" in more:
        statement["Principal"] = more["principal"]
    statement["Action"] = action
    if resource is not None:
        statement["Resource"] = resource
    if "condition" in more:
        statement["Condition"] = more["condition"]
    return statement


def _bucket(values: _Values, home: Home) -> tuple[str, _Statements]:
    bucket = f"arn:{home.partition}:s3:::{values.get(Field.BUCKET, '')}"
    prefix = f"/{values[Field.PREFIX]}" if values.get(Field.PREFIX) else ""
    source = {"aws:SourceArn": _trail(values, home)}
    write = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}}
    statements = [
        _allow(
            "AWSCloudTrailAclCheck20150319",
            "s3:GetBucketAcl",
            bucket,
            principal=_SERVICE,
            condition={"StringEquals": source},
        ),
        _allow(
            "AWSCloudTrailWrite20150319",
            "s3:PutObject",
            f"{bucket}{prefix}/AWSLogs/{home.owner}/*",
            principal=_SERVICE,
            condition=write,
        ),
    ]
    if values.get(Field.ORGANIZATION):
        statements.append(
            _allow(
                "AWSCloudTrailOrganizationWrite20150319",
                "s3:PutObject",
                f"{bucket}{prefix}/AWSLogs/{ORGANIZATION}/*",
                principal=_SERVICE,
                condition=write,
            )
        )
    return f"the policy of bucket {values.get(Field.BUCKET, '')}", statements


def _topic(values: _Values, home: Home) -> tuple[str, _Statements]:
    named = str(values.get(Field.TOPIC, ""))
    topic = named if named.startswith("arn:") else home.arn("sns", named)
    statement = _allow(
        "AWSCloudTrailSNSPolicy20131101",
        "SNS:Publish",
        topic,
        principal=_SERVICE,
        condition={"StringEquals": {"aws:SourceArn": _trail(values, home)}},
    )
    return f"the access policy of topic {topic.rpartition(':')[2]}", [statement]


def _trust(values: _Values, home: Home) -> tuple[str, _Statements]:
    return f"the trust relationships of role {_role_name(values)}", [
        _allow("AWSCloudTrailAssumeRole", "sts:AssumeRole", None, principal=_SERVICE)
    ]


def _role(values: _Values, home: Home) -> tuple[str, _Statements]:
    group = str(values.get(Field.LOG_GROUP, "")).removesuffix(":*") or home.arn("logs", "log-group:YOUR-LOG-GROUP")
    region = (group.split(":") + [""] * 4)[3] or home.region
    streams = [f"{group}:log-stream:{home.owner}_CloudTrail_{region}*"]
    if values.get(Field.ORGANIZATION):
        streams.append(f"{group}:log-stream:{ORGANIZATION}_*")
    return f"a permissions policy of role {_role_name(values)}", [
        _allow("AWSCloudTrailCreateLogStream2014110", ["logs:CreateLogStream"], streams),
        _allow("AWSCloudTrailPutLogEvents20141101", ["logs:PutLogEvents"], streams),
    ]


def _role_name(values: _Values) -> str:
    return str(values.get(Field.ROLE, "")).rpartition("/")[2]


def _key(values: _Values, home: Home) -> tuple[str, _Statements]:
    source = {"aws:SourceArn": _trail(values, home)}
    any_trail = f"arn:{home.partition}:cloudtrail:*:{home.owner}:trail/*"
    return f"the policy of key {values.get(Field.KMS_KEY, '')}", [
        _allow(
            "AWSCloudTrailEncryptLogs",
            "kms:GenerateDataKey*",
            "*",
            principal=_SERVICE,
            condition={
                "StringEquals": source,
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": any_trail},
            },
        ),
        _allow(
            "AWSCloudTrailDescribeKey",
            "kms:DescribeKey",
            "*",
            principal=_SERVICE,
            condition={"StringEquals": source},
        ),
    ]


_MAKERS: Mapping[PolicyKind, Callable[[_Values, Home], tuple[str, _Statements]]] = {
    PolicyKind.BUCKET: _bucket,
    PolicyKind.TOPIC: _topic,
    PolicyKind.TRUST: _trust,
    PolicyKind.ROLE: _role,
    PolicyKind.KEY: _key,
}
