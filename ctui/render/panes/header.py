"""The line above the panes: who asks where, and how fast."""

from collections.abc import Mapping, Sequence
from itertools import product

from ctui.model.connection import PROVISIONAL_PREFIX, Connection
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count, fit, join, width

_BAR = 4
WAIT_TOLD = 4
"""Seconds of waiting from which they are counted: the slowest usual page takes two or three."""
NAMED_REGIONS = 3
"""Further Regions that are named; more are counted, to leave room for the pace. So with accounts."""
_WHY = -2
"""Among the parts that are left out: why a Region is asked."""
_COUNTED = -1
"""Among the parts that are left out: the accounts are counted."""
NAME: Line = ((" ctui ", Role.STRONG), (" ", Role.PLAIN))
"""What the top line begins with."""


def header_line(
    connection: Connection | None,
    account: str | None,
    problem: str,
    queue: Sequence[Line],
    width: int,
    *,
    also: Sequence[str] = (),
    other_accounts: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
    global_region: str | None = None,
    waits: float = 0.0,
    files: Sequence[str] = (),
) -> Line:
    """The top line in exactly `width` cells: profile, account, Region and endpoint, and the queue at its right.

    `files` are paths of log files that are searched as well. `waits` is for how many seconds we have been connecting.
    `also` and `other_accounts` are asked as well; `names`: what accounts are called. `global_region` may be among
    `also`, for its global services alone. `problem` is the title of what is wrong with the connection, or "".
    Where there is no room the endpoint goes first, then why a Region is asked, then the profile, then several accounts
    are counted, then they go, then `queue` takes a shorter form; the Region and the pace stay.
    """
    working = (account,) if account and not account.startswith(PROVISIONAL_PREFIX) else ()
    accounts = [each for each in (*working, *other_accounts) if each]
    trouble = clean(problem, Role.ERROR)
    if not trouble and waits >= WAIT_TOLD:
        trouble = ((f"connecting for {waits:.0f} s", Role.WARNING),)
    if connection is None:
        parts = [trouble or (("connecting …", Role.DIM),)]
    else:
        parts = [
            clean(connection.profile or "", Role.PLAIN),
            clean(_accounts(accounts, names or {}), Role.PLAIN),
            _regions(connection.region, also, global_region),
            clean(connection.endpoint or "", Role.DIM),
            _also_files(files),
            trouble,
        ]
    left: Line = ()
    right: Line = ()
    shorter = (
        (),
        (3,),
        (3, _WHY),
        (3, _WHY, 0),
        *(((3, _WHY, 0, _COUNTED),) if len(accounts) > 1 else ()),
        (3, _WHY, 0, 1),
    )
    for form, dropped in product(queue, shorter):
        kept = [part for index, part in enumerate(parts) if index not in dropped] if connection else parts
        if _WHY in dropped and connection is not None:
            kept[-3] = _regions(connection.region, also, None)
        if _COUNTED in dropped:
            kept[0] = clean(f"{len(accounts)} accounts")
        left = (*NAME, *join(kept, " · "))
        right = ((" ", Role.PLAIN), *form, (" ", Role.PLAIN))
        if _cells(left) + _cells(right) <= width:
            break
    room = width - _cells(right)
    return (*fit(left, room), *right) if room > _cells(NAME) else fit(left, width)


def _accounts(accounts: Sequence[str], names: Mapping[str, str]) -> str:
    """One account by name and ID, several by what they are called, many by their number."""
    if len(accounts) == 1:
        return " ".join(filter(None, (names.get(accounts[0]), accounts[0])))
    if len(accounts) > 1 + NAMED_REGIONS:
        return f"{len(accounts)} accounts"
    return " + ".join(names.get(account, account) for account in accounts)


def _regions(working: str, also: Sequence[str], global_region: str | None) -> Line:
    """The Regions that are asked, the working one first; why `global_region` is, where it is named."""
    named = sorted(_further(also), key=lambda name: name == global_region)
    why: Line = ((" (global services)", Role.DIM),) if global_region in named else ()
    return (*clean(" + ".join((working, *named)), Role.ACCENT), *why)


def _also_files(paths: Sequence[str]) -> Line:
    """The trees of log files besides the API."""
    if not paths:
        return ()
    from ctui.render.text.paths import paths_said  # noqa: PLC0415 - most sessions have no log files

    return clean(f"+ files {paths_said(paths)}", Role.ACCENT)


def _further(also: Sequence[str]) -> Sequence[str]:
    return also if len(also) <= NAMED_REGIONS else [f"{len(also)} Regions"]


def queue_forms(
    *,
    rate: float,
    queued: int,
    in_flight: int,
    throttled: int,
    calls_to_full: int,
    eta: tuple[float | None, float] | None,
    uneven: bool = False,
    others: int = 0,
    region: str = "",
    silence: float = 0.0,
) -> tuple[Line, ...]:
    """Pace, what waits, and about how long, each form shorter than the one before. Quiet while nothing is asked.

    `silence` is the age in seconds of the oldest call without an answer: it is named from a few seconds on. What the
    line under the panes says as well goes first; the pace is in every form. `calls_to_full`: after refusals
    the pace is lower, and back at the full rate in so many calls; `uneven`: it waits longer, as calls arrive unevenly.
    `others` other ctui processes share the pace. `region` is the Region of that pace, "" for the working one.
    """
    waiting = queued + in_flight
    role = Role.WARNING if calls_to_full else Role.DIM
    brief: Line = ((f"{rate:.1f}/s" if rate >= 0.1 else f"{rate:.2g}/s", role),)
    pace: Line = (*brief, *(clean(f" in {region}", role) if region else ()))
    slowed: Line = (("slowed by the service", Role.WARNING),) if calls_to_full else ()
    brief_slowed: Line = (("slowed", Role.WARNING),) if calls_to_full else ()
    back = (
        ((f", full rate in {count(calls_to_full)} {'call' if calls_to_full == 1 else 'calls'}", Role.DIM),)
        if calls_to_full
        else ()
    )
    late: Line = (("calls arrive unevenly", Role.DIM),) if uneven and not calls_to_full else ()
    shared: Line = ((f"shared by {others + 1} ctui", Role.DIM),) if others else ()
    refused: Line = ((f"{count(throttled)} throttled", Role.WARNING),) if throttled else ()
    bar: Line = ()
    words: Line = ()
    if waiting:
        full = min(_BAR, waiting)
        bar = (("▮" * full, Role.ACCENT), ("▯" * (_BAR - full), Role.DIM))
        if in_flight and silence >= WAIT_TOLD:
            words = ((f" no answer for {int(silence)} s", Role.WARNING),)
        else:
            words = ((f" {count(queued)} queued" if queued else " loading", Role.PLAIN),)
    rest: Line = ((times.between(*eta), Role.PLAIN),) if eta is not None else ()
    forms = (
        (pace, shared, late, (*slowed, *back), refused, (*bar, *words), rest),
        (pace, shared, slowed, refused, (*bar, *words), rest),
        (pace, slowed, refused, (*bar, *words), rest),
        (pace, slowed, refused, (*bar, *words)),
        (pace, brief_slowed, refused, (*bar, *words)),
        *(((pace, brief_slowed, (*bar, *words)), (pace, brief_slowed, bar)) if region else ()),
        (brief, refused, (*bar, *words)),
        (brief, bar),
        (brief,),
    )
    return tuple(dict.fromkeys(join(form, "  ") for form in forms))


def count_text(loaded: int, more: bool) -> str:
    """How many there are: "1,250", or ">1,250" while the service has more; a total is never guessed."""
    return f">{count(loaded)}" if more else count(loaded)


def _cells(line: Line) -> int:
    return width(line)
