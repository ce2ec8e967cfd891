"""The resources of a record from a log file: those that it lists, and those that its request and response name.

LookupEvents returns with each event what the service extracts from request and response; a log file has only the
record. The list of identifiers here is ours: those that people search for.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ctui.model.event.event import Resource

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
_ASSUMED: Final = re.compile(r'"assumedRoleUser"\s*:\s*\{[^{}]*?"arn"\s*:\s*"([^"\\]+)"')
"""Where an answer of STS has the session that it made."""


def listed_and_named(
    listed: tuple[Resource, ...], source: str | None, reads: bool, request: str, response: str
) -> tuple[Resource, ...]:
    """The resources of a record, each once: those of its own list first, then those that its bodies name.

    `request` and `response` are its requestParameters and responseElements as JSON, "" or "null" for none. `reads`: it
    says that it is a reading call. Never raises.
    """
    if source == _READS_NAME_NONE and reads:
        return listed[:MOST]
    types = _types().get(source or "")
    if types is None:
        return listed if len(listed) < 2 else tuple(dict.fromkeys(listed))[:MOST]
    found = dict.fromkeys(listed)
    for body in (request, response):
        if len(body) > len("null"):
            for resource in _named(types, source, body):
                found[resource] = None
                if len(found) >= MOST:
                    return tuple(found)[:MOST]
    return tuple(found)


def names_any(source: str | None, reads: bool) -> bool:
    """False if the bodies of such calls are not read at all: then only the record's own list counts."""
    return source in _types() and not (source == _READS_NAME_NONE and reads)


class _Types:
    """The identifiers of one service."""

    def __init__(self, types: dict[str, str]) -> None:
        self.types = types
        # In valid JSON a text with a colon behind it is a key.
        self.pattern = re.compile(rf'"({"|".join(types)})"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")')


@lru_cache(maxsize=1)
def _types() -> dict[str, _Types]:
    by_service: dict[str, dict[str, str]] = {}
    for line in _IDENTIFIERS.split("\n"):
        service, _, rows = line.partition(" ")
        for row in filter(None, rows.split(";")):
            kind, *keys = row.split()
            by_service.setdefault(f"{service}.amazonaws.com", {}).update(dict.fromkeys(keys, kind))
    return {source: _Types(types) for source, types in by_service.items()}


def _named(types: _Types, source: str | None, body: str) -> Iterator[Resource]:
    for key, value in types.pattern.findall(body):
        name = value[1:-1] if "\\" not in value else _unescaped(value)
        if name:
            yield Resource(types.types[key], name)
    if source == "sts.amazonaws.com":
        for arn in _ASSUMED.findall(body):
            yield Resource("AWS::STS::AssumedRole", arn)


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
