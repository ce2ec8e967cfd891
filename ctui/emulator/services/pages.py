"""Pages of a list, as the newer services have them: MaxResults, NextToken, and a token while there is more."""

from collections.abc import Sequence
from typing import TypeVar

from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.services.service import Parameters, text_of

T = TypeVar("T")
_PREFIX = "page-from-"


def page(items: Sequence[T], parameters: Parameters, *, most: int, code: str) -> tuple[list[T], dict[str, str]]:
    """The items of the page that was asked for, and the member NextToken if there are more.

    `most` are the items that a page can have, `code` the service's error for a parameter that it refuses. Raises
    ServiceError.
    """
    limit, token = parameters.get("MaxResults", most), text_of(parameters, "NextToken")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= most:
        raise ServiceError(code, 400, f"MaxResults must be between 1 and {most}.")
    start = 0
    if token is not None:
        number = token.removeprefix(_PREFIX)
        if number == token or not number.isdecimal() or not 0 < int(number) < len(items):
            raise ServiceError(code, 400, "You provided an invalid NextToken.")
        start = int(number)
    end = start + limit
    return list(items[start:end]), {"NextToken": f"{_PREFIX}{end}"} if end < len(items) else {}
