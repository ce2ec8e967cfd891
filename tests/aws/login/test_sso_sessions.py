"""Many profiles of one SSO session log in once: its token is renewed by one of them, and the others read it."""

import asyncio
import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.aws_home import tokens_in
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROFILES = ("dev", "stage", "prod", "by-role")
CONFIG = """
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile by-role]
region = eu-west-1
role_arn = arn:aws:iam::111111111111:role/admin
source_profile = dev
""" + "".join(
    f"""
[profile {name}]
region = eu-west-1
sso_session = corp
sso_account_id = {number:012}
sso_role_name = Read
"""
    for number, name in enumerate(PROFILES[:3])
)


def written(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


async def test_a_token_is_renewed_once_for_all_profiles(
    home: Path, service: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSO", "SSO_OIDC", "STS"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", service.url)
    folder = tokens_in(home, monkeypatch)
    folder.mkdir(parents=True)
    (home / ".aws" / "config").write_text(CONFIG)
    now = datetime.now(UTC)
    token = {
        "startUrl": "https://corp.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "old",
        "expiresAt": written(now + timedelta(minutes=5)),
        "clientId": "c",
        "clientSecret": "s",
        "registrationExpiresAt": written(now + timedelta(days=30)),
        "refreshToken": "once",
    }
    (folder / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))
    all_log_in = asyncio.Event()
    bearers = []

    async def answer(request: web.Request) -> web.StreamResponse:
        action, _, headers = service.asked[-1]
        if action == "Token":
            await all_log_in.wait()
            return web.json_response({"accessToken": "new", "expiresIn": 28800, "refreshToken": "twice"})
        if action == "AssumeRole":
            return web.Response(
                text="<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKROLE</AccessKeyId>"
                f"<SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>"
                f"{written(now + timedelta(hours=1))}</Expiration></Credentials></AssumeRoleResult>"
                "</AssumeRoleResponse>",
                content_type="text/xml",
            )
        bearers.append(headers["x-amz-sso_bearer_token"])
        until = int((now + timedelta(hours=1)).timestamp() * 1000)
        key = {"accessKeyId": "AKSSO", "secretAccessKey": "x", "sessionToken": "t", "expiration": until}
        return web.json_response({"roleCredentials": key})

    service.answer = answer
    connecting = [asyncio.create_task(AwsConnector(ConnectOptions(profile=name)).connect()) for name in PROFILES]
    while sum(thread.name == "ctui-login" for thread in threading.enumerate()) < len(PROFILES):  # noqa: ASYNC110
        await asyncio.sleep(0)
    all_log_in.set()
    gateways = await asyncio.gather(*connecting)
    tokens = [parameters for action, parameters, _ in service.asked if action == "Token"]
    assert [each["refreshToken"] for each in tokens] == ["once"]
    assert bearers == ["new"] * 4
    for gateway in gateways:
        await gateway.close()
