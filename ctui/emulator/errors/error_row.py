"""The rows of the error table: actions, and a cell for each edition."""

from dataclasses import dataclass

from ctui.emulator.actions import ACTIONS_2015, SINCE_2015
from ctui.emulator.options import Edition

SETTINGS = ("CreateTrail", "UpdateTrail")
WRITES = ("UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
EXISTING = (*WRITES, "GetTrailStatus")
NAMED = ("CreateTrail", *EXISTING)
ALL_2015 = tuple(ACTIONS_2015)
SINCE = tuple(SINCE_2015)
ALL = (*ALL_2015, *SINCE)
LOOKUP = ("LookupEvents",)
SELECTOR_WRITES = ("PutEventSelectors", "PutInsightSelectors")
NAMED_SINCE = ("GetTrail", "GetEventSelectors", "GetInsightSelectors", *SELECTOR_WRITES)
"""The newer actions that take the name of a trail, or its ARN."""
TAG_WRITES = ("AddTags", "RemoveTags")
TAGS = (*TAG_WRITES, "ListTags")
"""The actions that take ARNs alone."""


@dataclass(frozen=True, slots=True)
class Wire:
    """An error on the wire."""

    code: str
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Never:
    """The edition never returns this error, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One condition in both editions, and the actions that can get it."""

    actions: tuple[str, ...]
    today: Wire | Never
    y2015: Wire | Never
    later: tuple[str, ...] = ()
    """Actions that can get it only today."""

    def of(self, edition: Edition, action: str | None = None) -> Wire | Never:
        """The cell of one edition. With `action`: Never if that action cannot get it there."""
        if edition is Edition.TODAY:
            return self.today
        return Never(f"the 2015 reference lists no such error for {action}") if action in self.later else self.y2015


def modelled(actions: tuple[str, ...], code: str, status_2015: int, message: str, later: tuple[str, ...] = ()) -> Row:
    """An error of the reference that today's service still has: one code, one message, status 400 today."""
    return Row(actions, Wire(code, 400, message), Wire(code, status_2015, message), later)


def made(code: str, status_2015: int, message: str) -> Row:
    """An error of CreateTrail, and today also of UpdateTrail, which can add Regions to a trail."""
    wires = Wire(code, 400, message), Wire(code, status_2015, message)
    return Row(("CreateTrail",), *wires, later=("UpdateTrail",))


def in_query(code: str, message: str) -> Row:
    """An error of 2015 about a query string."""
    return Row(
        ALL_2015, Never("today's service ignores a query string, as long as it is signed"), Wire(code, 400, message)
    )


def same(actions: tuple[str, ...], code: str, status: int, message: str) -> Row:
    """An error that is the same in both editions."""
    return Row(actions, Wire(code, status, message), Wire(code, status, message))


def common(today: tuple[str, int], y2015: tuple[str, int], message: str, message_2015: str | None = None) -> Row:
    """An error that every action can get, with (code, status) in each edition."""
    return Row(ALL_2015, Wire(*today, message), Wire(*y2015, message_2015 or message), later=SINCE)


def since(actions: tuple[str, ...], code: str, message: str, missing: str) -> Row:
    """An error newer than the reference, and what the reference lacks."""
    return Row(actions, Wire(code, 400, message), Never(f"the 2015 reference has no {missing}"))


def name(message: str) -> Row:
    """An invalid trail name."""
    code = "InvalidTrailNameException"
    return Row(NAMED, Wire(code, 400, message), Wire(code, 400, message), later=("DescribeTrails", *NAMED_SINCE))


def lookup(code: str, message: str, later: tuple[str, ...] = ()) -> Row:
    """An error of LookupEvents."""
    return modelled(LOOKUP, code, 400, message, later)


def setting(code: str, status_2015: int, message: str) -> Row:
    """An error of CreateTrail and UpdateTrail."""
    return modelled(SETTINGS, code, status_2015, message)
