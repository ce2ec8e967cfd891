"""Rows of records as they stand in log files: what `index_row.derive` says of an event, in a fifth of its time.

Most records differ from others in their time, their ID and what they are about, and not in who acted, by which call and
with which tool. So a row is put together from parts, and each part was derived by the model's own rules from a record
that has nothing else in it: there are no other rules here, only the knowledge of what depends on what. Where more than
that can matter, the whole record is derived.
"""

import re
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from ctui.files.decoding.row_parts import (
    SECONDS_AT,
    TIME,
    Caller,
    Unusual,
    caller_of,
    errors_text,
    kinds_of_agent,
    kinds_of_call,
    kinds_of_request,
    resources_text,
    second_of_minute,
    seconds_in_minute,
)
from ctui.files.event_of_record import Identity, event_of
from ctui.files.record_texts import OTHER_SOURCE
from ctui.files.segment import Row
from ctui.model.event.head import LONGEST_KEPT
from ctui.model.event.kind import AGGREGATED, DATA, INSIGHT
from ctui.model.event.names import acts_as_service
from ctui.model.event.outcome import OWN, OWN_STATUS, RULES
from ctui.model.event.record_view import RecordView
from ctui.model.log_files.event_digest import event_digest
from ctui.store.columns import second_of
from ctui.store.index.index_row import derive
from ctui.store.index.table_line import UNNAMED

_KEPT: Final = 8_192
"""Parts of one sort that are kept in memory before all are forgotten."""
_NULL: Final = Raw(b"null")
_NONE: Final = Raw()
_PARTS: Final = ("additionalEventData", "responseElements", "serviceEventDetails")
"""What says, below its own level, how an event ended or who acted."""
_TELLING: Final = {
    part: frozenset(rule.path[1] for rule in RULES if rule.path[0] == part) - {OWN, OWN_STATUS}
    | {"UserName", "MFAUsed"}
    for part in _PARTS
}
"""The keys in each of them that do so. Other ones are the event's own name, as `outcome.RULES` have it."""
_NO_OTHERS: Final = (_NONE,) * 8
_SPECIAL: Final = frozenset([INSIGHT, "Insight", AGGREGATED])
"""Types and categories of events that are no calls."""
_NO_TIME: Final = 1
"""No event is from this second (`event_of`)."""
_SESSION_KEY: Final = re.compile(rb'"accessKeyId":"(ASIA[A-Z0-9]+)"')
_BEGAN: Final = b'"creationDate":"'
_OTHER_KEY: Final = "ASIAOFANOTHERSESSION"

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Record(Struct, gc=False, kw_only=True):
    """All that a row depends on. A record in which something has another type is derived as a whole."""

    # In the order in which records have them: so each is found at once.
    userIdentity: Raw = _NONE
    eventTime: str
    eventSource: str | None = None
    eventName: str | None = None
    awsRegion: str | None = None
    sourceIPAddress: str | None = None
    userAgent: str | None = None
    errorCode: str | None = None
    errorMessage: str | None = None
    requestParameters: Raw = _NULL
    responseElements: Raw = _NULL
    additionalEventData: Raw = _NULL
    eventID: str
    readOnly: bool | None = None
    resources: Raw = _NULL
    eventType: str | None = None
    managementEvent: bool | None = None
    recipientAccountId: str | None = None
    serviceEventDetails: Raw = _NULL
    eventCategory: str | None = None
    sessionCredentialFromConsole: bool | str | None = None
    accountId: Raw = _NONE
    """Of aggregated events."""
    # What contains records, or is none, has one of these (`record_texts`).
    CloudTrailEvent: Raw = _NONE
    Events: Raw = _NONE
    Records: Raw = _NONE
    detail: Raw = _NONE
    digestS3Object: Raw = _NONE
    events: Raw = _NONE
    logEvents: Raw = _NONE
    message: Raw = _NONE


_RECORD: Final = Decoder(_Record)
_OBJECT: Final = Decoder(dict[str, Raw] | None)
_IDENTITY: Final = Decoder(Identity | None)


class _Kept(dict[K, V], Generic[K, V]):
    """Values that are made when they are first asked for. Who makes one may raise: then it is made again next time."""

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        if len(self) >= _KEPT:
            self.clear()
        self[key] = value = self._make(key)
        return value


class RowMaker:
    """Makes rows, and remembers parts of earlier ones. For one thread."""

    def __init__(self) -> None:
        self._callers = _Kept(self._caller)
        self._same_callers = _Kept(caller_of)
        self._services = _Kept(caller_of)
        self._calls = _Kept(kinds_of_call)
        self._requests = _Kept(kinds_of_request)
        self._agents = _Kept(kinds_of_agent)
        self._resources = _Kept(resources_text)
        self._minutes = _Kept(second_of_minute)
        self._seconds = _Kept(seconds_in_minute)

    def row(self, record: bytes | Raw, region: str = "", untimed_at: int = 0) -> Row:
        """The row of a record: one JSON object, in UTF-8. `region` is for a record that names none, `untimed_at` as in
        `event_of`. Never raises, whatever the record contains."""
        return self.row_of_usual(record, region) or _whole(record, region, untimed_at)

    def row_of_usual(self, record: bytes | Raw, region: str) -> Row | None:
        """The same of a record as trails deliver it, or None: it may be a record, or contain one."""
        try:
            known = _RECORD.decode(record)
        except (MsgspecError, RecursionError):
            return None
        others = (
            known.CloudTrailEvent, known.Events, known.Records, known.detail, known.digestS3Object, known.events,
            known.logEvents, known.message,
        )  # fmt: skip
        if others != _NO_OTHERS or (known.eventSource or "").startswith(OTHER_SOURCE):
            return None
        try:
            return self._row(known, region)
        except (Unusual, MsgspecError, ValueError, RecursionError):
            row = _whole(record, region, _NO_TIME)
            return None if row[0] == _NO_TIME else row

    def _row(self, known: _Record, region: str) -> Row:
        stamp, source, kind, reads = known.eventTime, known.eventSource, known.eventType, known.readOnly
        code, message = known.errorCode, known.errorMessage
        special = kind in _SPECIAL or known.eventCategory in _SPECIAL or known.accountId is not _NONE
        if special or len(stamp) != len(TIME) or not known.eventID:
            raise Unusual
        for part in _PARTS:
            if (value := getattr(known, part)) is not _NULL:
                _check_part(part, value, known.eventName or "")
        call = (
            source, known.eventName, reads, known.eventCategory, known.managementEvent,
            known.sessionCredentialFromConsole, code, bool(message),
        )  # fmt: skip
        kinds = self._calls[call]
        if kinds is None:
            kinds = self._requests[call, bytes(known.requestParameters)]
        caller = self._callers[bytes(known.userIdentity), known.recipientAccountId, kind]
        if caller is None:
            # The length of the source was looked at with the call.
            caller = self._services[bytes(known.userIdentity), known.recipientAccountId, kind, source]
        about = (
            bytes(known.resources), source, reads is True, bytes(known.requestParameters),
            bytes(known.responseElements),
        )  # fmt: skip
        # Few data events are about an object that another one is about, too.
        new = known.eventCategory == DATA or len(about[0]) + len(about[3]) + len(about[4]) > LONGEST_KEPT
        resources = resources_text(about) if new else self._resources[about]
        return (
            self._minutes[stamp[:SECONDS_AT]] + self._seconds[stamp[SECONDS_AT:]],
            event_digest(known.eventID),
            kinds | self._agents[known.userAgent] | caller.kinds,
            (
                known.eventName or None,
                source or None,
                caller.username,
                None if reads is None else "true" if reads else "false",
                caller.key,
                resources,
                caller.caller,
                caller.role,
                caller.session,
                caller.who,
                errors_text(code, message) if code or message else None,
                known.sourceIPAddress or None,
                known.userAgent or None,
                caller.mfa,
                caller.account,
                known.awsRegion or region or None,
            ),
        )

    def _caller(self, key: tuple[bytes, str | None, str | None]) -> Caller | None:
        """What a row has from who acted; None if that depends on the service."""
        identity, account, kind = key
        if len(identity) + len(account or "") + len(kind or "") > LONGEST_KEPT:
            raise Unusual
        who = _IDENTITY.decode(identity or b"null")
        if acts_as_service({"userIdentity": {"type": who.type if who else None}, "eventType": kind}):
            return None
        return self._caller_of_session(identity, account, kind) or caller_of((identity, account, kind, None))

    def _caller_of_session(self, identity: bytes, account: str | None, kind: str | None) -> Caller | None:
        """The same from another session of the same caller: nothing but its key is its own. None if more may be."""
        found = _SESSION_KEY.search(identity)
        if found is None or b"\\" in identity or identity.count(found[1]) > 1:
            return None
        alike = identity[: found.start(1)] + _OTHER_KEY.encode() + identity[found.end(1) :]
        began = alike.find(_BEGAN) + len(_BEGAN)
        if began >= len(_BEGAN):
            alike = alike[:began] + alike[alike.index(b'"', began) :]
        caller = self._same_callers[alike, account, kind, None]
        if caller.key != _OTHER_KEY or any(_OTHER_KEY in str(text) for text in (caller.caller, caller.who)):
            return None
        return replace(caller, key=found[1].decode())


def _check_part(part: str, value: Raw, own: str) -> None:
    """Raises Unusual if a part of a record may say how the event ended, or who acted."""
    keys = _OBJECT.decode(value)
    if keys and (own in keys or f"{own[:1].lower()}{own[1:]}Status" in keys or not _TELLING[part].isdisjoint(keys)):
        raise Unusual


def _whole(record: bytes | Raw, region: str, untimed_at: int) -> Row:
    return whole_row(bytes(record).decode("utf-8", "surrogateescape"), region, untimed_at)


def whole_row(record: str, region: str, untimed_at: int = 0) -> Row:
    """The row of any record, without a shorter way. `record` as `event_of` takes it. Never raises."""
    event = event_of(record, untimed_at)
    texts, kinds = derive(RecordView(event, region))
    if event.oddity is not None:
        kinds |= UNNAMED
    return second_of(event.time), event_digest(event.event_id), kinds, tuple(texts)
