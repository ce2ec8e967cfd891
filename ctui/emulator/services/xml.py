"""The query protocols of STS and EC2: a form comes in, XML goes out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.wire.signature import SignedRequest

CONTENT_TYPE = "text/xml"
_FORM = "application/x-www-form-urlencoded"
_MAX_FIELDS = 100


def is_form(request: SignedRequest) -> bool:
    """True for a form without a target, which is the query protocol."""
    form = request.headers.get("content-type", "").lower().startswith(_FORM)
    return form and "x-amz-target" not in request.headers


def form_of(request: SignedRequest) -> dict[str, str]:
    """The fields of a form, each with its first value. Raises Refusal if it cannot be read."""
    if (request.method, request.path) != ("POST", "/"):
        raise Refusal(Condition.ACTION_UNKNOWN, action=f"{request.method} {request.path}")
    try:
        fields = parse_qs(request.body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Refusal(Condition.ACTION_MISSING) from None
    return {name: values[0] for name, values in fields.items()}


def element(name: str, value: Any, item: str) -> str:
    """A value as an XML element; `item` is the name of the elements of a list."""
    if isinstance(value, Mapping):
        inner = "".join(element(key, part, item) for key, part in value.items())
    elif isinstance(value, list | tuple):
        inner = "".join(element(item, part, item) for part in value)
    else:
        inner = text(str(value).lower() if isinstance(value, bool) else str(value))
    return f"<{name}>{inner}</{name}>"


def text(value: str) -> str:
    """A text in XML 1.0, which cannot contain most control characters, not even escaped."""
    return escape("".join(sign if sign.isprintable() else "?" for sign in value))
