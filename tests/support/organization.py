"""Clients of the emulator's organization."""

from typing import Any

from support.wire import boto_client

from ctui.emulator.testing import CloudTrail

DEV, SHARED, PRODUCTION = "111111111111", "222222222222", "333333333333"
"""The accounts: where the incident begins, the one that manages the organization, and where the damage is done."""


def client_of(
    organization: CloudTrail, account: str, service: str = "cloudtrail", *, region: str = "us-east-1", **more: Any
) -> Any:
    """A boto3 client with an account's first key."""
    given = organization.arguments_of(account, region)
    return boto_client(
        given["endpoint_url"],
        region=given["region_name"],
        key=given["aws_access_key_id"],
        secret=given["aws_secret_access_key"],
        service=service,
        **more,
    )
