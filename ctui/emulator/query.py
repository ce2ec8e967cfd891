"""Query strings: this API has no use for them but to carry a signature."""

import re

from ctui.emulator.conditions import Condition, Refusal

_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SIGNING = ("X-Amz-", "Action=", "Version=")


def check_query(query: str, *, today: bool) -> None:
    """Raises Refusal for a query string with a syntax error, and in 2015 for one with parameters nobody knows."""
    if _ESCAPE.search(query) or any(part.startswith("=") for part in query.split("&")):
        raise Refusal(Condition.QUERY_MALFORMED)
    if today:
        return
    for part in query.split("&"):
        if part and not part.startswith(_SIGNING):
            raise Refusal(Condition.QUERY_UNKNOWN, name=part.partition("=")[0])
