"""Which Regions are enabled and what accounts are called: by which calls, and what is said where they are refused."""

import json
from collections import deque
from collections.abc import Callable

import pytest
from aiohttp import web
from support.fakes.http_service import HttpService

from ctui.aws.client import AwsGateway
from ctui.errors import AccessDenied, CtuiError, IncompleteAnswer, NotCloudTrail, Throttled
from ctui.model.region import RegionStatus

pytestmark = pytest.mark.asyncio(loop_scope="module")

Say = Callable[[], web.StreamResponse]


def json_answer(value: object, status: int = 200, **headers: str) -> Say:
    return lambda: web.json_response(value, status=status, headers=headers)


def ec2_answer(*regions: tuple[str, str]) -> Say:
    items = "".join(
        f"<item><regionName>{name}</regionName><regionEndpoint>ec2.{name}</regionEndpoint>"
        f"<optInStatus>{status}</optInStatus></item>"
        for name, status in regions
    )
    body = (
        '<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>'
        f"<regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    )
    return lambda: web.Response(text=body, content_type="text/xml")


def ec2_refusal(code: str) -> Say:
    body = f"<Response><Errors><Error><Code>{code}</Code><Message>No.</Message></Error></Errors></Response>"
    return lambda: web.Response(text=body, status=403, content_type="text/xml")


ACCOUNT_DENIES = json_answer({"message": "Not you."}, 403, **{"x-amzn-ErrorType": "AccessDeniedException"})


def actions(service: HttpService) -> list[str]:
    return [action for action, _, _ in service.asked]


@pytest.mark.parametrize(
    ("status", "enabled"),
    [
        ("ENABLED", True),
        ("ENABLED_BY_DEFAULT", True),
        ("ENABLING", True),
        ("DISABLING", True),
        ("DISABLED", False),
        ("SOMETHING_NEW", True),
        (None, True),
    ],
)
async def test_only_a_region_that_is_said_to_be_disabled_is_not_enabled(
    service: HttpService, gateway: AwsGateway, status: str | None, enabled: bool
) -> None:
    service.says_each({"ListRegions": json_answer({"Regions": [{"RegionName": "x-1", "RegionOptStatus": status}]})})
    assert await gateway.list_regions() == (RegionStatus("x-1", enabled),)
    assert [(action, parameters) for action, parameters, _ in service.asked] == [("ListRegions", {"MaxResults": 50})]


async def test_regions_come_page_by_page(service: HttpService, gateway: AwsGateway) -> None:
    pages = deque([
        {"Regions": [{"RegionName": "a-1", "RegionOptStatus": "ENABLED"}], "NextToken": "two"},
        {"Regions": [{"RegionName": "b-1", "RegionOptStatus": "DISABLED"}]},
    ])  # fmt: skip
    service.says_each({"ListRegions": lambda: web.json_response(pages.popleft())})
    assert await gateway.list_regions() == (RegionStatus("a-1", enabled=True), RegionStatus("b-1", enabled=False))
    assert [parameters.get("NextToken") for _, parameters, _ in service.asked] == [None, "two"]


@pytest.mark.parametrize(
    "refusal",
    [
        ACCOUNT_DENIES,
        json_answer({"__type": "UnknownOperationException"}, 400),
        json_answer({}, 501),
        json_answer({}, 404),
        json_answer({"Regions": [{"RegionOptStatus": "ENABLED"}]}),
        lambda: web.Response(text="<html></html>", content_type="text/html"),
    ],
)
async def test_where_one_service_refuses_the_other_is_asked(
    service: HttpService, gateway: AwsGateway, refusal: Say
) -> None:
    said = ec2_answer(("a-1", "opt-in-not-required"), ("b-1", "opted-in"), ("c-1", "not-opted-in"))
    service.says_each({"ListRegions": refusal, "DescribeRegions": said})
    assert [(each.name, each.enabled) for each in await gateway.list_regions()] == [
        ("a-1", True),
        ("b-1", True),
        ("c-1", False),
    ]
    assert actions(service) == ["ListRegions", "DescribeRegions"]
    assert service.asked[-1][1]["AllRegions"] == "true"


async def test_where_both_refuse_both_permissions_are_named(service: HttpService, gateway: AwsGateway) -> None:
    service.says_each({"ListRegions": ACCOUNT_DENIES, "DescribeRegions": ec2_refusal("UnauthorizedOperation")})
    with pytest.raises(AccessDenied) as caught:
        await gateway.list_regions()
    assert caught.value.message == "ListRegions: Not you. DescribeRegions: No."
    assert "account:ListRegions or ec2:DescribeRegions" in caught.value.remedy
    assert actions(service) == ["ListRegions", "DescribeRegions"]


@pytest.mark.parametrize(
    ("answers", "error", "calls"),
    [
        (
            {"ListRegions": json_answer({"message": "Slow."}, 429, **{"x-amzn-ErrorType": "TooManyRequestsException"})},
            Throttled,
            1,
        ),
        ({"ListRegions": ACCOUNT_DENIES, "DescribeRegions": ec2_refusal("RequestLimitExceeded")}, Throttled, 2),
        ({"ListRegions": ACCOUNT_DENIES, "DescribeRegions": ec2_answer()}, NotCloudTrail, 2),
        ({"ListRegions": ACCOUNT_DENIES, "DescribeRegions": lambda: web.Response(text="hm")}, NotCloudTrail, 2),
    ],
)
async def test_what_may_pass_or_says_nothing_is_told(
    service: HttpService, gateway: AwsGateway, answers: dict[str, Say], error: type[CtuiError], calls: int
) -> None:
    service.says_each(answers)
    with pytest.raises(error):
        await gateway.list_regions()
    assert len(service.asked) == calls


async def test_accounts_have_names_page_by_page(service: HttpService, gateway: AwsGateway) -> None:
    pages = deque([
        {"Accounts": [{"Id": "111111111111", "Name": "prod"}, {"Id": "222222222222"}], "NextToken": "two"},
        {"Accounts": [{"Id": "333333333333", "Name": "back\u200bups"}], "NextToken": None},
    ])  # fmt: skip
    service.says_each({"ListAccounts": lambda: json_amz(pages.popleft())})
    assert await gateway.account_names() == {"111111111111": "prod", "333333333333": "back\u200bups"}
    assert [(action, parameters) for action, parameters, _ in service.asked] == [
        ("ListAccounts", {}),
        ("ListAccounts", {"NextToken": "two"}),
    ]


def json_amz(value: object, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(value).encode(), status=status, content_type="application/x-amz-json-1.1")


async def test_who_may_not_list_accounts_hears_which_permission_is_missing(
    service: HttpService, gateway: AwsGateway
) -> None:
    service.says_each({"ListAccounts": lambda: json_amz({"__type": "AccessDeniedException", "Message": "No."}, 400)})
    with pytest.raises(AccessDenied) as caught:
        await gateway.account_names()
    assert "organizations:ListAccounts" in caught.value.remedy


@pytest.mark.parametrize(
    "answer",
    [
        {"Accounts": "none"},
        {"Accounts": [3]},
        {},
        {"Accounts": [{"Id": "111111111111", "Name": "prod"}], "NextToken": "the same for ever"},
    ],
)
async def test_a_list_that_cannot_be_whole_is_no_answer(
    service: HttpService, gateway: AwsGateway, answer: object
) -> None:
    service.says_each({"ListAccounts": lambda: json_amz(answer)})
    with pytest.raises(IncompleteAnswer):
        await gateway.account_names()
    assert len(service.asked) <= 2


async def test_an_isolated_connection_knows_its_own_region_alone(gateway: AwsGateway) -> None:
    assert gateway.known_regions == (gateway.connection.region,)
