"""Logins that are made in a browser: profiles of them, the tokens of the AWS CLI, and a portal."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from support.fakes.http_service import HttpService

START_URL = "https://corp.example/start"
SESSION = "corp"
SSO = (
    f"sso_session = {SESSION}\nsso_account_id = 111111111111\nsso_role_name = Audit\n"
    f"[sso-session {SESSION}]\nsso_region = eu-west-1\nsso_start_url = {START_URL}\n"
)
"""Settings of a profile with an SSO session, and that session."""
LEGACY_SSO = (
    f"sso_account_id = 111111111111\nsso_role_name = Audit\nsso_region = eu-west-1\nsso_start_url = {START_URL}\n"
)


def token_file(home: Path, called: str = SESSION) -> Path:
    """Where the CLI stores the token of an SSO session, or of a start URL."""
    return home / ".aws" / "sso" / "cache" / f"{hashlib.sha1(called.encode()).hexdigest()}.json"


def token(hours: float = 8) -> str:
    """A token as the CLI stores it, which has so many hours left."""
    until = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"startUrl": START_URL, "region": "eu-west-1", "accessToken": "token", "expiresAt": until})


def store_token(home: Path, hours: float = 8, called: str = SESSION) -> Path:
    """Store a token, as `aws sso login` does; returns its file."""
    file = token_file(home, called)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(token(hours))
    return fresh.replace(file)


def gives_a_key(portal: HttpService, *, minutes: float = 60) -> None:
    """Let the service answer as the portal of IAM Identity Center does, with a key that is valid for so long."""

    async def answer(_: web.Request) -> web.StreamResponse:
        expiration = int((datetime.now(UTC) + timedelta(minutes=minutes)).timestamp() * 1000)
        role = {"accessKeyId": "AKSSO", "secretAccessKey": "x", "sessionToken": "t", "expiration": expiration}
        return web.json_response({"roleCredentials": role})

    portal.answer = answer
