"""An isolated connection: whatever AWS_*, proxy and certificate settings this machine has, none has a say."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes.http_service import HttpService, isolated_options

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector
from ctui.model.connection import Connection, Scope
from ctui.model.lookup.scan import Scan
from ctui.threads import off_loop

pytestmark = pytest.mark.asyncio(loop_scope="module")

ELSEWHERE = "http://127.0.0.1:9"
GARBAGE: list[dict[str, str]] = [
    {"AWS_PROFILE": "nobody"},
    {"AWS_DEFAULT_PROFILE": "nobody"},
    {"AWS_CA_BUNDLE": "/nonexistent.pem", "REQUESTS_CA_BUNDLE": "/nonexistent.pem", "SSL_CERT_FILE": "/nonexistent"},
    dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), ELSEWHERE),
    {"AWS_ENDPOINT_URL": ELSEWHERE, "AWS_ENDPOINT_URL_CLOUDTRAIL": ELSEWHERE, "AWS_ENDPOINT_URL_STS": ELSEWHERE},
    {"AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"},
    {"AWS_ACCESS_KEY_ID": "AKREAL", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"},
    {"AWS_ACCESS_KEY_ID": "AKREAL"},
    {"AWS_REGION": "mars", "AWS_DEFAULT_REGION": "mars"},
    {"AWS_MAX_ATTEMPTS": "many", "AWS_RETRY_MODE": "stubborn"},
    {"AWS_DEFAULTS_MODE": "none such", "AWS_STS_REGIONAL_ENDPOINTS": "none such"},
    {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "none such", "AWS_AUTH_SCHEME_PREFERENCE": "sigv4a"},
    {"AWS_REQUEST_CHECKSUM_CALCULATION": "none such", "AWS_RESPONSE_CHECKSUM_VALIDATION": "none such"},
    {"AWS_DATA_PATH": "/nonexistent", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "::", "AWS_METADATA_SERVICE_TIMEOUT": "x"},
    {"AWS_CSM_ENABLED": "true", "AWS_CSM_HOST": "192.0.2.1", "AWS_CSM_PORT": "x"},
    {"AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "x", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
    {"BOTOCORE_EXPERIMENTAL__PLUGINS": "x=no.such.module", "BOTO_DISABLE_CRT": "x"},
]


@pytest.mark.parametrize("environ", GARBAGE, ids=lambda environ: next(iter(environ)))
async def test_no_setting_of_this_machine_has_a_say(
    home: Path, service: HttpService, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text("[profile\nbroken")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    service.says({"Events": []}, Date="Tue, 14 Nov 2023 22:13:21 GMT")
    gateway = await AwsConnector(isolated_options(service.url)).connect()
    assert gateway.connection == Connection("test", "eu-west-1", service.url, service.url)
    await gateway.lookup_events(Scan(Scope(service.url, "1", "us-east-1"), None, 1), None)
    ((action, _, headers),) = service.asked
    assert action == "LookupEvents"
    assert "Credential=demo/" in headers["Authorization"]
    assert "/us-east-1/cloudtrail/" in headers["Authorization"]
    await gateway.close()


async def test_an_isolated_connection_needs_all_it_will_not_look_up(service: HttpService) -> None:
    options = isolated_options(service.url, region=None)
    with pytest.raises(Exception, match="Region, endpoint and key"):
        await AwsConnector(options).connect()


async def test_nothing_is_logged_in_or_imported_until_the_first_rows_are_drawn(
    service: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = asyncio.Event()
    asked = asyncio.Event()
    begun: list[str] = []

    async def waits_for_the_screen() -> None:
        asked.set()
        await drawn.wait()

    async def noted(work: Callable[[], AwsGateway], name: str) -> AwsGateway:
        begun.append(name)
        return await off_loop(work, name)

    monkeypatch.setattr("ctui.aws.connector.off_loop", noted)
    options = replace(isolated_options(service.url), drawn=waits_for_the_screen)
    connecting = asyncio.ensure_future(AwsConnector(options).connect())
    await asked.wait()
    assert begun == []
    drawn.set()
    gateway = await connecting
    assert begun[0] == "ctui-login"
    await gateway.close()
