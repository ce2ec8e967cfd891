"""Answers of the CloudTrail API: bytes become model values, or an error says why they are not from CloudTrail."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ctui.aws.decode.json_parts import text_of_body
from ctui.aws.decode.members import Fields, brief, not_readable
from ctui.errors import IncompleteAnswer, NotCloudTrail

JSON_TYPE = "application/x-amz-json-1"
"""How the content type of an answer in the AWS JSON protocol begins."""

SHORT = 100
"""Characters of an answer that an error repeats."""
_HEAD = 1_000
"""A web page shows that it is one within these first bytes."""

_ASK_AGAIN = {
    "LookupEvents": "m continues from here; nothing of this page counts as loaded",
}
"""What to do after an incomplete answer, by action."""


def read_nothing(body: bytes, headers: Mapping[str, str]) -> None:
    """Check the answer of DeleteTrail, StartLogging or StopLogging: no body, or an object whose members are ignored.

    Raises NotCloudTrail if nothing shows that CloudTrail answered: any web server can return an empty page.
    """
    if not (speaks_protocol(headers) or "x-amzn-requestid" in headers):
        raise not_cloudtrail("its answer has neither a request ID nor the AWS JSON content type")
    if body.strip():
        fields_of_body("The change", body, headers)


def read_error(body: bytes, headers: Mapping[str, str]) -> tuple[str, str] | None:
    """(code, message) of an error answer, or None if it has no code as the AWS JSON protocol writes it."""
    # Some front ends name the error only in the header. Both may have a namespace before and a URL after the code.
    fields = Fields.of(text_of_body(body)) or Fields({})
    code = fields.string("__type") or headers.get("x-amzn-errortype") or ""
    code = code.partition(":")[0].rpartition("#")[2].strip()
    return (code, fields.text("message") or fields.text("Message") or "") if code else None


def read_date(headers: Mapping[str, str]) -> datetime | None:
    """The Date header in UTC, or None if it is absent or unreadable."""
    try:
        instant = parsedate_to_datetime(headers.get("date", ""))
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def speaks_protocol(headers: Mapping[str, str]) -> bool:
    """True if the content type is that of the AWS JSON protocol."""
    return headers.get("content-type", "").startswith(JSON_TYPE)


def fields_of_body(action: str, body: bytes, headers: Mapping[str, str]) -> Fields:
    """The members of an answer. Raises IncompleteAnswer or NotCloudTrail if it is not a JSON object."""
    text = text_of_body(body)
    if (fields := Fields.of(text)) is None:
        raise no_answer(
            action, not_readable("it", brief(text, SHORT), "an object") if text.strip() else "it is empty", headers
        )
    return fields


def no_answer(action: str, why: str, headers: Mapping[str, str]) -> NotCloudTrail | IncompleteAnswer:
    """The error for an answer with status 200 that does not answer the call; `why` says what is wrong with it."""
    if not speaks_protocol(headers):
        return not_cloudtrail(why)
    return IncompleteAnswer(
        "Incomplete answer",
        f"{action} succeeded, but its answer is incomplete: {why}.",
        _ASK_AGAIN.get(action, "Press r to try again")
        + ". If it happens again, check any proxy and --endpoint-url (or AWS_ENDPOINT_URL).",
    )


def not_cloudtrail(why: str) -> NotCloudTrail:
    """The error for an answer that is not from CloudTrail."""
    return NotCloudTrail(
        "Not a CloudTrail API",
        f"The endpoint did not answer as CloudTrail does: {why}.",
        "Check --endpoint-url (or AWS_ENDPOINT_URL and the profile's endpoint_url) and any proxy, then press r.",
    )


def is_web_page(body: bytes) -> bool:
    """True if the answer is HTML, whatever its content type says."""
    return body[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def not_cloudtrail_but_a_page() -> NotCloudTrail:
    """The error for a web page: a network's login page, a proxy, or a web server."""
    return NotCloudTrail(
        "Not a CloudTrail API",
        "A web page came back instead of CloudTrail's answer: a network's login page, a proxy or a web server.",
        "Open any page in a browser, in case the network needs a login. Check any proxy and --endpoint-url "
        "(or AWS_ENDPOINT_URL and the profile's endpoint_url), then press r.",
    )
