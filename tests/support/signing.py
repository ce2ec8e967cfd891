"""Requests made and signed by hand, with botocore's own signer, for what no SDK would send."""

import http.client
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."
STAMP = "%Y%m%dT%H%M%SZ"


def sign(
    url: str,
    action: str = "DescribeTrails",
    *,
    age: timedelta = timedelta(0),
    body: bytes = b"{}",
    headers: Mapping[str, str | None] | None = None,
    signer: type[SigV4Auth] = SigV4Auth,
    token: str | None = None,
    key: str = "demo",
    date_header: str = "X-Amz-Date",
    query: str = "",
    **options: Any,
) -> AWSRequest:
    """A signed request that is `age` old. A header whose value is None is left out."""
    stamp = (datetime.now(UTC) - age).strftime(STAMP)
    given = {"X-Amz-Target": TARGET + action, "Host": url.removeprefix("http://"), **(headers or {})}
    sent = {name: value for name, value in given.items() if value is not None}
    request = AWSRequest("POST", f"{url}/{query}", sent, body)
    request.context["timestamp"] = stamp
    auth = signer(Credentials(key, "demo", token), "cloudtrail", "us-east-1", **options)
    if signer is SigV4Auth:
        request.headers[date_header] = stamp
        if token:
            request.headers["X-Amz-Security-Token"] = token
    else:
        auth._modify_request_before_signing(request)
    text = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(text, request))
    return request


def post(url: str, action: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """Status and content of the answer to a signed request."""
    request = sign(url, action, body=body)
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=120)
    connection.request("POST", "/", body, dict(request.headers.items()))
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content or b"{}")


def on_the_wire(request: AWSRequest) -> bytes:
    """A request as bytes for a raw socket."""
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    return f"POST / HTTP/1.1\r\n{head}Content-Length: {len(request.data)}\r\n\r\n".encode() + bytes(request.data)
