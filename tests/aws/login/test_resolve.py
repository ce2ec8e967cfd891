"""Profile, Region, endpoint and credentials are found where the AWS CLI finds them."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes.http_service import HttpService

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.errors import ConnectionProblem, EndpointUnreachable, NoCredentials, NoRegion, UnknownProfile
from ctui.model.connection import Connection

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONFIG = """
[default]
region = eu-central-1

[profile prod]
region = eu-west-1
aws_access_key_id = AKPROD
aws_secret_access_key = x

[profile china]
region = cn-north-1
aws_access_key_id = AKCN
aws_secret_access_key = x

[profile elsewhere]
region = eu-west-1
endpoint_url = http://localhost:4000/
aws_access_key_id = AKELSE
aws_secret_access_key = x

[profile by-service]
region = eu-west-1
services = mine
aws_access_key_id = AKMINE
aws_secret_access_key = x

[services mine]
cloudtrail =
  endpoint_url = http://localhost:4001

[profile poor]
region = eu-west-1

[profile half]
region = eu-west-1
aws_access_key_id = AKHALF
"""
CREDENTIALS = "[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = x\n"
KEYS = {"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "x"}
AWS = "aws"


@pytest.fixture(autouse=True)
def files(home: Path) -> Path:
    """A home with configuration and credentials."""
    folder = home / ".aws"
    folder.mkdir()
    (folder / "config").write_text(CONFIG)
    (folder / "credentials").write_text(CREDENTIALS)
    return folder


async def opened(options: ConnectOptions, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> AwsGateway:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    gateway = await AwsConnector(options).connect()
    await gateway.close()
    return gateway


LOCAL = "http://127.0.0.1:4002"
OPTIONS = ConnectOptions
CASES: list[tuple[ConnectOptions, dict[str, str], Connection]] = [
    (OPTIONS(), {}, Connection("default", "eu-central-1", None, AWS)),
    (OPTIONS(profile="prod"), {}, Connection("prod", "eu-west-1", None, AWS)),
    (OPTIONS(), {"AWS_PROFILE": "prod"}, Connection("prod", "eu-west-1", None, AWS)),
    (OPTIONS(profile="prod"), {"AWS_PROFILE": "poor"}, Connection("prod", "eu-west-1", None, AWS)),
    (OPTIONS(profile="prod"), KEYS, Connection("prod", "eu-west-1", None, AWS)),
    (OPTIONS(), KEYS, Connection(None, "eu-central-1", None, AWS)),
    (OPTIONS(profile="prod", region="us-east-2"), {}, Connection("prod", "us-east-2", None, AWS)),
    (OPTIONS(), {"AWS_DEFAULT_REGION": "us-west-1"}, Connection("default", "us-west-1", None, AWS)),
    (
        OPTIONS(),
        {"AWS_DEFAULT_REGION": "us-west-1", "AWS_REGION": "us-west-2"},
        Connection("default", "us-west-2", None, AWS),
    ),
    (OPTIONS(profile="china"), {}, Connection("china", "cn-north-1", None, "aws-cn")),
    (OPTIONS(region="us-gov-west-1"), {}, Connection("default", "us-gov-west-1", None, "aws-us-gov")),
    (
        OPTIONS(profile="elsewhere"),
        {},
        Connection("elsewhere", "eu-west-1", "http://localhost:4000/", "http://localhost:4000"),
    ),
    (
        OPTIONS(profile="by-service"),
        {},
        Connection("by-service", "eu-west-1", "http://localhost:4001", "http://localhost:4001"),
    ),
    (
        OPTIONS(profile="elsewhere"),
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        Connection("elsewhere", "eu-west-1", None, AWS),
    ),
    (OPTIONS(profile="prod"), {"AWS_ENDPOINT_URL": LOCAL}, Connection("prod", "eu-west-1", LOCAL, LOCAL)),
    (
        OPTIONS(profile="elsewhere"),
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_CLOUDTRAIL": LOCAL},
        Connection("elsewhere", "eu-west-1", LOCAL, LOCAL),
    ),
    (
        OPTIONS(profile="prod", endpoint_url=LOCAL),
        {"AWS_ENDPOINT_URL_CLOUDTRAIL": "http://127.0.0.1:1"},
        Connection("prod", "eu-west-1", LOCAL, LOCAL),
    ),
    (
        OPTIONS(profile="prod", endpoint_url="https://vpce-1.cloudtrail.eu-west-1.vpce.amazonaws.com"),
        {},
        Connection("prod", "eu-west-1", "https://vpce-1.cloudtrail.eu-west-1.vpce.amazonaws.com", AWS),
    ),
]


@pytest.mark.parametrize(("options", "environ", "connection"), CASES)
async def test_what_is_resolved(
    monkeypatch: pytest.MonkeyPatch, options: ConnectOptions, environ: dict[str, str], connection: Connection
) -> None:
    assert (await opened(options, monkeypatch, environ)).connection == connection


PROBLEMS: list[tuple[ConnectOptions, dict[str, str], type[ConnectionProblem], str]] = [
    (OPTIONS(profile="nobody"), {}, UnknownProfile, "nobody"),
    (OPTIONS(), {"AWS_PROFILE": "nobody"}, UnknownProfile, "nobody"),
    (OPTIONS(), {"AWS_CONFIG_FILE": "/nonexistent"}, NoRegion, "--region"),
    (OPTIONS(region="not a region!"), {}, NoRegion, "not a region!"),
    (OPTIONS(profile="poor"), {}, NoCredentials, "--profile poor"),
    (OPTIONS(profile="half"), {}, NoCredentials, "aws_secret_access_key"),
    (OPTIONS(endpoint_url="ftp://x"), {}, EndpointUnreachable, "ftp://x"),
    (OPTIONS(), {"AWS_ENDPOINT_URL": "localhost:4000"}, EndpointUnreachable, "localhost:4000"),
    (OPTIONS(), {"AWS_MAX_ATTEMPTS": "many", "AWS_METADATA_SERVICE_TIMEOUT": "soon"}, ConnectionProblem, "soon"),
]


@pytest.mark.parametrize(("options", "environ", "kind", "words"), PROBLEMS)
async def test_what_cannot_be_resolved_says_why(
    monkeypatch: pytest.MonkeyPatch,
    options: ConnectOptions,
    environ: dict[str, str],
    kind: type[ConnectionProblem],
    words: str,
) -> None:
    with pytest.raises(kind) as caught:
        await opened(options, monkeypatch, environ)
    assert words in str(caught.value)
    assert caught.value.remedy


async def test_a_configuration_that_cannot_be_read(files: Path) -> None:
    (files / "config").write_text("[profile\nregion")
    with pytest.raises(ConnectionProblem, match="config"):
        await AwsConnector(ConnectOptions(profile="prod")).connect()


async def test_sts_is_asked_where_cloudtrail_is(service: HttpService, monkeypatch: pytest.MonkeyPatch) -> None:
    service.says_bytes(
        b"<R><GetCallerIdentityResult><Arn>arn:x</Arn><Account>1</Account></GetCallerIdentityResult></R>", "text/xml"
    )
    # A proxy and certificates that do not exist must not matter to a call that stays on this machine.
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nonexistent.pem")
    gateway = await AwsConnector(ConnectOptions(profile="prod", endpoint_url=service.url)).connect()
    assert (await gateway.identify()).account == "1"
    (call,) = service.asked
    assert call[0] == "GetCallerIdentity"
    assert "Credential=AKPROD/" in call[2]["Authorization"]
    assert "/eu-west-1/sts/" in call[2]["Authorization"]
    await gateway.close()


async def test_retries_of_the_environment_do_not_count(service: HttpService, monkeypatch: pytest.MonkeyPatch) -> None:
    service.says({"__type": "ThrottlingException", "message": "Rate exceeded"}, 400)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    gateway = await AwsConnector(ConnectOptions(profile="prod", endpoint_url=service.url)).connect()
    with pytest.raises(Exception, match="Rate exceeded"):
        await gateway.describe_trails("eu-west-1")
    assert len(service.asked) == 1
    await gateway.close()


@pytest.mark.parametrize(
    ("options", "count", "some"),
    [
        (OPTIONS(profile="prod"), 34, {"eu-west-1", "us-east-1", "af-south-1"}),
        (OPTIONS(profile="prod", endpoint_url=LOCAL), 34, {"eu-west-1"}),
        (OPTIONS(profile="china"), 2, {"cn-north-1", "cn-northwest-1"}),
        (OPTIONS(region="us-gov-west-1"), 2, {"us-gov-west-1", "us-gov-east-1"}),
        (OPTIONS(region="mars-north-1"), 35, {"mars-north-1", "eu-west-1"}),
    ],
)
async def test_the_regions_of_the_partition_are_known_without_a_call(
    monkeypatch: pytest.MonkeyPatch, options: ConnectOptions, count: int, some: set[str]
) -> None:
    known = (await opened(options, monkeypatch, {})).known_regions
    assert len(known) >= count
    assert some <= set(known)
    assert list(known) == sorted(set(known))


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        (OPTIONS(profile="prod", endpoint_url="{}"), {}),
        (OPTIONS(profile="prod"), {"AWS_ENDPOINT_URL": "{}"}),
        (OPTIONS(profile="prod"), {"AWS_ENDPOINT_URL_ACCOUNT": "{}"}),
        (
            OPTIONS(profile="prod"),
            {
                "AWS_ENDPOINT_URL_CLOUDTRAIL": "https://vpce-1.cloudtrail.eu-west-1.vpce.amazonaws.com",
                "AWS_ENDPOINT_URL_ACCOUNT": "{}",
            },
        ),
    ],
)
async def test_regions_are_asked_where_cloudtrail_is_or_where_the_configuration_says(
    service: HttpService, monkeypatch: pytest.MonkeyPatch, options: ConnectOptions, environ: dict[str, str]
) -> None:
    service.says({"Regions": [{"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"}]})
    for name, value in environ.items():
        monkeypatch.setenv(name, value.format(service.url))
    if options.endpoint_url is not None:
        options = replace(options, endpoint_url=options.endpoint_url.format(service.url))
    gateway = await AwsConnector(options).connect()
    assert [region.name for region in await gateway.list_regions()] == ["eu-west-1"]
    assert [action for action, _, _ in service.asked] == ["ListRegions"]
    await gateway.close()
