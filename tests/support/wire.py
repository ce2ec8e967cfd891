"""Real clients of the emulator, each making exactly one call, and the bending of their requests."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import boto3
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

CLIENTS = ("boto3", "aiobotocore")
LOOPBACK = {"retries": {"total_max_attempts": 1}, "proxies": {}}

Bend = Callable[[Any], None]
"""Registers event handlers on a boto3 client that change what it sends."""


@cache
def boto_session() -> boto3.Session:
    """One session for all tests: its service models are read once."""
    return boto3.Session(region_name="us-east-1")


@cache
def aio_session() -> AioSession:
    """The same for aiobotocore."""
    return get_session()


def boto_client(
    url: str,
    *,
    region: str = "us-east-1",
    key: str = "demo",
    secret: str = "demo",
    token: str | None = None,
    service: str = "cloudtrail",
    config: dict[str, Any] | None = None,
) -> Any:
    """A boto3 client that asks `url` once per call, whatever the environment says."""
    return boto_session().client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(**LOOPBACK, **(config or {})),
    )


Step = tuple[str, dict[str, Any]]
"""An action as the API names it, and its parameters."""


def converse(kind: str, url: str, steps: Sequence[Step], *, region: str = "us-east-1") -> list[dict[str, Any]]:
    """The answers to calls of the demo key through one client, boto3's or aiobotocore's. Raises ClientError."""
    if kind == "boto3":
        client = boto_client(url, region=region)
        answers = [getattr(client, _method(action))(**parameters) for action, parameters in steps]
        client.close()
    else:
        answers = asyncio.run(_aio_converse(url, steps, region))
    for answer in answers:
        answer.pop("ResponseMetadata")
    return answers


async def _aio_converse(url: str, steps: Sequence[Step], region: str) -> list[dict[str, Any]]:
    async with aio_session().create_client(
        "cloudtrail",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id="demo",
        aws_secret_access_key="demo",
        config=AioConfig(**LOOPBACK, warm_up_loader_caches=True),
    ) as client:
        return [dict(await getattr(client, _method(action))(**parameters)) for action, parameters in steps]


def _method(action: str) -> str:
    return "".join("_" + sign.lower() if sign.isupper() else sign for sign in action).lstrip("_")


def error_of(failure: ClientError) -> tuple[str, int]:
    """Code and HTTP status of an error."""
    return failure.response["Error"]["Code"], failure.response["ResponseMetadata"]["HTTPStatusCode"]


def send_body(body: bytes) -> Bend:
    """Send this body instead, signed."""

    def bend(client: Any) -> None:
        def replace(params: dict[str, Any], **_: Any) -> None:
            params["body"] = body

        client.meta.events.register("before-call.cloudtrail.*", replace)

    return bend


def send_header(name: str, value: str | None) -> Bend:
    """Change or drop a header after signing."""

    def bend(client: Any) -> None:
        def replace(request: Any, **_: Any) -> None:
            if name in request.headers:
                del request.headers[name]
            if value is not None:
                request.headers[name] = value

        client.meta.events.register("before-send.cloudtrail.*", replace)

    return bend


def send_target(target: str) -> Bend:
    """Ask for this action instead, signed."""

    def bend(client: Any) -> None:
        def replace(params: dict[str, Any], **_: Any) -> None:
            params["headers"]["X-Amz-Target"] = target

        client.meta.events.register("before-call.cloudtrail.*", replace)

    return bend


def send_query(query: str) -> Bend:
    """Add a query string, signed."""

    def bend(client: Any) -> None:
        def replace(params: dict[str, Any], **_: Any) -> None:
            params["url"] += "?" + query

        client.meta.events.register("before-call.cloudtrail.*", replace)

    return bend


def name_action_in_query(client: Any) -> None:
    """Name the action in the query string alone, and no API version there."""

    def move(model: Any, params: dict[str, Any], **_: Any) -> None:
        params["url"] += f"?Action={model.name}"
        del params["headers"]["X-Amz-Target"]

    client.meta.events.register("before-call.cloudtrail.*", move)


def signed_for(service: str) -> Bend:
    """Sign for another service."""

    def bend(client: Any) -> None:
        def replace(request: Any, **_: Any) -> None:
            request.context["signing"] = {**request.context.get("signing", {}), "signing_name": service}

        client.meta.events.register("before-sign", replace)

    return bend


def signed_at(offset: dt.timedelta, *, secret: str = "demo", key: str = "demo", region: str = "us-east-1") -> Bend:
    """Sign with a clock that is wrong by `offset`."""

    def bend(client: Any) -> None:
        def sign_again(request: Any, **_: Any) -> None:
            stamp = (dt.datetime.now(dt.UTC) + offset).strftime("%Y%m%dT%H%M%SZ")
            signer = SigV4Auth(Credentials(key, secret), "cloudtrail", region)
            del request.headers["Authorization"]
            del request.headers["X-Amz-Date"]
            request.headers["X-Amz-Date"] = stamp
            headers = {name: _text(value) for name, value in request.headers.items()}
            plain = AWSRequest(request.method, request.url, headers, request.body)
            plain.context["timestamp"] = stamp
            text = signer.string_to_sign(plain, signer.canonical_request(plain))
            scope = f"{key}/{stamp[:8]}/{region}/cloudtrail/aws4_request"
            names = signer.signed_headers(signer.headers_to_sign(plain))
            request.headers["Authorization"] = (
                f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signer.signature(text, plain)}"
            )

        client.meta.events.register("before-send.cloudtrail.*", sign_again)

    return bend


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
