"""The resources of a record from a log file: those that it lists, and those that its request and response name.

LookupEvents returns with each event what the service extracts from request and response; a log file has only the
record. The list of identifiers here is ours: those that people search for.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

Named = tuple[str | None, str]
"""The type and the name of a resource."""
MOST: Final = 200
"""Resources of an event at most."""
_READS_NAME_NONE: Final = "ec2.amazonaws.com"
"""The service extracts nothing from its reading calls (seen in a real DescribeInstances of one instance)."""
_IDENTIFIERS: Final = """
autoscaling  AWS::AutoScaling::AutoScalingGroup autoScalingGroupName
cloudformation AWS::CloudFormation::Stack stackName
cloudtrail   AWS::CloudTrail::Trail trailARN name; AWS::S3::Bucket s3BucketName
dynamodb     AWS::DynamoDB::Table tableName
ec2          AWS::EC2::Instance instanceId; AWS::EC2::Ami imageId; AWS::EC2::SecurityGroup groupId groupName
ec2          AWS::EC2::Snapshot snapshotId; AWS::EC2::Volume volumeId; AWS::EC2::VPC vpcId; AWS::EC2::Subnet subnetId
ec2          AWS::EC2::KeyPair keyName; AWS::EC2::NetworkInterface networkInterfaceId; AWS::EC2::EIP allocationId
ec2          AWS::EC2::NetworkAcl networkAclId; AWS::EC2::RouteTable routeTableId
ec2          AWS::EC2::InternetGateway internetGatewayId
ecr          AWS::ECR::Repository repositoryName
ecs          AWS::ECS::Cluster cluster; AWS::ECS::Service service; AWS::ECS::TaskDefinition taskDefinition
eks          AWS::EKS::Cluster clusterName name
eks-auth     AWS::EKS::Cluster clusterName
elasticloadbalancing AWS::ElasticLoadBalancing::LoadBalancer loadBalancerName
elasticloadbalancing AWS::ElasticLoadBalancingV2::LoadBalancer loadBalancerArn
iam          AWS::IAM::User userName; AWS::IAM::Role roleName; AWS::IAM::Group groupName
iam          AWS::IAM::Policy policyArn policyName; AWS::IAM::AccessKey accessKeyId
iam          AWS::IAM::InstanceProfile instanceProfileName; AWS::IAM::MfaDevice serialNumber
kms          AWS::KMS::Key keyId; AWS::KMS::Alias aliasName
lambda       AWS::Lambda::Function functionName
logs         AWS::Logs::LogGroup logGroupName
rds          AWS::RDS::DBInstance dBInstanceIdentifier; AWS::RDS::DBCluster dBClusterIdentifier
rds          AWS::RDS::DBSnapshot dBSnapshotIdentifier
s3           AWS::S3::Bucket bucketName
secretsmanager AWS::SecretsManager::Secret secretId
sns          AWS::SNS::Topic topicArn
sqs          AWS::SQS::Queue queueUrl
sts          AWS::IAM::Role roleArn; AWS::STS::AssumedRole roleSessionName; AWS::IAM::AccessKey accessKeyId
"""
"""A line: a service, then types of resources, each with the keys of request and response that name one."""
_VALUE: Final = re.compile(r'\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")')
_ASSUMED: Final = re.compile(r'"assumedRoleUser"\s*:\s*\{[^{}]*?"arn"\s*:\s*"([^"\\]+)"')
"""Where an answer of STS has the session that it made."""


def listed_and_named(
    listed: Iterable[Named], source: str | None, reads: bool, request: str, response: str
) -> list[Named]:
    """The resources of a record, each once: those of its own list first, then those that its bodies name.

    `request` and `response` are its requestParameters and responseElements as JSON, "" or "null" for none. `reads`: it
    says that it is a reading call. Never raises.
    """
    found = list(listed)
    types = None if source == _READS_NAME_NONE and reads else _types().get(source or "")
    if types is not None:
        for body in (request, response):
            if len(body) > len("null"):
                found += _named(types, source, body)
    return list(dict.fromkeys(found))[:MOST]


_Types = dict[str, str]
"""The types of resources that the keys of one service name, by the key in its quotes."""


@lru_cache(maxsize=1)
def _types() -> dict[str, _Types]:
    by_service: dict[str, dict[str, str]] = {}
    for line in _IDENTIFIERS.split("\n"):
        service, _, rows = line.partition(" ")
        for row in filter(None, rows.split(";")):
            kind, *keys = row.split()
            by_service.setdefault(f"{service}.amazonaws.com", {}).update((f'"{key}"', kind) for key in keys)
    return by_service


def _named(types: _Types, source: str | None, body: str) -> list[Named]:
    """What a body names, in the order in which it does so.

    To look for each key by itself takes a third of the time that one expression for all of them takes.
    """
    values: list[tuple[int, str, str]] = []
    for key, kind in types.items():
        at = body.find(key)
        while at >= 0:
            end = at + len(key)
            # In valid JSON a text with a colon behind it is a key, and an escaped quote is no end of a text.
            if body[at - 1] != "\\" and (name := _text_behind(body, end)):
                values.append((at, kind, name))
            at = body.find(key, end)
    if len(values) > 1:
        values.sort()
    named: list[Named] = [(kind, name) for _, kind, name in values]
    if source == "sts.amazonaws.com":
        named += [("AWS::STS::AssumedRole", arn) for arn in _ASSUMED.findall(body)]
    return named


def _text_behind(body: str, end: int) -> str:
    """The text that is the value of a key which ends there; "" for another value, and where it is no key."""
    if body.startswith(':"', end):
        # As services write it. To ask an expression takes three times as long.
        text = body[end + 2 : body.find('"', end + 2)]
        if "\\" not in text:
            return text
    value = _VALUE.match(body, end)
    return _unescaped(value[1]) if value else ""


def _unescaped(value: str) -> str:
    try:
        return clean(str(json.loads(value, strict=False)))
    except ValueError:
        return ""


def clean(text: str) -> str:
    """A text with U+FFFD in place of each half of a surrogate pair, which cannot be stored."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
