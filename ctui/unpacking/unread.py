"""Unread: what is not read, and why."""

from ctui.model.values import dataclass
from ctui.unpacking.names import DIGEST_FILE


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is not read."""

    reason: str
    """Why, in words for a report: "3 × …" can stand before it."""


NOT_JSON = Unread("text that is not JSON")
DIGEST = Unread(DIGEST_FILE)
LOG_MESSAGE = Unread("a log message that is not JSON")
OTHER_JSON = Unread("JSON that is not a CloudTrail record")
TOO_LARGE = Unread("a record larger than 100 MB")
OTHER_EVENT = Unread("an EventBridge event that is not from CloudTrail")
