"""The usual name of a file of events: whose they are, where and when they happened; no recorded text is in it."""

import re
from collections.abc import Sequence
from datetime import datetime

_OTHERS = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_PART = 40
"""Characters; an account, a Region and a day are shorter."""


def file_name(
    account: str | None, regions: Sequence[str], stretch: tuple[datetime | None, datetime] | None, ending: str
) -> str:
    """Such as `ctui-111111111111-eu-west-1-20261121-20261128.ndjson`.

    `stretch`: from and until, UTC, None for the start of history; None as a whole for marked events, of any time.
    """
    where = regions[0] if len(regions) == 1 else f"{len(regions)}-regions" if regions else ""
    if stretch is None:
        when = ["marked"]
    else:
        first, last = stretch
        days = ["all" if first is None else f"{first:%Y%m%d}", f"{last:%Y%m%d}"]
        when = list(dict.fromkeys(days))
    parts = ("ctui", account or "", where, *when)
    return "-".join(clean for part in parts if (clean := _OTHERS.sub("-", part).strip("-")[:_LONGEST_PART])) + ending
