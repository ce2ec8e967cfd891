"""Query strings: today they may only have a signature. The 2015 reference also has common parameters there."""

import re
from urllib.parse import parse_qsl

from ctui.emulator.errors.conditions import Condition, Refusal

API_VERSION = "2013-11-01"
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SIGNING = ("Algorithm", "Credential", "Date", "Expires", "Security-Token", "Signature", "SignedHeaders")
_COMMON = frozenset({"Action", "Version", *(f"X-Amz-{name}" for name in _SIGNING)})
"""Common Parameters of the reference, and Expires, which signing in a query string needs."""
_MOST = 100


def action_in(query: str) -> str | None:
    """The action in a query string, or None. Raises Refusal if it cannot be read."""
    return parts_of(query).get("Action")


def check_query(query: str, *, today: bool, query_protocol: bool) -> None:
    """Raises Refusal for a syntax error, and in 2015 for parameters that the reference does not have.

    `query_protocol`: only the query string names the action. Then it must name the API version too (2015).
    """
    parts = parts_of(query)
    if today:
        return
    for name in parts:
        if name not in _COMMON:
            raise Refusal(Condition.QUERY_UNKNOWN, name=name)
    if query_protocol and "Version" not in parts:
        raise Refusal(Condition.VERSION_MISSING)
    if parts.get("Version", API_VERSION) != API_VERSION:
        raise Refusal(Condition.VERSION_WRONG, version=parts["Version"])


def parts_of(query: str) -> dict[str, str]:
    """The parameters of a query string. Raises Refusal if it cannot be read."""
    if _ESCAPE.search(query) or any(part.startswith("=") for part in query.split("&")):
        raise Refusal(Condition.QUERY_MALFORMED)
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST))
    except ValueError:
        raise Refusal(Condition.QUERY_MALFORMED) from None
