"""What an account says of a Region."""

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RegionStatus:
    """One Region, as account:ListRegions or ec2:DescribeRegions lists it."""

    name: str
    enabled: bool
    """False only if the service says that it is disabled, or that the account has not opted in."""
