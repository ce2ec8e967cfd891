"""The lines around the panes: who asks where, how fast, and how far the answer has come."""

from collections.abc import Sequence
from datetime import datetime

from ctui.model.connection import PROVISIONAL_PREFIX, Connection
from ctui.render import times
from ctui.render.roles import Line, Role
from ctui.render.text import clean, count, fit, join, width

_BAR = 4
_SILENCE_TOLD = 4
"""Seconds without an answer from which they are counted: the slowest usual page takes two or three."""
_NAME: Line = ((" ctui ", Role.STRONG), (" ", Role.PLAIN))


def header_line(
    connection: Connection | None,
    account: str | None,
    problem: str,
    queue: Line,
    width: int,
    *,
    also: Sequence[str] = (),
) -> Line:
    """The top line in exactly `width` cells: profile, account, Region and endpoint, and the queue at its right.

    `also` are Regions that are asked as well. `problem` names what is wrong with the connection, "" where nothing is.
    Where there is no room the endpoint goes first, then the profile, then the account; the Region and the pace stay.
    """
    known = account if account and not account.startswith(PROVISIONAL_PREFIX) else None
    right: Line = (*queue, (" ", Role.PLAIN)) if queue else ()
    trouble = clean(problem, Role.ERROR)
    if connection is None:
        parts = [trouble or (("connecting …", Role.DIM),)]
    else:
        parts = [
            clean(connection.profile or "", Role.PLAIN),
            clean(known or "", Role.PLAIN),
            clean(" + ".join((connection.region, *also)), Role.ACCENT),
            clean(connection.endpoint or "", Role.DIM),
            trouble,
        ]
    room = width - _cells(right) - 1
    for dropped in ((), (3,), (3, 0), (3, 0, 1)):
        kept = [part for index, part in enumerate(parts) if index not in dropped] if connection else parts
        left = (*_NAME, *join(kept, " · "))
        if _cells(left) <= room or not connection:
            break
    return (*fit(left, width - _cells(right)), *right) if room > _cells(_NAME) else fit(left, width)


def queue_line(
    *,
    rate: float,
    queued: int,
    in_flight: int,
    throttled: int,
    ceiling: bool,
    eta: float | None,
    silence: float = 0.0,
) -> Line:
    """Pace, what waits, and about how long; as wide as it needs. Quiet while nothing is asked.

    `silence` is the age in seconds of the oldest call without an answer: from a few seconds on it is told.
    """
    waiting = queued + in_flight
    pace = (f"{rate:.1f}/s" if rate >= 0.1 else f"{rate:.2g}/s", Role.WARNING if ceiling else Role.DIM)
    parts: list[Line] = [(pace,)]
    if ceiling:
        parts.append((("slowed by the service", Role.WARNING),))
    if throttled:
        parts.append(((f"{count(throttled)} throttled", Role.WARNING),))
    if waiting:
        full = min(_BAR, waiting)
        bar: Line = (("▮" * full, Role.ACCENT), ("▯" * (_BAR - full), Role.DIM))
        if in_flight and silence >= _SILENCE_TOLD:
            parts.append((*bar, (f" no answer for {int(silence)} s", Role.WARNING)))
        else:
            parts.append((*bar, (f" {count(queued)} queued" if queued else " asking", Role.PLAIN)))
    if eta is not None:
        parts.append(((times.about(eta), Role.PLAIN),))
    return join(parts, "  ")


def feed_line(
    *,
    timespan: str,
    scanned: int,
    loaded: int,
    more: bool,
    loading: bool,
    draining: bool,
    oldest: datetime | None,
    pages: int,
    width: int,
    api: Sequence[tuple[str, str]] = (),
    here: Sequence[str] | None = None,
    rest: float | None = None,
    stored: bool = False,
    now: datetime | None = None,
    problem: str = "",
) -> Line:
    """The line under the panes in exactly `width` cells: what is asked, what was seen, how far back, and more.

    `api` is what the service selects by, as (key, value), one of them at least; `here` names the terms judged here,
    None where nothing is filtered; `rest` is about how many seconds the rest takes; `stored`: there is no service to
    ask. `now` leaves out of the instant what goes without saying. `problem` is why the last answer failed. Where there
    is no room, the count goes first, then the terms lose their names.
    """
    asked: Line = (("store ", Role.WARNING),) if stored else (("API ", Role.LABEL),)
    asked = (*asked, *(_selected(api) if api else clean(timespan)))
    named: Line = () if here is None else (("here ", Role.LABEL), *clean(", ".join(here) or "nothing"))
    short: Line = () if not here else (("here ", Role.LABEL), (f"{len(here)} term{'s' * (len(here) > 1)}", Role.PLAIN))
    shown = f", {count(loaded)} shown" if loaded != scanned and here is None else ""
    seen: Line = ((f"scanned {count(scanned)}{shown}", Role.PLAIN),) if pages or scanned else ()
    whole = "all that is stored" if stored else "all of it"
    ends = _failed(problem) or _state(
        whole, more=more, loading=loading, draining=draining, rest=rest, begun=bool(pages or scanned)
    )
    back = _back(oldest, now)
    for parts in (
        (asked, named, seen, back, ends),
        (asked, named, (), back, ends),
        (asked, short, (), back, ends),
        (asked, (), (), back, ends),
        (asked, ends),
    ):
        line: Line = ((" ", Role.PLAIN), *join(parts, " · "))
        if _cells(line) <= width:
            break
    return fit(line, width)


def _selected(api: Sequence[tuple[str, str]]) -> Line:
    """EventName=ConsoleLogin,StopLogging: all of one key."""
    values = ",".join(value for _, value in api[:3]) + (",…" if len(api) > 3 else "")
    return (*clean(f"{api[0][0]}=", Role.LABEL), *clean(values))


def _back(oldest: datetime | None, now: datetime | None) -> Line:
    if oldest is None:
        return ()
    return ((f"back to {times.moment(oldest) if now is None else times.near(oldest, now)}", Role.PLAIN),)


def _failed(problem: str) -> Line:
    if not problem:
        return ()
    return (*clean(problem, Role.ERROR), (", ", Role.PLAIN), ("r", Role.STRONG), (" tries again", Role.PLAIN))


def _state(whole: str, *, more: bool, loading: bool, draining: bool, rest: float | None, begun: bool) -> Line:
    takes = f"{times.about(rest)} for the rest" if rest is not None and more else ""
    if draining:
        stop: Line = ((", ", Role.PLAIN), ("esc", Role.STRONG), (" stops", Role.PLAIN))
        return (
            (takes or ("loading everything" if loading else "asked once there is a connection"), Role.ACCENT),
            *stop,
        )
    if loading:
        return (("loading …", Role.ACCENT),)
    if not begun:
        return ()
    return ((takes or "more" if more else whole, Role.DIM),)


def count_text(loaded: int, more: bool) -> str:
    """How many there are: "1,250", or ">1,250" while the service has more; a total is never guessed."""
    return f">{count(loaded)}" if more else count(loaded)


def _cells(line: Line) -> int:
    return width(line)
