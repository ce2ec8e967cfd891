"""What an emulator is started with: editions, lag, faults and the rest of its flags, as values."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Edition(StrEnum):
    """Which service is spoken: today's, or that of the API reference of September 2015, to the letter."""

    TODAY = "today"
    Y2015 = "2015"


class Lag(StrEnum):
    """How long an event takes from its eventTime until LookupEvents shows it."""

    NONE = "none"
    REAL = "real"


class FaultName(StrEnum):
    """What `--fault` can make go wrong."""

    INTERNAL = "internal"
    THROTTLE = "throttle"
    UNAVAILABLE = "unavailable"
    DELAY = "delay"


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A fault and how often it strikes: 0 never, 1 at each call."""

    name: FaultName
    probability: float


def parse_fault(text: str) -> InjectedFault:
    """Read NAME=PROBABILITY, such as `throttle=0.2`. Raises ValueError with words for a person."""
    name, equals, number = text.partition("=")
    known = ", ".join(FaultName)
    try:
        fault = FaultName(name.strip())
    except ValueError:
        raise ValueError(f"{name.strip()!r} is not a fault: choose one of {known}, as in internal=0.05") from None
    try:
        probability = float(number) if equals else -1.0
    except ValueError:
        probability = -1.0
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"{text!r} needs a probability from 0 to 1, as in {fault}=0.05")
    return InjectedFault(fault, probability)


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """All flags of `ctui emulator`, with their defaults."""

    port: int = 0
    """TCP port; 0 takes a free one."""
    edition: Edition = Edition.TODAY
    lookup_rate: float | None = None
    """Lookups a second; None takes the edition's."""
    history_days: int | None = None
    """How far back LookupEvents reaches; None takes the edition's."""
    lag: Lag = Lag.NONE
    seed: int = 1
    """Of the sample traffic and the faults."""
    traffic: bool = True
    """Whether a seeded past and live traffic are made up; calls to the emulator are recorded either way."""
    load: tuple[Path, ...] = ()
    """CloudTrail files and folders to take in."""
    load_account: str | None = None
    """The account they go to; None takes the first of the account file."""
    faults: tuple[InjectedFault, ...] = ()
    data: Path | None = None
    """Where state lives; None takes a private temporary folder that is removed at exit."""
    account: Path | None = None
    """Account file (TOML); None takes the built-in one."""
    delivery: float = 300.0
    """Seconds between two deliveries of a trail's log files."""
    allow_remote: str | None = None
    """Address to listen on that is not loopback; None listens on loopback only."""
    until_stdin_closes: bool = False
    """End when standard input reaches its end: so a child process never outlives its parent."""
