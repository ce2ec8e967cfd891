"""The values of `is:`: one table with the test of each kind and the texts that help a store to skip events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ctui.model.event.mfa import MARKERS, Mfa
from ctui.model.event.outcome import DENIALS, MARKS
from ctui.model.event.record_view import RecordView


class EventKind(StrEnum):
    """A value of `is:`."""

    WRITE = "write"
    READ = "read"
    ERROR = "error"
    DENIED = "denied"
    LOGIN = "login"
    MFA = "mfa"
    ROOT = "root"
    CONSOLE = "console"
    FOREIGN = "foreign"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """How events of one kind are recognized."""

    test: Callable[[RecordView], bool]
    """True for an event of this kind."""
    read_only: str = ""
    """The service's ReadOnly of such events, if that decides; a lookup and a column can then select them."""
    markers: tuple[str, ...] = ()
    """Each plain record of this kind contains at least one of these texts (see `prefilter.is_plain`)."""


KINDS: Mapping[EventKind, KindRow] = {
    EventKind.WRITE: KindRow(test=lambda view: view.event.read_only == "false", read_only="false"),
    EventKind.READ: KindRow(test=lambda view: view.event.read_only == "true", read_only="true"),
    EventKind.ERROR: KindRow(test=lambda view: view.failed(), markers=MARKS),
    EventKind.DENIED: KindRow(test=lambda view: view.denied(), markers=DENIALS),
    EventKind.LOGIN: KindRow(test=lambda view: view.event.name == "ConsoleLogin"),
    EventKind.MFA: KindRow(test=lambda view: view.mfa() is Mfa.YES, markers=MARKERS),
    EventKind.ROOT: KindRow(
        test=lambda view: not view.cannot_contain("Root") and view.by_root(), markers=("Root",)
    ),
    EventKind.CONSOLE: KindRow(test=lambda view: view.from_console(), markers=("console", "signin.amazonaws.com")),
    # Nearly every record has both accounts, so no text rules one out.
    EventKind.FOREIGN: KindRow(test=lambda view: view.by_another_account()),
    EventKind.SERVICE: KindRow(test=lambda view: view.by_service(), markers=("AWSService", "invokedBy")),
}  # fmt: skip
