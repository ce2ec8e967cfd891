"""The values of `is:`: one table with the test of each kind and the texts that help a store to skip events."""

from collections.abc import Callable, Mapping

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.calls.own import AGENT
from ctui.model.event.kind import AGGREGATED, DATA, INSIGHT, NETWORK, EventKind
from ctui.model.event.mfa import MARKERS, Mfa
from ctui.model.event.outcome import DENIALS, MARKS
from ctui.model.event.record_view import RecordView
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """How events of one kind are recognized."""

    test: Callable[[RecordView], bool]
    """True for an event of this kind."""
    attribute: LookupAttribute | None = None
    """What such events have and no others, if the service can select by it; a column can then, too."""
    markers: tuple[str, ...] = ()
    """Each plain record of this kind contains at least one of these texts (see `prefilter.is_plain`)."""


_WRITE = LookupAttribute(AttributeKey.READ_ONLY, "false")
_READ = LookupAttribute(AttributeKey.READ_ONLY, "true")
_LOGIN = LookupAttribute(AttributeKey.EVENT_NAME, "ConsoleLogin")

KINDS: Mapping[EventKind, KindRow] = {
    EventKind.WRITE: KindRow(test=lambda view: view.event.read_only == _WRITE.value, attribute=_WRITE),
    EventKind.READ: KindRow(test=lambda view: view.event.read_only == _READ.value, attribute=_READ),
    EventKind.ERROR: KindRow(test=lambda view: view.failed(), markers=MARKS),
    EventKind.DENIED: KindRow(test=lambda view: view.denied(), markers=DENIALS),
    EventKind.LOGIN: KindRow(test=lambda view: view.event.name == _LOGIN.value, attribute=_LOGIN),
    EventKind.MFA: KindRow(test=lambda view: view.mfa() is Mfa.YES, markers=MARKERS),
    EventKind.ROOT: KindRow(test=lambda view: view.by_root(), markers=("Root",)),
    EventKind.CONSOLE: KindRow(test=lambda view: view.from_console(), markers=("console", "signin.amazonaws.com")),
    # Nearly every record has both accounts, so no text rules one out.
    EventKind.FOREIGN: KindRow(test=lambda view: view.by_another_account()),
    EventKind.SERVICE: KindRow(test=lambda view: view.by_service(), markers=("AWSService", "invokedBy")),
    # Not a fact of the record: the store says which events a person has marked.
    EventKind.MARKED: KindRow(test=lambda view: view.marked),
    # What these look at first, the name of the call, is not always a text of the record.
    EventKind.NOTABLE: KindRow(test=lambda view: view.notable()),
    EventKind.DELETE: KindRow(test=lambda view: view.deletes()),
    EventKind.PERMISSION: KindRow(test=lambda view: view.changes_permissions()),
    EventKind.SECRET: KindRow(test=lambda view: view.reads_secret()),
    EventKind.OWN: KindRow(test=lambda view: view.own_read(), markers=(AGENT,)),
    # Not a fact of the record either: the store says what it has seen before.
    EventKind.NEW: KindRow(test=lambda view: view.new),
    # The service has these in a category of their own (`filter.selection`).
    EventKind.INSIGHT: KindRow(test=lambda view: view.is_insight(), markers=(INSIGHT,)),
    # These are in log files alone. Data events of before there were categories say that they are no management events.
    EventKind.DATA: KindRow(test=lambda view: view.is_data(), markers=(DATA, "managementEvent")),
    EventKind.NETWORK: KindRow(test=lambda view: view.category() == NETWORK, markers=(NETWORK,)),
    EventKind.AGGREGATED: KindRow(test=lambda view: view.category() == AGGREGATED, markers=(AGGREGATED,)),
}  # fmt: skip

ONLY_IN_FILES = frozenset((EventKind.DATA, EventKind.NETWORK, EventKind.AGGREGATED))
"""Kinds of events that LookupEvents never returns (API reference, LookupEvents: management and Insights events)."""
