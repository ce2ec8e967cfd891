"""What a pane's border says of what is in it, and what an empty pane says instead of rows."""

import re

from ctui.errors import CtuiError
from ctui.model.event.summary import Summary
from ctui.model.waiting import Waiting
from ctui.render.panes.event_lines import event_name
from ctui.render.panes.header import WAIT_TOLD, count_text
from ctui.render.roles import Line, Role
from ctui.render.text.ranges import preposition
from ctui.render.text.spans import clean, count, wrap

_RETRY = re.compile(r"\b(press r|r retry|r to retry|r tries again)\b", re.IGNORECASE)
_STATES = {"waiting": "not loaded", "loading": "loading …", "failed": "failed"}


def events_title(
    *,
    timespan: str,
    phase: str,
    stored: bool = False,
    confirmed: bool = True,
    since: str | None = None,
    by_resource: bool = False,
    unread: bool = False,
    ordered: bool = True,
    region: str = "",
    following: bool = False,
) -> Line:
    """The title of the events pane: range, Region, order, and the state if it needs saying.

    `stored`: rows come from the store alone, since there is no connection, or, not `confirmed`, since the service has
    not said yet that they are of this account. `since`: rows before that instant do, "" for all of them; or, with
    `by_resource`, they were found by a resource's name. `unread`: the filter line cannot be read, rows are those of a
    line before. Without `ordered` the order gives way. `region`: that of all rows, which then need not say it.
    `following`: newer events join them, which takes the place of the order.
    """
    words = "all history" if timespan == "all" else timespan
    line: Line = (("Events", Role.STRONG), (" ── ", Role.DIM), *clean(words))
    if region:
        line = (*line, (" ── ", Role.DIM), *clean(region))
    if following:
        line = (*line, (" ── ", Role.DIM), ("following", Role.ACCENT))
    elif ordered:
        line = (*line, (" ── newest first", Role.DIM))
    if unread:
        line = (*line, (" ── ", Role.DIM), ("incomplete filter", Role.WARNING))
    if stored:
        words = "from the store only" if confirmed else "from the store, not confirmed"
        line = (*line, (" ── ", Role.DIM), (words, Role.WARNING))
    elif since is not None:
        words = "by resource name" if by_resource else "from the store"
        line = (*line, (" ── ", Role.DIM), (f"{words} before {since}" if since else words, Role.WARNING))
    if phase in _STATES and not (stored and phase == "failed"):
        line = (*line, (" ── ", Role.DIM), (_STATES[phase], Role.ERROR if phase == "failed" else Role.ACCENT))
    return line


def events_count(*, loaded: int, more: bool) -> Line:
    """How many rows there are, ">1,250" while the service has more."""
    return ((count_text(loaded, more), Role.PLAIN),)


def events_empty(
    *,
    connected: bool,
    connecting: bool,
    phase: str,
    more: bool,
    timespan: str,
    error: CtuiError | None,
    width: int,
    waits: tuple[Line, ...] = (),
) -> tuple[Line, ...]:
    """Lines for a list of events without rows, wrapped to `width` cells: why it is empty, and the key that helps.

    `waits` says what a login waits for, as `connecting_lines` has it.
    """
    if waiting := _not_yet(connected, connecting, phase, error, "events", waits=waits):
        lines = waiting
    elif more:
        lines = (_quiet("No events in the pages loaded so far."), _hint("m", "more"))
    else:
        late = _quiet("Events appear 5 to 60 minutes after they happen.")
        longer = (_hint("t", "longer range"),) if timespan not in ("all", "all history") else ()
        found: Line = ((f"No events {preposition(timespan)}", Role.PLAIN), *clean(timespan, Role.STRONG))
        lines = (found, late, *longer, _hint("R", "search again"))
    return tuple(part for line in lines for part in wrap(line, width))


def trails_empty(
    *,
    connected: bool,
    connecting: bool,
    phase: str,
    error: CtuiError | None,
    region: str,
    width: int,
    waits: tuple[Line, ...] = (),
) -> tuple[Line, ...]:
    """Lines for a list of trails without rows, wrapped to `width` cells: why it is empty, and the key that helps."""
    lines = _not_yet(connected, connecting, phase, error, "trails", waits=waits) or (
        (("No trails in ", Role.PLAIN), *clean(region, Role.STRONG)),
        _quiet("Event history works without a trail, for 90 days."),
        _hint("n", "new trail"),
        _hint("r", "refresh"),
    )
    return tuple(part for line in lines for part in wrap(line, width))


def detail_title(summary: Summary | None) -> Line:
    """The event whose record is shown."""
    if summary is None:
        return (("Detail", Role.STRONG),)
    return (("Detail", Role.STRONG), (" ── ", Role.DIM), *clean(event_name(summary)))


def connecting_lines(
    waiting: Waiting | None, seconds: float, converting: tuple[int, int] | None = None
) -> tuple[Line, ...]:
    """What a login waits for, for how many seconds, and until when; () while it is too early to tell.

    `converting`: how many events of an older store are converted, and of how many.
    """
    if converting is not None:
        login = () if waiting is None else connecting_lines(waiting, seconds)
        return (_converting(*converting), *(login or (_hint("q", "quit, and the store stays as it was"),)))
    waited = f" · {seconds:.0f} s" if seconds >= WAIT_TOLD else ""
    if waiting is None:
        return (_quiet(f"Connecting …{waited}"),) if waited else ()
    limit = f" · limit {waiting.limit:.0f} s" if waiting.limit is not None else ""
    lines = (_quiet(f"Connecting …{waited}{limit}"), clean(waiting.what))
    if not waiting.may_need_you:
        return (*lines, _hint("q", "quit"))
    asks = "It may be waiting for you, in another window or on a phone."
    return (*lines, _quiet(asks), _hint("q", "quit and stop it"))


def _converting(done: int, total: int) -> Line:
    how_far = f"{done:,} of {total:,} events" if done < total else "building its indexes …"
    return _quiet(f"Converting the event store: {how_far}")


def _not_yet(
    connected: bool, connecting: bool, phase: str, error: CtuiError | None, what: str, *, waits: tuple[Line, ...]
) -> tuple[Line, ...]:
    """Why there is no answer yet; () if there is one."""
    if error is not None:
        return _failure(error)
    if connecting:
        return waits or (_quiet("Connecting …"),)
    if not connected:
        return (_quiet("No connection."), _hint("r", "retry"))
    return (_quiet(f"Loading {what} …"),) if phase in ("waiting", "loading") else ()


def _failure(error: CtuiError) -> tuple[Line, ...]:
    lines = [clean(error.title, Role.ERROR), clean(error.message)]
    if error.remedy:
        lines.append(clean(error.remedy, Role.WARNING))
    if not names_retry(error):
        lines.append(_hint("r", "retry"))
    return tuple(lines)


def names_retry(error: CtuiError) -> bool:
    """Whether the remedy itself names r; then no hint repeats it."""
    return bool(_RETRY.search(error.remedy))


def _quiet(text: str) -> Line:
    return ((text, Role.DIM),)


def _hint(key: str, does: str) -> Line:
    return ((key, Role.ACCENT), (f" {does}", Role.PLAIN))


def own_calls_note(hidden: int, *, shown: bool) -> tuple[Line, Line]:
    """What the title of Events says of ctui's own calls, and the same for less room; empty if there is nothing to say.

    `hidden`: how many are hidden; `shown`: a person has asked to see them.
    """
    key = ((" · ", Role.DIM), ("o", Role.ACCENT))
    if shown:
        return (("own calls shown", Role.DIM), *key), (("own shown", Role.DIM), *key)
    if not hidden:
        return (), ()
    calls = "own call" if hidden == 1 else "own calls"
    return ((f"{count(hidden)} {calls} hidden", Role.DIM), *key), ((f"{count(hidden)} own hidden", Role.DIM), *key)


def new_above(rows: int) -> Line:
    """In the title of Events: rows that came above those in sight, and the key that goes there."""
    if not rows:
        return ()
    return ((f"{count(rows)} new ▲", Role.ACCENT), (" · ", Role.DIM), ("g", Role.ACCENT))
