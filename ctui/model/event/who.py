"""Who acted in an event, by every name: worked out once for each identity, since most events repeat one."""

from functools import lru_cache
from typing import Any

from ctui.model.event.head import Head, decode_identity
from ctui.model.event.identity import Caller, caller_of, signed_in_name
from ctui.model.event.mfa import Mfa, mfa_of
from ctui.model.event.names import acts_as_service, names_of, role_of, sessions_of
from ctui.model.event.record import text
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Who:
    """Who acted in one event; texts as recorded."""

    caller: Caller
    role: str
    """The role whose permissions were used (`names.role_of`)."""
    sessions: tuple[str, ...]
    """The names of the session (`names.sessions_of`)."""
    names: tuple[str, ...]
    """Every name (`names.names_of`)."""
    mfa: Mfa
    """Whether MFA was used, as far as the identity tells (`mfa.mfa_of`)."""


def who_acted(head: Head, username: str | None, access_key_id: str | None) -> Who:
    """Who acted in the event of this head. `username` and `access_key_id` are the service's own. Never raises."""
    if head.identity is None:
        return _who(head.values, username, access_key_id)
    # All that the names are read from.
    source = text(head.values.get("eventSource")) if acts_as_service(head.values) else None
    return _kept(head.identity, signed_in_name(head.values), source, username, access_key_id)


def _who(record: dict[str, Any], username: str | None, access_key_id: str | None) -> Who:
    return Who(
        caller=caller_of(record, username),
        role=role_of(record),
        sessions=sessions_of(record),
        names=names_of(record, username, access_key_id),
        mfa=mfa_of({"userIdentity": record.get("userIdentity")}),
    )


@lru_cache(maxsize=1024)
def _kept(identity: bytes, signed_in: str, service: str | None, username: str | None, access_key_id: str | None) -> Who:
    record: dict[str, Any] = {
        "userIdentity": decode_identity(identity) if identity else None,
        "additionalEventData": {"UserName": signed_in},
    }
    if service is not None:
        record |= {"eventSource": service, "eventType": "AwsServiceEvent"}
    return _who(record, username, access_key_id)
