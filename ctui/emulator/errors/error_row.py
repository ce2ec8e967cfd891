"""What a row of the error table is made of: actions, and a cell for each edition."""

from dataclasses import dataclass

from ctui.emulator.options import Edition

SETTINGS = ("CreateTrail", "UpdateTrail")
WRITES = ("UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
EXISTING = (*WRITES, "GetTrailStatus")
NAMED = ("CreateTrail", *EXISTING)
ALL = (*NAMED, "DescribeTrails", "LookupEvents")
LOOKUP = ("LookupEvents",)


@dataclass(frozen=True, slots=True)
class Wire:
    """How an error travels."""

    code: str
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Never:
    """The edition cannot answer this, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One condition in both editions, and the actions it can meet."""

    actions: tuple[str, ...]
    today: Wire | Never
    y2015: Wire | Never
    later: tuple[str, ...] = ()
    """Actions that can meet it today alone."""

    def of(self, edition: Edition, action: str | None = None) -> Wire | Never:
        """The cell of one edition; with `action`, whether that action can meet it there."""
        if edition is Edition.TODAY:
            return self.today
        return Never(f"the 2015 reference lists no such error for {action}") if action in self.later else self.y2015


def modelled(actions: tuple[str, ...], code: str, status_2015: int, message: str) -> Row:
    """An error of the reference that today's service still has: one code, one message, 400 today."""
    return Row(actions, Wire(code, 400, message), Wire(code, status_2015, message))


def made(code: str, status_2015: int, message: str) -> Row:
    """An error of CreateTrail, and today of UpdateTrail, which can make a trail appear in more Regions."""
    wires = Wire(code, 400, message), Wire(code, status_2015, message)
    return Row(("CreateTrail",), *wires, later=("UpdateTrail",))


def in_query(code: str, message: str) -> Row:
    """An error of 2015 about what a query string holds."""
    return Row(ALL, Never("today's service ignores a query string, as long as it is signed"), Wire(code, 400, message))


def same(actions: tuple[str, ...], code: str, status: int, message: str) -> Row:
    """An error that is the same in both editions."""
    return Row(actions, Wire(code, status, message), Wire(code, status, message))


def common(today: tuple[str, int], y2015: tuple[str, int], message: str, message_2015: str | None = None) -> Row:
    """An error every action can meet: (code, status) of each edition."""
    return Row(ALL, Wire(*today, message), Wire(*y2015, message_2015 or message))


def since(actions: tuple[str, ...], code: str, message: str, missing: str) -> Row:
    """An error that came after the reference, and what the reference lacks."""
    return Row(actions, Wire(code, 400, message), Never(f"the 2015 reference has no {missing}"))


def name(message: str) -> Row:
    """An invalid trail name."""
    code = "InvalidTrailNameException"
    return Row(NAMED, Wire(code, 400, message), Wire(code, 400, message), later=("DescribeTrails",))


def lookup(code: str, message: str) -> Row:
    """An error of LookupEvents."""
    return modelled(LOOKUP, code, 400, message)


def setting(code: str, status_2015: int, message: str) -> Row:
    """An error of CreateTrail and UpdateTrail."""
    return modelled(SETTINGS, code, status_2015, message)
