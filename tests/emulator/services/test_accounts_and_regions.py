"""Which accounts and Regions there are, through real boto3, and that a Region is answered as the lists say."""

import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.organization import DEV, PRODUCTION, SHARED, client_of
from support.wire import boto_client, boto_session, error_of

from ctui.emulator.account.account_file import SIGNED_ELSEWHERE
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.services import SERVICES
from ctui.emulator.testing import CloudTrail, running

SIX = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1", "sa-east-1"}


def test_the_management_account_lists_its_organization(organization: CloudTrail) -> None:
    listed = client_of(organization, SHARED, "organizations").list_accounts()["Accounts"]
    assert [(one["Id"], one["Name"], one["Status"]) for one in listed] == [
        (DEV, "shop-dev", "ACTIVE"),
        (SHARED, "shop-shared", "ACTIVE"),
        (PRODUCTION, "shop-production", "ACTIVE"),
    ]
    assert all(one["Arn"].startswith(f"arn:aws:organizations::{SHARED}:account/o-") for one in listed)


@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_its_pages_have_each_account_once(organization: CloudTrail, size: int) -> None:
    pages = client_of(organization, SHARED, "organizations").get_paginator("list_accounts")
    found = [page["Accounts"] for page in pages.paginate(PaginationConfig={"PageSize": size})]
    assert [one["Id"] for one in itertools.chain(*found)] == [DEV, SHARED, PRODUCTION]
    assert max(map(len, found)) == min(size, 3)


@pytest.mark.parametrize("given", [{"NextToken": "forged"}, {"NextToken": "page-from-99"}, {"MaxResults": 21}])
def test_a_page_that_cannot_be_is_refused(organization: CloudTrail, given: dict[str, Any]) -> None:
    organizations = client_of(organization, SHARED, "organizations", config={"parameter_validation": False})
    with pytest.raises(organizations.exceptions.InvalidInputException):
        organizations.list_accounts(**given)


def test_only_the_management_account_may_list_it(organization: CloudTrail, cloudtrail: CloudTrail) -> None:
    member = client_of(organization, DEV, "organizations")
    with pytest.raises(member.exceptions.AccessDeniedException):
        member.list_accounts()
    alone = boto_client(cloudtrail.endpoint_url, service="organizations")
    with pytest.raises(alone.exceptions.AWSOrganizationsNotInUseException):
        alone.list_accounts()


def test_both_lists_of_regions_say_the_same_as_lookups(organization: CloudTrail) -> None:
    answer = client_of(organization, DEV, "account").list_regions()["Regions"]
    listed = {one["RegionName"]: one["RegionOptStatus"] for one in answer}
    assert {region for region, status in listed.items() if status != "DISABLED"} == SIX == set(organization.regions)
    ec2 = client_of(organization, DEV, "ec2")
    assert {one["RegionName"] for one in ec2.describe_regions()["Regions"]} == SIX
    described = {one["RegionName"]: one["OptInStatus"] for one in ec2.describe_regions(AllRegions=True)["Regions"]}
    same = {"ENABLED_BY_DEFAULT": "opt-in-not-required", "ENABLED": "opted-in", "DISABLED": "not-opted-in"}
    assert described == {region: same[status] for region, status in listed.items()}
    for region, status in {**listed, "ca-central-1": "DISABLED"}.items():
        lookups = client_of(organization, DEV, region=region)
        if status != "DISABLED":
            assert "Events" in lookups.lookup_events()
            continue
        with pytest.raises(ClientError) as failure:
            lookups.lookup_events()
        assert error_of(failure.value) == ("UnrecognizedClientException", 400)


def test_the_built_in_account_has_all_regions_of_the_partition(cloudtrail: CloudTrail) -> None:
    answer = boto_client(cloudtrail.endpoint_url, service="account").list_regions()["Regions"]
    statuses = {one["RegionName"]: one["RegionOptStatus"] for one in answer}
    assert statuses.keys() == set(boto_session().get_available_regions("cloudtrail"))
    disabled = {region for region, status in statuses.items() if status == "DISABLED"}
    assert disabled == {"af-south-1", "ap-east-1", "eu-south-1", "me-south-1"}
    assert (statuses["us-east-1"], statuses["il-central-1"]) == ("ENABLED_BY_DEFAULT", "ENABLED")
    assert cloudtrail.regions == ()


def test_regions_are_narrowed_down_and_paged(organization: CloudTrail) -> None:
    management = client_of(organization, DEV, "account")
    pages = management.get_paginator("list_regions").paginate(
        RegionOptStatusContains=["DISABLED", "DISABLING"], PaginationConfig={"PageSize": 1}
    )
    assert [one["RegionName"] for page in pages for one in page["Regions"]] == ["ap-east-1", "eu-south-1"]
    status = management.get_region_opt_status(RegionName="ap-east-1")
    assert (status["RegionName"], status["RegionOptStatus"]) == ("ap-east-1", "DISABLED")
    ec2 = client_of(organization, DEV, "ec2")
    named = ec2.describe_regions(RegionNames=["us-east-1", "ap-east-1"])["Regions"]
    assert [(one["RegionName"], one["Endpoint"]) for one in named] == [("us-east-1", "ec2.us-east-1.amazonaws.com")]
    off = [{"Name": "opt-in-status", "Values": ["not-opted-in"]}]
    answer = ec2.describe_regions(AllRegions=True, Filters=off)["Regions"]
    assert [one["RegionName"] for one in answer] == ["ap-east-1", "eu-south-1"]
    for wrong in ({"RegionNames": ["mars"]}, {"Filters": [{"Name": "color", "Values": ["red"]}]}):
        with pytest.raises(ClientError) as failure:
            ec2.describe_regions(**wrong)
        assert error_of(failure.value) == ("InvalidParameterValue", 400)


def test_the_management_account_may_ask_for_its_members(organization: CloudTrail) -> None:
    assert client_of(organization, SHARED, "account").list_regions(AccountId=PRODUCTION)["Regions"]
    with pytest.raises(ClientError) as failure:
        client_of(organization, DEV, "account").list_regions(AccountId=PRODUCTION)
    assert error_of(failure.value) == ("AccessDeniedException", 403)


@pytest.mark.parametrize(
    ("service", "call", "code"),
    [
        ("organizations", "list_accounts", "AccessDeniedException"),
        ("account", "list_regions", "AccessDeniedException"),
        ("ec2", "describe_regions", "UnauthorizedOperation"),
        ("sts", "get_session_token", "AccessDenied"),
        ("cloudtrail", "lookup_events", "AccessDeniedException"),
    ],
)
def test_a_key_that_may_do_nothing_is_denied_everywhere(
    organization: CloudTrail, service: str, call: str, code: str
) -> None:
    denied = boto_client(organization.endpoint_url, key="dev-denied", secret="dev", service=service)
    with pytest.raises(ClientError, match="no identity-based policy allows") as failure:
        getattr(denied, call)()
    assert error_of(failure.value)[0] == code


def test_every_signed_action_can_be_denied() -> None:
    assert {one.name: tuple(one.operations) for one in SERVICES if one.signed} == SIGNED_ELSEWHERE


def test_each_account_and_region_has_a_limit_of_its_own() -> None:
    with running(EmulatorOptions(organization=True, traffic=False, lookup_rate=0.001)) as service:
        for account, region in itertools.product(service.accounts, service.regions):
            lookups = client_of(service, account, region=region)
            assert "Events" in lookups.lookup_events()
            with pytest.raises(ClientError, match="Rate exceeded"):
                lookups.lookup_events()
