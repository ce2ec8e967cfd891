"""The resources that the service returns with a record: a table of what it extracts from request and response."""

from collections.abc import Mapping
from typing import Any

from ctui.model.event.event import Resource

EC2 = "ec2.amazonaws.com"

TYPES: Mapping[str, Mapping[str, str]] = {
    EC2: {
        "vpcId": "AWS::EC2::VPC",
        "imageId": "AWS::EC2::Ami",
        "networkInterfaceId": "AWS::EC2::NetworkInterface",
        "instanceId": "AWS::EC2::Instance",
        "keyName": "AWS::EC2::KeyPair",
        "groupName": "AWS::EC2::SecurityGroup",
        "groupId": "AWS::EC2::SecurityGroup",
        "subnetId": "AWS::EC2::Subnet",
        "volumeId": "AWS::EC2::Volume",
        "snapshotId": "AWS::EC2::Snapshot",
        "allocationId": "AWS::EC2::EIP",
        "routeTableId": "AWS::EC2::RouteTable",
        "internetGatewayId": "AWS::EC2::InternetGateway",
        "networkAclId": "AWS::EC2::NetworkAcl",
    },
    "iam.amazonaws.com": {
        "userName": "AWS::IAM::User",
        "roleName": "AWS::IAM::Role",
        "groupName": "AWS::IAM::Group",
        "policyArn": "AWS::IAM::Policy",
        "policyName": "AWS::IAM::Policy",
        "accessKeyId": "AWS::IAM::AccessKey",
        "instanceProfileName": "AWS::IAM::InstanceProfile",
        "serialNumber": "AWS::IAM::MfaDevice",
    },
    "sts.amazonaws.com": {
        "roleArn": "AWS::IAM::Role",
        "roleSessionName": "AWS::STS::AssumedRole",
        "assumedRoleUser.arn": "AWS::STS::AssumedRole",
        "accessKeyId": "AWS::IAM::AccessKey",
    },
    "s3.amazonaws.com": {"bucketName": "AWS::S3::Bucket"},
    "kms.amazonaws.com": {"keyId": "AWS::KMS::Key", "aliasName": "AWS::KMS::Alias"},
    "cloudtrail.amazonaws.com": {
        "trailARN": "AWS::CloudTrail::Trail",
        "name": "AWS::CloudTrail::Trail",
        "s3BucketName": "AWS::S3::Bucket",
    },
    "autoscaling.amazonaws.com": {
        "autoScalingGroupName": "AWS::AutoScaling::AutoScalingGroup",
        "launchConfigurationName": "AWS::AutoScaling::LaunchConfiguration",
        "instanceId": "AWS::EC2::Instance",
    },
    "elasticloadbalancing.amazonaws.com": {
        "loadBalancerName": "AWS::ElasticLoadBalancing::LoadBalancer",
        "loadBalancerArn": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "targetGroupArn": "AWS::ElasticLoadBalancingV2::TargetGroup",
    },
    "eks-auth.amazonaws.com": {"clusterName": "AWS::EKS::Cluster"},
    "eks.amazonaws.com": {"clusterName": "AWS::EKS::Cluster", "name": "AWS::EKS::Cluster"},
    "ecr.amazonaws.com": {"repositoryName": "AWS::ECR::Repository"},
    "ecs.amazonaws.com": {
        "cluster": "AWS::ECS::Cluster",
        "service": "AWS::ECS::Service",
        "taskDefinition": "AWS::ECS::TaskDefinition",
    },
    "lambda.amazonaws.com": {"functionName": "AWS::Lambda::Function"},
    "rds.amazonaws.com": {
        "dBInstanceIdentifier": "AWS::RDS::DBInstance",
        "dBClusterIdentifier": "AWS::RDS::DBCluster",
        "dBSnapshotIdentifier": "AWS::RDS::DBSnapshot",
    },
    "dynamodb.amazonaws.com": {"tableName": "AWS::DynamoDB::Table"},
    "sns.amazonaws.com": {"topicArn": "AWS::SNS::Topic"},
    "sqs.amazonaws.com": {"queueUrl": "AWS::SQS::Queue"},
    "logs.amazonaws.com": {"logGroupName": "AWS::Logs::LogGroup"},
    "secretsmanager.amazonaws.com": {"secretId": "AWS::SecretsManager::Secret"},
    "cloudformation.amazonaws.com": {"stackName": "AWS::CloudFormation::Stack"},
    "monitoring.amazonaws.com": {"alarmName": "AWS::CloudWatch::Alarm"},
}
"""Event source -> name in request or response (with its parent's if that matters) -> resource type.

Real answers show the principle and some types (EC2, EKS). The service's full list is not published.
"""

_WITH_PARENTS = frozenset(source for source, types in TYPES.items() if any("." in name for name in types))
_NESTED = (dict, list)
_MOST_NODES = 5000
_MOST_RESOURCES = 200


def resources_of(source: str | None, parts: tuple[object, ...], *, reads: bool) -> tuple[Resource, ...]:
    """The resources named in `parts` (requestParameters, responseElements), each once, in the table's order.

    A reading call to EC2 names none, whatever it reads (seen in a real DescribeInstances of one instance).
    """
    types = TYPES.get(source or "")
    if types is None or (source == EC2 and reads):
        return ()
    found: dict[str, dict[str, None]] = {}
    left = _MOST_RESOURCES
    for part in parts:
        if part and isinstance(part, _NESTED):
            left = max(1, _find(part, types, found, left, with_parents=source in _WITH_PARENTS))
    if not found:
        return ()
    seen = {
        (types[name], value): None for name in (types if len(found) > 1 else found) for value in found.get(name, ())
    }
    return tuple([Resource(type_, value) for type_, value in seen])


def _find(
    part: object, types: Mapping[str, str], found: dict[str, dict[str, None]], left: int, *, with_parents: bool
) -> int:
    """Add the named texts of a part to `found`; returns how many more may be added. One is added even if none may."""
    # A stack instead of recursion: a record may be nested to any depth.
    waiting: list[tuple[str, Any]] = [("", part)]
    for _ in range(_MOST_NODES):
        if not waiting:
            break
        parent, node = waiting.pop()
        if isinstance(node, list):
            waiting += [(parent, item) for item in reversed(node)]
            continue
        if not isinstance(node, dict):
            continue
        inner: list[tuple[str, Any]] = []
        for name, value in node.items():
            if isinstance(value, str):
                key = f"{parent}.{name}" if with_parents and name not in types else name
                if key in types and value:
                    found.setdefault(key, {})[value] = None
                    left -= 1
                    if left <= 0:
                        return left
            elif isinstance(value, _NESTED):
                inner.append((name, value))
        inner.reverse()
        waiting += inner
    return left
