"""Reads that ctui makes by itself, as their records show them.

CloudTrail records the calls of ctui as well. These are made without a key being pressed, again and again; they
say nothing of what happened in the account. What marks them is the user agent, which anyone can set: to hide such
events, the principal must be ours too.
"""

from typing import Any, Final

from ctui.model.event.calls.levels import service_of
from ctui.model.event.record import text

AGENT: Final = "ctui/"
"""What ctui adds to the user agent of its calls, before its version."""
_READS: Final = frozenset([
    ("cloudtrail", "LookupEvents"), ("cloudtrail", "DescribeTrails"), ("cloudtrail", "GetTrailStatus"),
    ("sts", "GetCallerIdentity"), ("account", "ListRegions"), ("ec2", "DescribeRegions"),
    ("organizations", "ListAccounts"),
])  # fmt: skip
"""The calls that ctui makes by itself: (event source, name)."""


def own_read(record: dict[str, Any], source: str, name: str, read_only: str | None) -> bool:
    """True for a read that says it was made by a ctui, run by anyone. Never raises.

    `read_only` is the service's own ReadOnly: an event that is said to be a write is none, whatever its name.
    """
    if (service_of(source), name) not in _READS or read_only == "false" or record.get("readOnly") in (False, "false"):
        return False
    return any(part.startswith(AGENT) for part in text(record.get("userAgent")).strip("[]").split())
