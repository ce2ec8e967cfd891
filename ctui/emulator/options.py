"""The options of an emulator: edition, lag, faults and the other flags, as values."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Edition(StrEnum):
    """Which service is emulated: today's, or exactly that of the API reference of September 2015."""

    TODAY = "today"
    Y2015 = "2015"


class Lag(StrEnum):
    """How long an event takes from its eventTime until LookupEvents shows it."""

    NONE = "none"
    REAL = "real"


class FaultName(StrEnum):
    """What `--fault` can make fail."""

    INTERNAL = "internal"
    THROTTLE = "throttle"
    UNAVAILABLE = "unavailable"
    DENIED = "denied"
    EXPIRED = "expired"
    """Session tokens are expired. Keys without one are not affected."""
    DELAY = "delay"
    HANG = "hang"
    """A call is answered when the fault has ended."""
    TRUNCATED = "truncated"
    """The call is done, but only half of the answer arrives. So with the others below."""
    NULL = "null"
    HTML = "html"
    RESET = "reset"


DAMAGES = frozenset({FaultName.TRUNCATED, FaultName.NULL, FaultName.HTML, FaultName.RESET})
"""What happens to answers on their way."""


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A fault and its probability: 0 for never, 1 for every call."""

    name: FaultName
    probability: float
    account: str | None = None
    """Where it strikes, or None for all accounts."""
    region: str | None = None
    """Where it strikes, or None for all Regions."""

    def strikes_in(self, account: str | None, region: str | None) -> bool:
        """True if it can strike a call to that account and Region, None if no one has signed it."""
        return self.account in (None, account) and self.region in (None, region)


_PLACE = re.compile(r"(?:(?P<account>[0-9]{12})(?:/|$))?(?P<region>[a-z]{2,}(?:-[a-z0-9]+)+)?")


def parse_fault(text: str) -> InjectedFault:
    """Parse NAME=PROBABILITY, such as `throttle=0.2`, or NAME@PLACE=PROBABILITY.

    PLACE is an account, a Region, or ACCOUNT/REGION. Raises ValueError with a message for the person.
    """
    named, equals, number = text.partition("=")
    name, at, place = named.strip().partition("@")
    where = _PLACE.fullmatch(place)
    if where is None or bool(at) != bool(place):
        raise ValueError(f"{place!r} is not an account, a Region or both, as in internal@111111111111/eu-west-1=1")
    known = ", ".join(FaultName)
    try:
        fault = FaultName(name)
    except ValueError:
        raise ValueError(f"{name!r} is not a fault: choose one of {known}, as in internal=0.05") from None
    try:
        probability = float(number) if equals else -1.0
    except ValueError:
        probability = -1.0
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"{text!r} needs a probability from 0 to 1, as in {fault}=0.05")
    return InjectedFault(fault, probability, where["account"], where["region"])


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """All flags of `ctui emulator`, with their defaults."""

    port: int = 0
    """TCP port; 0 picks a free one."""
    edition: Edition = Edition.TODAY
    lookup_rate: float | None = None
    """Lookups per second, or None for the edition's rate."""
    history_days: int | None = None
    """Days that LookupEvents reaches back, or None for the edition's."""
    lag: Lag = Lag.NONE
    seed: int = 1
    """Seed of the sample traffic and the faults."""
    traffic: bool = True
    """True: make a seeded past and live traffic. Calls to the emulator are always recorded."""
    load: tuple[Path, ...] = ()
    """CloudTrail files and folders to load."""
    load_account: str | None = None
    """The account of the loaded events, or None for the first of the account file."""
    faults: tuple[InjectedFault, ...] = ()
    data: Path | None = None
    """Folder for state, or None for a private temporary one that is removed at exit."""
    account: Path | None = None
    """Account file (TOML), or None for a built-in one."""
    organization: bool = False
    """True: the built-in organization of three accounts in six Regions, instead of the one built-in account."""
    trails: bool = True
    """True: make the trails of the account file. False: the accounts start without trails."""
    delivery: float = 300.0
    """Seconds between two deliveries of a trail."""
    allow_remote: str | None = None
    """Address to listen on, or None for loopback only."""
    until_stdin_closes: bool = False
    """End at the end of standard input, so that a child process does not outlive its parent."""
