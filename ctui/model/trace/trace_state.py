"""TraceState: the chain of a session as far as it is known: frozen values, replaced with each step of the trace."""

from collections.abc import Iterator
from enum import StrEnum

from ctui.model.event.credentials import Credentials
from ctui.model.event.issuer import Proof
from ctui.model.trace.searches import Search
from ctui.model.values import dataclass


class EndCause(StrEnum):
    """Why a chain is not followed further, up or down."""

    PERSON = "person"
    """A person, or what one has set up: nothing issued that."""
    SERVICE = "service"
    """An AWS service acted on its own."""
    PROVIDER = "provider"
    """Another system vouches for who it is: a SAML or OpenID Connect provider."""
    IDENTITY_CENTER = "Identity Center"
    """IAM Identity Center, whose own events are in the account and Region where it is set up."""
    OTHER_ACCOUNT = "another account"
    """It is recorded in another account, of which nothing that helps is stored."""
    NOT_FOUND = "not found"
    """No such event in what was looked at."""
    MADE_BEFORE = "made before"
    """No event made this long-term key in what was looked at."""
    UNKNOWN = "unknown"
    """The record does not say what the call was made with."""
    LOOP = "loop"
    """These credentials are in the chain already."""
    DEPTH = "depth"
    """The chain is longer than is followed."""
    CALLS = "calls"
    """The trace has made as many calls as it may."""
    OFFLINE = "offline"
    """Without a connection, only what is stored was looked at."""
    FAILED = "failed"
    """A lookup failed."""


@dataclass(frozen=True, slots=True)
class End:
    """Why a chain is not followed further."""

    cause: EndCause
    account: str = ""
    """The other account."""
    who: str = ""
    """Who acted there, as recorded, if a record says."""
    searches: tuple[Search, ...] = ()
    """What was looked for."""
    complete: bool = True
    """False if not all events of these lookups were loaded."""
    problem: str = ""
    """Why a lookup failed, in words."""


@dataclass(frozen=True, slots=True)
class IssuingEvent:
    """The event that issued credentials."""

    row_id: int
    event_id: str
    name: str
    second: int
    region: str
    ip: str
    proof: Proof
    switched_from: str
    """The ARN of who took the role in the console; "" if the event is no SwitchRole."""
    search: Search | None
    """The lookup that found it; None for the event that the trace began with, and what the store had."""
    other_account: str = ""
    """The other account in whose stored history it is; "" for the account on the screen."""


@dataclass(frozen=True, slots=True)
class NameCount:
    """How often credentials made one call."""

    name: str
    calls: int
    failed: int
    writes: bool
    """True if it is no read."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What credentials did, as far as it is loaded."""

    calls: int
    failed: int
    names: tuple[NameCount, ...]
    """Writes first, and of both the most frequent first."""
    first: int | None
    """Epoch second of the first call; None if there are none."""
    last: int | None
    complete: bool
    """True if these are all calls in the seconds of `search`, in the Regions that are searched."""
    search: Search
    sure: bool = True
    """False if some are counted because of who made them and when, since no record names their key."""
    up_to: bool = False
    """True if only calls up to the event that the trace began with were asked for, since there are so many."""
    not_followed: int = 0
    """Credentials that they issued and that are not looked at, because there are too many."""


@dataclass(frozen=True, slots=True)
class Node:
    """Credentials in a chain."""

    credentials: Credentials
    issuer: IssuingEvent | None = None
    """The event that issued them, if it is known."""
    end: End | None = None
    """Why nothing is above them."""
    end_below: End | None = None
    """Why it is not known what they did, or not all of it."""
    activity: Activity | None = None
    """What they did; None if that is not looked at."""
    children: tuple["Node", ...] = ()
    """Credentials that they issued."""
    traced: bool = False
    """True for those that the trace began with."""


@dataclass(frozen=True, slots=True)
class TraceState:
    """A trace at a glance."""

    root: Node | None = None
    """The uppermost credentials that are known; None before the event is read."""
    running: bool = True
    looking_for: Search | None = None
    """The lookup under way."""
    calls: int = 0
    """Pages of LookupEvents that were received."""
    regions: tuple[str, ...] = ()
    """Where it is looked."""
    store_only: bool = False
    """True if no call can be made."""
    problem: str = ""
    """Why the trace has ended early, in words."""


def nodes_of(root: Node | None, depth: int = 0) -> Iterator[tuple[int, Node]]:
    """The nodes from the top, each with its depth, before what it issued."""
    if root is not None:
        yield depth, root
        for child in root.children:
            yield from nodes_of(child, depth + 1)
