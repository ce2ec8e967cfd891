"""The account, learned from events and trails if the service does not answer sts:GetCallerIdentity."""

import json
import re
import uuid
from collections.abc import Iterable

from ctui.model.connection import PROVISIONAL_PREFIX
from ctui.model.event.event import Event
from ctui.model.trail.trail import Trail

_ACCOUNT = re.compile(r"[0-9]{12}")


def new_provisional_account() -> str:
    """A provisional account for events of a login whose account is not known yet.

    No two sessions share one, because they may use different keys.
    """
    return f"{PROVISIONAL_PREFIX}{uuid.uuid4().hex}"


def account_in_events(events: Iterable[Event]) -> str | None:
    """The first recipientAccountId in these records, or None: the account that LookupEvents answers for."""
    for event in events:
        try:
            record = json.loads(event.record)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict) and (account := _account(record.get("recipientAccountId"))):
            return account
    return None


def account_in_trails(trails: Iterable[Trail]) -> str | None:
    """The account in the first trail ARN, or None. Organization trails name the management account and are skipped."""
    for trail in trails:
        parts = (trail.arn or "").split(":")
        if len(parts) > 4 and not trail.is_organization_trail and (account := _account(parts[4])):
            return account
    return None


def _account(value: object) -> str | None:
    return value if isinstance(value, str) and _ACCOUNT.fullmatch(value) else None
