"""Parts of rows, each derived by the model's own rules from a record with nothing else in it."""

from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, Final

from msgspec import Raw, Struct
from msgspec.json import Decoder, encode

from ctui.files.event_of_record import Listed, event_of, resources_of, time_of
from ctui.model.event.calls.notable import SIGN_INS, needs_whole_record
from ctui.model.event.calls.own import AGENT
from ctui.model.event.head import LONGEST_KEPT
from ctui.model.event.record_view import RecordView
from ctui.store.columns import second_of
from ctui.store.index.index_row import INDEX_COLUMNS, derive
from ctui.store.index.table_line import UNNAMED

_LONGEST: Final = 1_000
"""Characters of the longest name or agent that is remembered."""
_NULL: Final = Raw(b"null")
TIME: Final = "2026-11-27T05:12:03Z"
"""A time as services write it."""
SECONDS_AT: Final = 17
"""Where the seconds begin in a time."""
_LISTED: Final = Decoder(list[Listed] | None)


class Caller(Struct, gc=False):
    """What a row has from who acted. Texts as in its columns."""

    kinds: int
    username: str | bytes | None
    key: str | bytes | None
    caller: str | bytes | None
    role: str | bytes | None
    session: str | bytes | None
    who: str | bytes | None
    mfa: str | bytes | None
    account: str | bytes | None


_CALLER_COLUMNS: Final = ("username", "access_key_id", "caller", "role", "session", "who", "mfa", "account")
_CALLER_AT: Final = tuple([column.name for column in INDEX_COLUMNS].index(name) for name in _CALLER_COLUMNS)


Call = tuple[str | None, str | None, bool | None, str | None, bool | None, bool | str | None, str | None, bool]
"""Source, name, readOnly, category, managementEvent, sessionCredentialFromConsole, error code, and whether there is a
message."""


class Unusual(Exception):
    """The whole record has to be derived."""


def _derived(**values: Any) -> tuple[list[str | bytes | None], int]:
    """The texts and kinds of a record with nothing else in it."""
    return derive(RecordView(event_of(encode({"eventTime": TIME, **values}).decode()), ""))


def caller_of(key: tuple[bytes, str | None, str | None, str | None]) -> Caller:
    """What a row has from a userIdentity, recipientAccountId, eventType and eventSource."""
    identity, account, kind, source = key
    texts, kinds = _derived(
        recipientAccountId=account, eventType=kind, eventSource=source, userIdentity=Raw(identity or b"null")
    )
    return Caller(kinds & ~UNNAMED, *(texts[at] for at in _CALLER_AT))


def kinds_of_call(call: Call) -> int | None:
    """The kinds of a call; None if they depend on its request, too. Raises Unusual."""
    source, name = call[0] or "", call[1] or ""
    # The kinds of a sign-in depend on how it ended.
    if name in SIGN_INS or sum(len(text) for text in call if isinstance(text, str)) > _LONGEST:
        raise Unusual
    return None if needs_whole_record(source, name) else _kinds(call)


def kinds_of_request(key: tuple[Call, bytes]) -> int:
    """The kinds of a call with its requestParameters. Raises Unusual."""
    call, request = key
    if len(request) > LONGEST_KEPT:
        raise Unusual
    return _kinds(call, Raw(request))


def _kinds(call: Call, request: Raw = _NULL) -> int:
    source, name, reads, category, management, console, code, message = call
    return _derived(
        eventSource=source,
        eventName=name,
        readOnly=reads,
        eventCategory=category,
        managementEvent=management,
        sessionCredentialFromConsole=console,
        errorCode=code,
        errorMessage="any" if message else None,
        requestParameters=request,
    )[1]


def kinds_of_agent(agent: str | None) -> int:
    """The kinds that a userAgent tells. Raises Unusual."""
    # Whether it is ctui's own call depends on which it is.
    if agent and (AGENT in agent or len(agent) > _LONGEST):
        raise Unusual
    return _derived(userAgent=agent)[1] & ~UNNAMED


def second_of_minute(minute: str) -> int:
    """The epoch second at which a minute begins: what stands before the seconds of a time. Raises Unusual."""
    return _second(f"{minute}00Z")


def seconds_in_minute(seconds: str) -> int:
    """How many seconds the rest of a time is. Raises Unusual."""
    return _second(TIME[:SECONDS_AT] + seconds) - _second(f"{TIME[:SECONDS_AT]}00Z")


def _second(stamp: str) -> int:
    time = time_of(stamp)
    if time is None:
        raise Unusual
    return second_of(time)


def errors_text(code: str | None, message: str | None) -> str:
    """The text of the column of errors, for an errorCode, an errorMessage or both."""
    texts = [_quoted(text) for text in dict.fromkeys((code or message, message)) if text]
    return f"[{', '.join(texts)}]"


def resources_text(about: tuple[bytes, str | None, bool, bytes, bytes]) -> str | None:
    """The text of the column of resources, for the record's own list, its source, whether it says that it reads, its
    request and its response. Texts of records that msgspec decodes have no half of a surrogate pair. Raises
    MsgspecError."""
    listed, source, reads, request, response = about
    named = resources_of(_LISTED.decode(listed), source, reads, request.decode(), response.decode())
    pairs = [f"[{'null' if kind is None else _quoted(kind)}, {_quoted(name)}]" for kind, name in named]
    return f"[{', '.join(pairs)}]" if pairs else None
