"""The line under the panes: what is asked, what was seen, how far back, and how it goes on."""

from collections.abc import Sequence
from datetime import datetime

from ctui.model.empty_result.evidence import AWS_HISTORY
from ctui.model.event.attribute import AttributeKey
from ctui.render.panes.event_lines import service
from ctui.render.panes.halted import GIVING_WAY, halted_ends, halted_seen, narrows_forms
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count, fit, join, width

_LONGEST_VALUE = 16
"""Cells to which a value that the service selects by is cut before facts are left out."""


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
    rest: tuple[float | None, float] | None = None,
    stored: bool = False,
    known: bool = False,
    waiting: bool = False,
    now: datetime | None = None,
    problem: str = "",
    then: str = "",
    regions: Sequence[str] = (),
    unasked: Sequence[str] = (),
    asks: tuple[str, str] | None = None,
    leaves: tuple[str, str] | None = None,
    begun: bool = True,
    rechecking: bool = False,
    rechecked_to: datetime | None = None,
    late: int = 0,
    unreadable: int = 0,
    matching: int | None = None,
    judging: bool = False,
    scan_to: int | None = None,
    halted: bool = False,
    pages_without_progress: int = 0,
    narrows: tuple[str, str] | None = None,
    misses: tuple[str, str] | None = None,
    complete_at: str = "",
) -> Line:
    """The line under the panes in exactly `width` cells: what is asked, what was seen, how far back, and more.

    `api` is what the service selects by, as (key, value), one of them at least; `here` names the terms judged here,
    None where nothing is filtered; `rest` is how many seconds the rest takes, from and to; `stored`: there is no
    service to ask; `known`: it need not be asked; `waiting`: nothing could be asked yet. `now` leaves out of the
    instant what goes without saying. `problem` is why the last answer failed, and `then` what is done once trying again
    has helped. `unasked` are Regions that the line names and nobody asked, `regions` those that were; `asks` is a key
    that asks one, and which; `leaves` one that leaves out a Region that refuses, and what to call it. Until the
    question is `begun`, nobody has asked it. `rechecking`: what is shown is asked for again, behind the rows, so far
    back to `rechecked_to`; `late` events were found by that; `unreadable` ones came and could not be read in full.
    While draining, `scan_to` is where it stops. `halted`: a load has stopped, for so many `pages_without_progress` or
    at its bound; then `matching` rows pass the filter line, of those looked at if it is still `judging`. `complete_at`
    is when all of it was here, where more may have happened since. `narrows` is a key that asks for less, and the term;
    `misses` a key that mends a term that hides nothing, and that term. Where there is no room, words get shorter, and
    only then some are left out; that something was not asked, not readable or not hidden stays.
    """
    done = not (more or loading or waiting or problem)
    whole = ("all stored events",) if stored else _whole(regions) if unasked else _complete(complete_at)
    stands = _state(whole, more=more, loading=loading, draining=draining, rest=rest, waiting=waiting, scan_to=scan_to)
    if rechecking and not loading:
        stands = _rechecking(rechecked_to, now)
    ends = _failed(problem, leaves, then) or (stands if begun else ((("not loaded", Role.ACCENT),),))
    forms: dict[str, tuple[Line, ...]] = {
        "asked": _asked(api, timespan, now, stored=stored, known=known),
        "here": _judged(here or ()),
        "seen": _seen(scanned, loaded if here is None else scanned) if pages or scanned or done else ((),),
        "back": _back(oldest, now),
        "unreadable": _unreadable(unreadable),
        "late": ((((f"{count(late)} arrived late", Role.ACCENT),), ()) if late else ((),)),
        "ends": ends,
        "unasked": _unasked(unasked, asks),
        "misses": _misses(misses),
        "narrows": narrows_forms(narrows),
    }
    giving_way: tuple[str, ...] = _GIVING_WAY
    if halted and not problem:
        forms["seen"] = halted_seen(scanned, matching, oldest, now, judging=judging)
        forms["back"], forms["ends"] = ((),), halted_ends(pages_without_progress)
        forms["asked"] = (*forms["asked"], ())
        giving_way = (*GIVING_WAY, *_GIVING_WAY)
    line: Line = ()
    # The key that leaves a Region out stands nowhere else while rows are in sight.
    last = [step for step in giving_way if step == "ends"] if leaves else []
    for step in ("", *(step for step in giving_way if step not in last), *last):
        if step:
            forms[step] = forms[step][1:] or forms[step]
        now_forms = {name: each[0] for name, each in forms.items()}
        now_forms["seen"] = join((now_forms["seen"], now_forms.pop("back")), ", ")
        line = ((" ", Role.PLAIN), *join(now_forms.values(), " · "))
        if _cells(line) <= width:
            break
    return fit(line, width)


_GIVING_WAY = (
    "unreadable", "narrows", "misses", "here", "ends", "here", "seen", "back", "seen", "asked", "here",
    "narrows", "back", "ends", "seen", "late", "unasked", "asked", "unasked", "misses",
)  # fmt: skip
"""What takes its next shorter form, step by step, while the line under the panes does not fit. The key that stops a
load stands nowhere else; the terms stand in the filter line, too."""


def _asked(
    api: Sequence[tuple[str, str]], timespan: str, now: datetime | None, *, stored: bool, known: bool
) -> tuple[Line, ...]:
    who: Line = (("store: ", Role.WARNING),) if stored else (("store: ", Role.LABEL),) if known else ()
    if not api:
        brief = clean(times.shortened(timespan, now))
        return ((*who, *clean(timespan)), (*who, *brief), (*who, *fit(brief, min(_cells(brief), _LONGEST_VALUE))))
    who = who or (("API: ", Role.LABEL),)
    key, value = _selected(api)
    short = fit(value, min(_cells(value), _LONGEST_VALUE))
    return ((*who, *key, *value), (*who, *key, *short), (*who, *clean(api[0][0], Role.LABEL)))


def _judged(here: Sequence[str]) -> tuple[Line, ...]:
    """The terms judged here, by name and by number. Where there are none, nothing needs to be said."""
    if not here:
        return ((),)
    label: Line = (("here: ", Role.LABEL),)
    named: Line = (*label, *clean(", ".join(here)))
    counted: Line = (*label, (f"{len(here)} term{'s' * (len(here) > 1)}", Role.PLAIN))
    return ((("filtered ", Role.LABEL), *named), named, counted if _cells(counted) < _cells(named) else named, ())


def _seen(scanned: int, shown: int) -> tuple[Line, ...]:
    words = f"{count(scanned)} scanned"
    more = f", {count(shown)} shown" if shown != scanned else ""
    return (*(((form, Role.PLAIN),) for form in (f"{words}{more}", words, words)), ())


def _unreadable(events: int) -> tuple[Line, ...]:
    forms = (f"{count(events)} partly unreadable", f"{count(events)} unreadable") if events else ()
    return tuple(((form, Role.WARNING),) for form in forms) or ((),)


def _misses(offer: tuple[str, str] | None) -> tuple[Line, ...]:
    """That a negated term hides nothing, and the key for one that does; it may hold recorded text."""
    if offer is None:
        return ((),)
    key, term = offer
    said = fit(clean(term, Role.WARNING), min(_cells(clean(term)), 2 * _LONGEST_VALUE))
    fact: Line = (*said, (" hides nothing", Role.WARNING), (", ", Role.PLAIN), (key, Role.STRONG))
    brief = fit(clean(term, Role.WARNING), min(_cells(clean(term)), _LONGEST_VALUE))
    return (
        (*fact, (" correct it", Role.PLAIN)),
        ((key, Role.STRONG), (" correct ", Role.PLAIN), *brief),
    )


def _selected(api: Sequence[tuple[str, str]]) -> tuple[Line, Line]:
    """EventName= and ConsoleLogin,StopLogging: all of one key."""
    key = api[0][0]
    values = [service(value) if key == AttributeKey.EVENT_SOURCE else value for _, value in api[:3]]
    return clean(f"{key}=", Role.LABEL), clean(",".join(values) + (",…" if len(api) > 3 else ""))


def _back(oldest: datetime | None, now: datetime | None) -> tuple[Line, ...]:
    if oldest is None:
        return ((),)
    instant = times.moment(oldest) if now is None else times.near(oldest, now)
    return ((f"back to {instant}", Role.PLAIN),), ((f"to {instant}", Role.PLAIN),), ()


def _failed(problem: str, leaves: tuple[str, str] | None, then: str) -> tuple[Line, ...]:
    if not problem:
        return ()
    said = clean(problem, Role.ERROR)
    key, deed = ("r", " retry") if leaves is None else (leaves[0], f" leave {leaves[1]} out")
    tries: Line = (*said, (", ", Role.PLAIN), (key, Role.STRONG), *clean(deed))
    return ((*tries, (f", then {then}", Role.PLAIN)) if then and leaves is None else tries, tries, said)


def _whole(regions: Sequence[str]) -> tuple[str, ...]:
    """That everything has come, from these Regions and no others."""
    named = f"complete in {', '.join(regions)}"
    return (
        named,
        f"complete in {len(regions)} Regions" if len(regions) > 1 else named,
        "",
    )


def _complete(at: str) -> tuple[str, ...]:
    """Everything in range is loaded: now, or as of an earlier instant."""
    return (f"complete as of {at}", f"complete {at}") if at else ("complete",)


def _unasked(regions: Sequence[str], asks: tuple[str, str] | None) -> tuple[Line, ...]:
    if not regions:
        return ((),)
    names = join([fit(clean(name), min(_LONGEST_VALUE, _cells(clean(name)))) for name in regions], ", ")
    named: Line = tuple((text, Role.WARNING) for text, _ in (*names, (" not searched", Role.WARNING)))
    counted: Line = ((f"{len(regions)} Regions not searched", Role.WARNING),)
    forms = (named,) if len(regions) == 1 else (named, counted)
    if asks is None:
        return forms
    key, region = asks
    deed: Line = ((", ", Role.PLAIN), (key, Role.STRONG), (" search ", Role.PLAIN))
    return ((*named, *deed, *(clean(region) if len(regions) > 1 else (("it", Role.PLAIN),))), *forms)


def _state(
    whole: Sequence[str],
    *,
    more: bool,
    loading: bool,
    draining: bool,
    rest: tuple[float | None, float] | None,
    waiting: bool,
    scan_to: int | None,
) -> tuple[Line, ...]:
    takes = times.between(*rest) if rest is not None and more else ""
    # Without a low end it is not known how far back there is something to load.
    unsure = scan_to is None and rest is not None and rest[0] is None
    rest_of_it = f"if it remembers {AWS_HISTORY.days} d" if unsure else "for the rest"
    if draining:
        stop: Line = ((", ", Role.PLAIN), ("esc", Role.STRONG), (" stop", Role.PLAIN))
        if not takes:
            goal = "loading all" if scan_to is None else f"searching up to {count(scan_to)} events"
            says = (goal, "loading …") if loading else ("starts once connected",)
            return (*(((said, Role.ACCENT), *stop) for said in says), ((says[-1], Role.ACCENT),))
        goal = rest_of_it if scan_to is None else f"for {count(scan_to)} events"
        return (
            ((f"{takes} {goal}", Role.ACCENT), *stop),
            ((takes, Role.ACCENT), *stop),
            ((takes, Role.ACCENT),),
        )
    if loading:
        return ((("loading …", Role.ACCENT),),)
    if waiting:
        return ((),)
    if not more:
        return tuple(((said, Role.DIM),) if said else () for said in whole)
    load: Line = (("m", Role.STRONG), (" more", Role.PLAIN))
    if not takes:
        return (load,)
    return (*load, (f", {takes} {rest_of_it}", Role.DIM)), (*load, (f", {takes}", Role.DIM))


def _rechecking(reached: datetime | None, now: datetime | None) -> tuple[Line, ...]:
    """That what is shown is being asked for again, and how far that has come."""
    stop: Line = ((", ", Role.PLAIN), ("esc", Role.STRONG), (" stop", Role.PLAIN))
    again: Line = (("searching again", Role.ACCENT),)
    at = "" if reached is None else f", at {times.moment(reached) if now is None else times.near(reached, now)}"
    return (*((((f"searching again{at}", Role.ACCENT), *stop),) if at else ()), (*again, *stop), again)


def _cells(line: Line) -> int:
    return width(line)
