"""A record as a filter reads it: decoded at most once, values as the recorded texts."""

from collections.abc import Iterator
from typing import Any

from ctui.model.event.calls.levels import Level, deletes, level_of
from ctui.model.event.calls.notable import is_notable, may_read_secret, needs_whole_record, reads_secret
from ctui.model.event.calls.own import own_read
from ctui.model.event.event import Event
from ctui.model.event.head import Head, decode_head
from ctui.model.event.identity import account_of, another_account
from ctui.model.event.kind import AGGREGATED, DATA, INSIGHT
from ctui.model.event.mfa import Mfa, mfa_of
from ctui.model.event.origin import from_console
from ctui.model.event.outcome import MARKS, denied, failure_of, failure_of_call
from ctui.model.event.record import decode_record, mapping, text, texts_of, values_at
from ctui.model.event.things import short_names, things_of
from ctui.model.event.who import Who, who_acted


class RecordView:
    """One event while a filter is evaluated; the record is decoded only when a term needs it."""

    __slots__ = (
        "_call",
        "_failure",
        "_folded",
        "_head",
        "_mfa",
        "_record",
        "_who",
        "event",
        "marked",
        "new",
        "raw",
        "region",
        "verbatim",
    )

    def __init__(self, event: Event, region: str, *, marked: bool = False, new: bool = False) -> None:
        self.event = event
        self.marked = marked
        """True if a person has marked the event."""
        self.new = new
        """True if the store has not seen its user or role before with its network, agent, Region or service."""
        self.region = region
        """The Region that was searched, for records that name none."""
        self.raw = event.record
        self.verbatim = "\\" not in event.record
        """True if the JSON uses no escapes, so that each text of the record is in `raw` unchanged."""
        self._record: dict[str, Any] | None = None
        self._folded: str | None = None
        self._failure: str | None = None
        self._call: tuple[str, str] | None = None
        self._head: Head | None = None
        self._mfa: Mfa | None = None
        self._who: Who | None = None

    @property
    def folded(self) -> str:
        """The record's text without letter case; each word of a line looks for itself in it."""
        if self._folded is None:
            self._folded = self.raw.casefold()
        return self._folded

    @property
    def record(self) -> dict[str, Any]:
        """The decoded record; empty if it is not a JSON object or cannot be read."""
        if self._record is None:
            self._record = decode_record(self.raw)
        return self._record

    @property
    def head(self) -> dict[str, Any]:
        """What the record has under the keys of its head (`decode_head`); cheaper than all of it."""
        if self._head is None:
            self._head = decode_head(self.raw)
        return self._head.values

    @property
    def who(self) -> Who:
        """Who acted."""
        if self._who is None:
            self._head = self._head or decode_head(self.raw)
            self._who = who_acted(self._head, self.event.username, self.event.access_key_id)
        return self._who

    def cannot_contain(self, text: str) -> bool:
        """True if certainly no key or value contains this text; does not decode the record."""
        return self.verbatim and text not in self.raw

    def texts(self) -> Iterator[str]:
        """Every key and every value of the record."""
        return texts_of(self.record)

    def at(self, path: tuple[str, ...]) -> Iterator[str]:
        """Values at or below a path. A list counts as all its items, or one by index; null is no value."""
        return values_at(self.record, path)

    def account(self) -> str:
        """recipientAccountId, else the caller's account; "" if neither is a text."""
        return account_of(self.head)

    def failed(self) -> bool:
        """True for a call that failed, as `outcome.RULES` say."""
        return bool(self.failure())

    def failure(self) -> str:
        """Why the call failed, as `outcome.RULES` say; "" for a call that succeeded."""
        if self._failure is None:
            self._head = self._head or decode_head(self.raw)
            self._failure = failure_of_call(self._head.values)
            if not (self._failure or self._head.alone or all(map(self.cannot_contain, MARKS))):
                self._failure = failure_of(self.record)
        return self._failure

    def denied(self) -> bool:
        """True for a call that was refused because the caller was not allowed to make it (`outcome.denied`)."""
        code = text(self.head.get("errorCode"))
        return bool(code) and denied(code)

    def errors(self) -> tuple[str, ...]:
        """Why the call failed, and the error message; empty for a call that succeeded."""
        if not (failure := self.failure()):
            return ()
        return tuple(dict.fromkeys(filter(None, (failure, text(self.head.get("errorMessage"))))))

    def by_service(self) -> bool:
        """True for a call that an AWS service made itself, and for a service event."""
        who = mapping(self.head.get("userIdentity"))
        return (
            who.get("type") == "AWSService"
            or ("type" not in who and bool(text(who.get("invokedBy"))))
            or self.head.get("eventType") == "AwsServiceEvent"
        )

    def is_insight(self) -> bool:
        """True for an Insights event."""
        return not self.cannot_contain(INSIGHT) and self.head.get("eventType") == INSIGHT

    def category(self) -> str:
        """The record's eventCategory; "" if it names none."""
        return text(self.head.get("eventCategory"))

    def is_data(self) -> bool:
        """True for a data event: by its category, or, where it names none, because it says that it is no management
        event."""
        category = self.category()
        return category == DATA or (not category and self.head.get("managementEvent") in (False, "false"))

    def call(self) -> tuple[str, str]:
        """Event source and name: the service's own, or the record's if there are none; "" twice for an Insights event
        and an aggregated one, which are about calls and are none themselves."""
        if self._call is None and (self.is_insight() or self.category() == AGGREGATED):
            self._call = "", ""
        if self._call is None:
            source = self.event.source or text(self.head.get("eventSource"))
            self._call = source, self.event.name or text(self.head.get("eventName"))
        return self._call

    def notable(self) -> bool:
        """True for an event that is worth a look (`notable.notable_reasons`)."""
        return is_notable(self._enough_for_rules(), *self.call())

    def deletes(self) -> bool:
        """True for a call that deletes something."""
        return deletes(*self.call())

    def changes_permissions(self) -> bool:
        """True for a call that changes who may do what."""
        return level_of(*self.call()) is Level.PERMISSION

    def reads_secret(self) -> bool:
        """True for a call whose answer holds a secret, a credential or an object's content."""
        return may_read_secret(*self.call()) and reads_secret(self._enough_for_rules(), *self.call())

    def _enough_for_rules(self) -> dict[str, Any]:
        return self.record if needs_whole_record(*self.call()) else self.head

    def own_read(self) -> bool:
        """True for a read that says it was made by ctui itself, run by anyone."""
        return own_read(self.head, *self.call(), self.event.read_only)

    def by_root(self) -> bool:
        """True for the account's root identity."""
        return self.who.caller.root

    def by_another_account(self) -> bool:
        """True if the caller's account is another one than the account that the event was recorded for."""
        return another_account(self.head)

    def role(self) -> str:
        """The name of the role whose permissions were used; "" if there is none."""
        return self.who.role

    def sessions(self) -> tuple[str, ...]:
        """The names of the session that acted, and its source identity."""
        return self.who.sessions

    def names(self) -> tuple[str, ...]:
        """Every text that names who acted, the service's own Username and AccessKeyId among them."""
        return self.who.names

    def things(self) -> tuple[str, ...]:
        """What the event is about, each thing by its recorded name and by its shorter ones, and the service's own
        names of resources among them."""
        resources = (resource.name or "" for resource in self.event.resources)
        names = dict.fromkeys((*resources, *things_of(self.record)))
        return tuple(dict.fromkeys(one for name in names for one in (name, *short_names(name))))

    def mfa(self) -> Mfa:
        """Whether MFA was used, as far as the record can know."""
        if self._mfa is None:
            self._mfa = self.who.mfa if self.head.get("additionalEventData") is None else mfa_of(self.head)
        return self._mfa

    def from_console(self) -> bool:
        """True for a sign-in and for a call from the AWS console, as far as the record shows it."""
        return from_console(self.head)
