"""A reply to a request, and what an injected fault does to it on its way."""

from dataclasses import dataclass, replace

from ctui.emulator.options import FaultName

JSON_TYPE = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply on the wire."""

    status: int
    content_type: str
    body: bytes
    request_id: str
    error: str | None = None
    """The error code, or None for an answer."""
    damage: FaultName | None = None
    """What happens to it on its way, or None."""


def damaged(reply: Reply, damage: FaultName | None) -> Reply:
    """An answer as it arrives through what is between a client and the service."""
    match damage:
        case FaultName.TRUNCATED:
            return replace(reply, body=reply.body[: len(reply.body) // 2])
        case FaultName.NULL:
            return replace(reply, body=b"null")
        case FaultName.HTML:
            return replace(reply, content_type="text/html", body=b"<html><body><h1>Sign in</h1></body></html>")
        case _:
            return replace(reply, damage=damage)
