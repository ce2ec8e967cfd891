"""The line under the panes: what is searched, what was loaded, how far back, and which keys continue."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ctui.model.empty_result.evidence import AWS_HISTORY
from ctui.model.lookup.lookup import Category
from ctui.model.values import dataclass
from ctui.render.panes.first_asked import GIVING_WAY as FIRST_GIVING_WAY
from ctui.render.panes.first_asked import FirstFacts, found_forms, rest_forms, unscanned_forms
from ctui.render.panes.halted import GIVING_WAY, halted_ends, halted_seen, narrows_forms
from ctui.render.panes.searched import LONGEST_VALUE, impossible_form, marked_form, searched_forms
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count, fit, join, width

if TYPE_CHECKING:
    from ctui.render.panes.files_line import FilesFacts
    from ctui.render.panes.following import FollowFacts
    from ctui.render.panes.outage import OutageFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFacts:
    """What the line under the panes says, made once for a state of the query."""

    timespan: str
    """The time range, in words."""
    scanned: int
    """Events received."""
    loaded: int
    """Rows."""
    more: bool
    """True if there are more pages, or may be."""
    loading: bool
    """True while pages are loaded."""
    loading_all: bool
    """True while everything in range is loaded, or everything up to `scan_to`."""
    oldest: datetime | None
    """How far back pages have reached."""
    pages: int
    """Pages received."""
    server_filter: Sequence[tuple[str, str]] = ()
    """What the service selects by, as (key, value): a scan for each; empty if everything is scanned."""
    client_filter: Sequence[str] | None = None
    """The terms that filter rows here; None if no line filters."""
    eta: tuple[float | None, float] | None = None
    """Seconds that the rest of the load takes, at least and at most."""
    store_only: bool = False
    """True if there is no service to call."""
    needs_service: bool = True
    """False if all was known, so that no call was made."""
    impossible: bool = False
    """True if nothing was searched, since no event can match."""
    marked: bool = False
    """True if only marked events were looked for: the store has all of them."""
    categories: Sequence[Category] = (Category.MANAGEMENT,)
    """The categories of events that are asked for."""
    waiting: bool = False
    """True before a connection."""
    now: datetime | None = None
    """What is obvious at this time is left out of instants."""
    problem: str = ""
    """Why the last call failed."""
    login_needed: bool = False
    """True if that was a login which is made again in a browser."""
    then: str = ""
    """What continues once a retry has helped."""
    regions: Sequence[str] = ()
    """Regions that were searched."""
    unsearched: Sequence[str] = ()
    """Regions that the filter line names and that were not searched."""
    unreached: Sequence[str] = ()
    """What else was to be searched and is not yet, by name: accounts whose logins are not there, Regions not listed."""
    add_region: tuple[str, str] | None = None
    """A key that searches one of those, and which."""
    remove_region: tuple[str, str] | None = None
    """A key that leaves out a Region that refuses, and what to call it."""
    started: bool = True
    """False until something was requested."""
    rechecking: bool = False
    """True while what is shown is searched again."""
    rechecked_to: datetime | None = None
    """How far back that has come."""
    late: int = 0
    """Events that it has found."""
    unreadable: int = 0
    """Events that could not be read in full."""
    matching: int | None = None
    """Rows that match the filter line; None if there is none."""
    filtering: bool = False
    """True while some rows are not filtered yet."""
    scan_to: int | None = None
    """How many events are scanned before a load stops."""
    halted: bool = False
    """True if a load has stopped, at its bound or after `pages_without_progress`."""
    pages_without_progress: int = 0
    """Pages in a row that brought nothing, if that is why it stopped."""
    narrows_to: tuple[str, str] | None = None
    """A key that searches for less, and the term."""
    hides_nothing: tuple[str, str] | None = None
    """A key that corrects a term which hides nothing, and the term."""
    hides_services: tuple[str, int] | None = None
    """A key that shows events of services which a network hides, and their number."""
    first: FirstFacts | None = None
    """What was asked first, while the rest of the question is to be scanned."""
    complete_at: str = ""
    """When everything was loaded, if more may have happened since."""
    unfinished: bool = False
    """True if everything was being loaded when ctui ended, and is not here yet."""
    outage: "OutageFacts | None" = None
    """The endpoint that a load waits for."""
    following: "FollowFacts | None" = None
    """How following stands; None while new events are not followed."""
    files: "FilesFacts | None" = None
    """What trees of log files have, if there are any."""
    files_alone: bool = False
    """True if nothing but those is searched."""


def query_line(facts: QueryFacts, width: int) -> Line:
    """The line under the panes in exactly `width` cells: what is searched, what was loaded, how far back, and the keys.

    Without room, words get shorter, and only then facts are left out. What was not searched, not readable or not hidden
    stays.
    """
    done = not (facts.more or facts.loading or facts.waiting or facts.problem)
    whole = _whole(facts.regions) if facts.unsearched or facts.unreached else _complete(facts.complete_at)
    if facts.store_only:
        whole = ("all stored events",)
    elif facts.files is not None:
        # Of the service alone it is known.
        whole = tuple(f"AWS {words}" if words else "" for words in whole)
    giving_way: tuple[str, ...] = _GIVING_WAY
    state = _state(facts, whole)
    if facts.rechecking and not facts.loading:
        state = _rechecking(facts.rechecked_to, facts.now)
    if facts.outage is not None:
        from ctui.render.panes.outage import outage_forms  # noqa: PLC0415 - the first frame waits for nothing

        state = outage_forms(facts.outage, facts.now)
        giving_way = (*giving_way, "ends")
    failed = _failed(facts)
    ends = failed or (state if facts.started else ((("not loaded", Role.ACCENT),),))
    seen = facts.loaded if facts.client_filter is None else facts.scanned
    if facts.impossible:
        return fit(((" ", Role.PLAIN), *impossible_form(width - 1)), width)
    if facts.marked and done and not (facts.unsearched or facts.hides_nothing or facts.hides_services):
        here = _filtered_here(facts.client_filter or ())
        return fit(((" ", Role.PLAIN), *marked_form(facts.timespan, here[0] if here else ())), width)
    if facts.files is not None and facts.files_alone:
        return _files_alone(facts, facts.files, failed, width)
    forms: dict[str, tuple[Line, ...]] = {
        "searched": searched_forms(
            facts.timespan,
            facts.server_filter,
            facts.now,
            store_only=facts.store_only,
            needs_service=facts.needs_service,
            categories=facts.categories,
        ),
        "filter": _filtered_here(facts.client_filter or ()),
        "seen": _seen(facts.scanned, seen) if facts.pages or facts.scanned or done else ((),),
        "back": _back(facts.oldest, facts.now),
        "unreadable": _unreadable(facts.unreadable),
        "late": _late(facts.late),
        "ends": ends,
        "unsearched": _unsearched(facts.unsearched, facts.unreached, facts.add_region),
        "hides nothing": _hides_nothing(facts.hides_nothing),
        "services": _hides_services(facts.hides_services),
        "narrows": narrows_forms(facts.narrows_to),
    }
    if len({key for key, _ in facts.server_filter}) > 1:
        # The names of several attributes say more in the room of their values.
        giving_way = ("searched", *giving_way)
    if facts.halted and not facts.problem:
        forms["seen"] = halted_seen(facts.scanned, facts.matching, facts.oldest, facts.now, filtering=facts.filtering)
        forms["back"], forms["ends"] = ((),), halted_ends(facts.pages_without_progress)
        forms["searched"] = (*forms["searched"], ())
        giving_way = (*GIVING_WAY, *_GIVING_WAY)
    if facts.first is not None and not (failed or facts.halted):
        forms |= _first_asked(facts, facts.first, facts.first.loading or not facts.loading_all)
        giving_way = (*FIRST_GIVING_WAY, *giving_way)
    if facts.following is not None:
        from ctui.render.panes.following import following_forms  # noqa: PLC0415 - the first frame follows nothing

        # The title has the range, and the filter line what is asked for.
        forms = {"following": following_forms(facts.following), **forms, "searched": (*forms["searched"], ())}
        giving_way = (*_FOLLOWED_GIVING_WAY, *giving_way, *("following",) * 4)
    if facts.files is not None:
        forms |= _files_too(facts.files, facts.now)
        giving_way = (*("files",) * 2, *giving_way, *("files",) * 7)
    line: Line = ()
    # The key that leaves a Region out is shown nowhere else while rows are in sight.
    last = [step for step in giving_way if step == "ends"] if facts.remove_region else []
    for step in ("", *(step for step in giving_way if step not in last), *last):
        if step:
            forms[step] = forms[step][1:] or forms[step]
        parts = {name: shorter[0] for name, shorter in forms.items()}
        parts["seen"] = join((parts["seen"], parts.pop("back")), ", ")
        line = ((" ", Role.PLAIN), *join(parts.values(), " · "))
        if _cells(line) <= width:
            break
    return fit(line, width)


_GIVING_WAY = (
    "unreadable", "narrows", "services", "hides nothing", "filter", "ends", "filter", "seen", "back", "seen",
    "searched", "filter", "narrows", "back", "ends", "seen", "late", "unsearched", "searched", "unsearched",
    "hides nothing",
)  # fmt: skip
"""Which part takes its next shorter form, step by step, while the line does not fit. The key that stops a load is shown
nowhere else; the terms are in the filter line, too."""

_FOLLOWED_GIVING_WAY = (
    "following", "filter", "searched", "narrows", "services", "searched", "searched", "ends", "back", "filter", "seen",
    "following", "searched", "back", "filter",
)  # fmt: skip
"""The same before all that while new events are followed: what that says goes before what was asked once."""

_NOT_FINISHED = ("loading all was not finished", "load not finished")


def _files_alone(facts: QueryFacts, files: "FilesFacts", failed: tuple[Line, ...], width: int) -> Line:
    """The line where log files are all that is searched."""
    from ctui.render.panes.files_line import files_line  # noqa: PLC0415 - most sessions have no log files

    doing = halted_ends(facts.pages_without_progress) if facts.halted else _state(facts, ())
    return files_line(files, failed or doing, facts.now, width)


def _files_too(files: "FilesFacts", now: datetime | None) -> dict[str, tuple[Line, ...]]:
    """The part about log files that are searched besides."""
    from ctui.render.panes.files_line import brief_forms  # noqa: PLC0415 - most sessions have no log files

    return {"files": brief_forms(files, now)}


def _first_asked(facts: QueryFacts, first: FirstFacts, waits: bool) -> dict[str, tuple[Line, ...]]:
    """The parts that are about what was asked first. `waits`: the rest is not being scanned."""
    searched = searched_forms("", first.selected, facts.now, store_only=False, needs_service=True)
    takes = times.between(*facts.eta) if facts.eta is not None else ""
    forms: dict[str, tuple[Line, ...]] = {
        "searched": found_forms(searched, first),
        "seen": unscanned_forms(facts.scanned, facts.oldest, facts.now),
        "back": ((),),
        "filter": ((),),
    }
    return {**forms, "ends": rest_forms(first, takes)} if waits else forms


def _filtered_here(terms: Sequence[str]) -> tuple[Line, ...]:
    """The terms that filter rows here, by name and by number."""
    if not terms:
        return ((),)
    label: Line = (("here: ", Role.LABEL),)
    named: Line = (*label, *clean(", ".join(terms)))
    counted: Line = (*label, (f"{len(terms)} term{'s' * (len(terms) > 1)}", Role.PLAIN))
    return ((("filtered ", Role.LABEL), *named), named, counted if _cells(counted) < _cells(named) else named, ())


def _seen(scanned: int, shown: int) -> tuple[Line, ...]:
    words = f"{count(scanned)} scanned"
    more = f", {count(shown)} shown" if shown != scanned else ""
    return (*(((form, Role.PLAIN),) for form in (f"{words}{more}", words, words)), ())


def _unreadable(events: int) -> tuple[Line, ...]:
    forms = (f"{count(events)} partly unreadable", f"{count(events)} unreadable") if events else ()
    return tuple(((form, Role.WARNING),) for form in forms) or ((),)


def _hides_nothing(offer: tuple[str, str] | None) -> tuple[Line, ...]:
    """That a negated term hides nothing, and the key for one that does; it may hold recorded text."""
    if offer is None:
        return ((),)
    key, term = offer
    said = fit(clean(term, Role.WARNING), min(_cells(clean(term)), 2 * LONGEST_VALUE))
    fact: Line = (*said, (" hides nothing", Role.WARNING), (", ", Role.PLAIN), (key, Role.STRONG))
    brief = fit(clean(term, Role.WARNING), min(_cells(clean(term)), LONGEST_VALUE))
    return (
        (*fact, (" correct it", Role.PLAIN)),
        ((key, Role.STRONG), (" correct ", Role.PLAIN), *brief),
    )


def _hides_services(offer: tuple[str, int] | None) -> tuple[Line, ...]:
    """How many events a network hides because services have no address, and the key that shows them."""
    if offer is None:
        return ((),)
    key, number = offer
    fact: Line = ((f"{count(number)} of services hidden", Role.WARNING), (", ", Role.PLAIN), (key, Role.STRONG))
    return ((*fact, (" show", Role.PLAIN)), ((key, Role.STRONG), (f" show {count(number)} of services", Role.PLAIN)))


def _back(oldest: datetime | None, now: datetime | None) -> tuple[Line, ...]:
    if oldest is None:
        return ((),)
    instant = times.moment(oldest) if now is None else times.near(oldest, now)
    return ((f"back to {instant}", Role.PLAIN),), ((f"to {instant}", Role.PLAIN),), ()


def _failed(facts: QueryFacts) -> tuple[Line, ...]:
    if not facts.problem:
        return ()
    said = clean(facts.problem, Role.ERROR)
    key, verb = ("L", " log in") if facts.login_needed else ("r", " retry")
    if facts.remove_region is not None:
        key, verb = facts.remove_region[0], f" leave {facts.remove_region[1]} out"
    tries: Line = (*said, (", ", Role.PLAIN), (key, Role.STRONG), *clean(verb))
    then = facts.then if facts.remove_region is None else ""
    return ((*tries, (f", then {then}", Role.PLAIN)) if then else tries, tries, said)


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


def _unsearched(
    regions: Sequence[str], unreached: Sequence[str], add_region: tuple[str, str] | None
) -> tuple[Line, ...]:
    missing = (*regions, *unreached)
    if not missing:
        return ((),)
    names = join([fit(clean(name), min(LONGEST_VALUE, _cells(clean(name)))) for name in missing], ", ")
    named: Line = tuple((text, Role.WARNING) for text, _ in (*names, (" not searched", Role.WARNING)))
    counted: Line = ((f"{len(missing)}{'' if unreached else ' Regions'} not searched", Role.WARNING),)
    forms = (named,) if len(missing) == 1 else (named, counted)
    if add_region is None:
        return forms
    key, region = add_region
    hint: Line = ((", ", Role.PLAIN), (key, Role.STRONG), (" search ", Role.PLAIN))
    return ((*named, *hint, *(clean(region) if len(missing) > 1 else (("it", Role.PLAIN),))), *forms)


def _late(events: int) -> tuple[Line, ...]:
    return (((f"{count(events)} arrived late", Role.ACCENT),), ()) if events else ((),)


def _state(facts: QueryFacts, whole: Sequence[str]) -> tuple[Line, ...]:
    eta, scan_to = facts.eta, facts.scan_to
    takes = times.between(*eta) if eta is not None and facts.more else ""
    # Without a low end it is not known how far back there is something to load.
    uncertain = scan_to is None and eta is not None and eta[0] is None
    rest_of_it = f"for {AWS_HISTORY.days} d" if uncertain else "for the rest"
    if facts.loading_all:
        stop: Line = ((", ", Role.PLAIN), ("esc", Role.STRONG), (" stop", Role.PLAIN))
        if not takes:
            goal = "loading all" if scan_to is None else f"searching up to {count(scan_to)} events"
            texts = (goal, "loading …") if facts.loading else ("starts once connected",)
            return (*(((text, Role.ACCENT), *stop) for text in texts), ((texts[-1], Role.ACCENT),))
        goal = rest_of_it if scan_to is None else f"for {count(scan_to)} events"
        return (
            ((f"{takes} {goal}", Role.ACCENT), *stop),
            ((takes, Role.ACCENT), *stop),
            ((takes, Role.ACCENT),),
        )
    if facts.loading:
        return ((("loading …", Role.ACCENT),),)
    if facts.waiting:
        return ((),)
    if not facts.more:
        return tuple(((text, Role.DIM),) if text else () for text in whole)
    if facts.unfinished:
        goes_on: Line = (("M", Role.STRONG), (" continue", Role.PLAIN))
        return (*(((words, Role.ACCENT), (", ", Role.PLAIN), *goes_on) for words in _NOT_FINISHED), goes_on)
    load: Line = (("m", Role.STRONG), (" more", Role.PLAIN))
    if not takes:
        return (load,)
    return (*load, (f", {takes} {rest_of_it}", Role.DIM)), (*load, (f", {takes}", Role.DIM))


def _rechecking(reached: datetime | None, now: datetime | None) -> tuple[Line, ...]:
    """What is shown is being searched again, and how far that has come."""
    stop: Line = ((", ", Role.PLAIN), ("esc", Role.STRONG), (" stop", Role.PLAIN))
    again: Line = (("searching again", Role.ACCENT),)
    at = "" if reached is None else f", at {times.moment(reached) if now is None else times.near(reached, now)}"
    return (*((((f"searching again{at}", Role.ACCENT), *stop),) if at else ()), (*again, *stop), again)


def _cells(line: Line) -> int:
    return width(line)
