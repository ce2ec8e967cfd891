"""The Regions of an account: which there are, and which must be opted in (account management guide, "Regions")."""

from enum import StrEnum

from ctui.emulator.account.accounts import Account

# fmt: off
_DEFAULT = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
)
_OPT_IN = (
    "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
    "me-central-1", "me-south-1", "mx-central-1",
)
# fmt: on
_OF_PARTITION = {
    "aws": (*_DEFAULT, *_OPT_IN),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-east-1", "us-gov-west-1"),
}


class RegionStatus(StrEnum):
    """Whether a Region is enabled for an account, as account:ListRegions names it."""

    ENABLED_BY_DEFAULT = "ENABLED_BY_DEFAULT"
    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


def regions_of(account: Account) -> dict[str, RegionStatus]:
    """Region -> status, by name: those of the account file, else those of the partition with the disabled ones."""
    there = account.regions or (*_OF_PARTITION.get(account.partition, ()), *account.disabled_regions)
    return {region: _status(account, region) for region in sorted(set(there))}


def _status(account: Account, region: str) -> RegionStatus:
    if not account.is_enabled(region):
        return RegionStatus.DISABLED
    return RegionStatus.ENABLED if region in _OPT_IN else RegionStatus.ENABLED_BY_DEFAULT
