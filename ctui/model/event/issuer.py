"""Whether an event issued the credentials of another call, and how sure that is."""

from enum import StrEnum
from typing import Final

from ctui.model.event.credentials import RESERVED_ROLE, CredentialKind, Credentials, credentials_of
from ctui.model.event.event import Event
from ctui.model.event.issuance import PORTAL, Issuance, IssueKind, issuance_of
from ctui.model.event.outcome import failure_of
from ctui.model.event.record import decode_record, text
from ctui.model.values import dataclass

SIGN_IN_SECONDS: Final = 600
"""How far apart a sign-in and the beginning of its session are at most."""


KEY_SECONDS: Final = 2
"""How far apart the event that returns a key and the beginning of its session are at most; in public records the two
are in the same second."""


class Proof(StrEnum):
    """Why an event is taken for the one that issued credentials; the first ones are sure, the last one is not."""

    KEY = "the key"
    """It returned this key."""
    SIGN_IN_SESSION = "the sign-in session"
    """Both records name the same sign-in session."""
    SESSION = "the session"
    """The console took this role under this name in the second in which the session began."""
    LIKELY = "likely"
    """Who, and about when; the record of the event names no key."""


_STRENGTH: Final = tuple(Proof)


@dataclass(frozen=True, slots=True)
class Call:
    """What the trace of a session reads of one event. Texts are as recorded: hostile until `render` has cleaned
    them."""

    event_id: str
    second: int
    """Epoch second of the event."""
    name: str
    """EventName."""
    region: str
    ip: str
    account: str
    """The account in whose history it is (recipientAccountId); "" if the record does not say."""
    shared: str
    """The ID that this record has in common with that of the same call in another account (sharedEventID)."""
    failed: bool
    writes: bool
    """True if it is no read."""
    credentials: Credentials
    """What it was made with."""
    issued: Issuance | None
    """What it issued."""


def call_of(event: Event, region: str) -> Call:
    """The call in an event; `region` is that in which it was looked up. Never raises."""
    record, second = decode_record(event.record), int(event.time.timestamp())
    return Call(
        event_id=event.event_id,
        second=second,
        name=event.name or text(record.get("eventName")),
        region=text(record.get("awsRegion")) or region,
        ip=text(record.get("sourceIPAddress")),
        account=text(record.get("recipientAccountId")),
        shared=text(record.get("sharedEventID")),
        failed=bool(failure_of(record)),
        writes=event.read_only == "false" or (event.read_only is None and record.get("readOnly") in (False, "false")),
        credentials=credentials_of(record, event.username),
        issued=issuance_of(record, second, event.username),
    )


def proof_of(issued: Issuance, at: int, used: Credentials) -> Proof | None:
    """Why these credentials are what was issued at an epoch second, or None if they are not, as far as the records say.

    A record that names another key is no proof, unless it is of the console, which uses several keys for one session.
    """
    given = issued.credentials
    if given.key and given.key == used.key:
        # Where keys are masked, many sessions have the same one: then who and when tell them apart.
        agrees = used.began is None or abs(at - used.began) <= KEY_SECONDS
        return Proof.KEY if agrees and not _other_principal(given, used) else None
    if given.sign_in_session and given.sign_in_session == used.sign_in_session:
        return Proof.SIGN_IN_SESSION
    if issued.kind is IssueKind.USER_KEY or used.began is None or not _same_who(given, used):
        return None
    if issued.kind in (IssueKind.CREDENTIALS, IssueKind.SWITCH):
        if abs(at - used.began) > 1 or _other_principal(given, used):
            return None
        if issued.internal or issued.kind is IssueKind.SWITCH:
            return Proof.SESSION
        return None if given.key and used.key else Proof.LIKELY
    return Proof.LIKELY if abs(at - used.began) <= SIGN_IN_SECONDS else None


def better(one: Proof, other: Proof | None) -> bool:
    """True if the first proof is the surer one."""
    return other is None or _STRENGTH.index(one) < _STRENGTH.index(other)


def is_of_portal(call: Call, saml: Credentials) -> bool:
    """True if IAM Identity Center let its user into this role, the one taken with a SAML assertion.

    Its records name the permission set, which is a part of the role's name; today's name the user by an ID only.
    """
    if call.name not in PORTAL or call.issued is None or not saml.role.startswith(RESERVED_ROLE):
        return False
    granted, name = call.issued.credentials, call.credentials.username
    permission_set = saml.role.removeprefix(RESERVED_ROLE).rpartition("_")[0]
    return granted.role in (permission_set, saml.role) and (not name or name == saml.name)


def same_call(one: Call, other: Call) -> bool:
    """True if the records of two accounts are of the same call: they share an ID, or both issued the same key."""
    if one.shared and one.shared == other.shared:
        return True
    if one.issued is None or other.issued is None:
        return False
    key = one.issued.credentials.key
    return bool(key) and key == other.issued.credentials.key


def behind_identity_center(credentials: Credentials) -> bool:
    """True if a person came by these credentials through IAM Identity Center."""
    return credentials.role.startswith(RESERVED_ROLE) or "saml-provider/AWSSSO_" in credentials.provider


def _same_who(given: Credentials, used: Credentials) -> bool:
    if given.principal and used.principal and given.principal == used.principal:
        return True
    if given.arn and given.arn == used.arn:
        return True
    if CredentialKind.ROLE in (given.kind, used.kind):
        return bool(given.role and given.name) and (given.role, given.name) == (used.role, used.name)
    return bool(given.name) and (given.name, given.account) == (used.name, used.account)


def _other_principal(given: Credentials, used: Credentials) -> bool:
    return bool(given.principal and used.principal) and given.principal != used.principal
