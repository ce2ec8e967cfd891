"""What the export form says: how much is loaded, where the file goes, how far it is, and what it has become."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ctui.model.byte_size import size_text
from ctui.model.destination import Destination, Existing
from ctui.render.panes.header import count_text
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count

_PARTIAL = "not all of the range was loaded"


def events_text(number: int) -> str:
    """How many events: 1 event, 1,250 events."""
    return f"{count(number)} event{'s' * (number != 1)}"


def loaded_line(
    matching: int,
    loaded: int,
    *,
    more: bool,
    filtered: bool,
    load: bool,
    takes: tuple[float | None, float] | None,
    waiting: int = 0,
) -> Line:
    """How much of the answer is loaded, and what is offered if that is not all.

    `filtered`: a line filters what is loaded; `load`: the rest is chosen to be loaded first; `takes`: the seconds of
    that, at least and at most; `waiting`: log files that are not indexed yet.
    """
    seen = f"{count(matching)} of {count_text(loaded, more)}" if filtered else count_text(loaded, more)
    if not more and waiting:
        files = "log files are" if waiting > 1 else "log file is"
        return ((f"{seen} loaded so far; {count(waiting)} {files} still to be read.", Role.WARNING),)
    if not more:
        return ((f"All are loaded{f': {count(matching)} of {count(loaded)} match' * filtered}.", Role.DIM),)
    time = f", {times.between(*takes)}" if takes is not None else ""
    if load:
        return ((f"{seen} loaded; the rest loads first{time}.", Role.PLAIN),)
    return ((f"{seen} loaded, the range has more: → load all first{time}", Role.WARNING),)


def besides_lines(own_hidden: int, unsearched: Sequence[str], unreadable: int) -> Iterator[Line]:
    """What is left out, or not whole: hidden own calls, Regions that the line names, events that could not be read."""
    if own_hidden:
        calls = "own calls are" if own_hidden > 1 else "own call is"
        yield ((f"{count(own_hidden)} {calls} hidden and left out.", Role.DIM),)
    if unsearched:
        yield (*clean(", ".join(unsearched), Role.WARNING), (" not searched.", Role.WARNING))
    if unreadable:
        yield ((f"{count(unreadable)} partly unreadable, as they came.", Role.WARNING),)


def place_lines(place: Destination, now: datetime) -> tuple[Line, ...]:
    """Where the file goes, and what is there."""
    where = clean(str(place.path), Role.DIM)
    if place.existing is None:
        return (where,)
    return where, ((f"There already: {_existing(place.existing, now)}.", Role.WARNING),)


def overwrite_line(place: Destination, now: datetime) -> Line:
    """What would be lost, before it is."""
    about = "" if place.existing is None else _existing(place.existing, now)
    return (*clean(place.path.name, Role.STRONG), (f" exists: {about}. Overwrite it?", Role.WARNING))


def _existing(existing: Existing, now: datetime) -> str:
    written = times.near(existing.changed, now)
    return f"a link of {written}" if existing.link else f"{size_text(existing.size)}, written {written}"


def scanned_line(
    scanned: int, oldest: datetime | None, takes: tuple[float | None, float] | None, now: datetime
) -> Line:
    """How far a load is: events scanned, how far back, and the seconds that the rest takes, at least and at most."""
    facts = [f"{count(scanned)} scanned"]
    facts += [f"back to {times.near(oldest, now)}"] if oldest is not None else []
    facts += [times.between(*takes)] if takes is not None else []
    return ((" · ".join(facts), Role.DIM),)


def progress_line(name: str, written: int, rows: int, size: int) -> Line:
    """How far the file is."""
    return (("Writing ", Role.PLAIN), *clean(name, Role.STRONG), (
        f": {count(written)} of {events_text(rows)}, {size_text(size)}", Role.PLAIN
    ))  # fmt: skip


def done_text(name: str, form: str, written: int, size: int, *, gone: int, partial: bool) -> str:
    """What a notification says of a file that was written; it may hold what a person typed."""
    facts = [f"{events_text(written)} in {name}: {form}, {size_text(size)}"]
    facts += [_PARTIAL] if partial else []
    facts += [f"{count(gone)} left the store meanwhile"] if gone else []
    return "; ".join(facts)


def canceled_text(left: str) -> str:
    """What a notification says of an export that a person has ended; `left` is a file that could not be removed."""
    return f"Export canceled; {left} could not be removed" if left else "Export canceled; no file was written"
