"""What an account says of a Region."""

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RegionStatus:
    """One Region, as account:ListRegions or ec2:DescribeRegions lists it."""

    name: str
    enabled: bool
    """False only if the service says that it is disabled, or that the account has not opted in."""


_GLOBAL_SERVICES = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def global_services_in(partition: str) -> str | None:
    """The Region in which a partition records what happens in its global services, such as IAM; None if unknown.

    Since November 2021 that is us-east-1 for IAM, STS's global endpoint, CloudFront and most sign-ins (CloudTrail user
    guide, "Global service events"). An endpoint URL in place of a partition says nothing of Regions.
    """
    return _GLOBAL_SERVICES.get(partition)
