"""What a person can do: one record per action. Bindings, footer, palette and help all read it here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class Pane(StrEnum):
    """The four panes, in the order of their keys."""

    TRAILS = "trails"
    STATUS = "status"
    EVENTS = "events"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Situation:
    """What an action may look at to decide whether it can be done now. By default nothing is there yet."""

    pane: Pane = Pane.EVENTS
    connecting: bool = False
    connected: bool = False
    failed: bool = False
    feed_loading: bool = False
    feed_failed: bool = False
    more: bool = False
    """The service has, or may have, further pages."""
    draining: bool = False
    """All pages in range are being loaded."""
    rows: int = 0
    event_selected: bool = False
    detail_open: bool = False
    trails: int = 0
    trail_selected: bool = False
    trails_loading: bool = False
    narrow: bool = False
    """Trails and Status are slid in only when asked for."""
    read_only: bool = False
    """ctui was started to look only."""
    trail_changing: bool = False
    """A change of the selected trail is under way."""
    trail_logging: bool | None = None
    """Whether the selected trail logs; None while that is not known."""
    trail_stopped: bool = False
    """The selected trail was stopped, and the service says when."""
    stored: bool = False
    """Without a connection, what the store holds can be looked at."""
    filter_empty: bool = True
    """The filter line holds no text."""
    filter_broken: bool = False
    """The filter line holds a text that cannot be read."""
    remedies: int = 0
    """How many things an empty list of events offers."""
    trail_home: str = ""
    """The home Region of the selected trail where that is not the one worked in."""


WhyOff = Callable[[Situation], str | None]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `why_off` gives the reason why it cannot be done now, None where it can."""

    id: str
    keys: tuple[str, ...]
    """Textual's names of the keys: "m", "M", "question_mark", "ctrl+p"."""
    label: str
    """The keys as people write them."""
    title: str
    """One or two words, for footer and palette."""
    help: str
    """One sentence."""
    group: str
    """The heading in help."""
    footer: tuple[Pane, ...]
    """Panes whose footer shows it."""
    palette: bool
    """True where the palette lists it; moving about is quicker by hand."""
    why_off: WhyOff
    dangerous: bool = False
    """True where it takes something away at the service."""
    panes: tuple[Pane, ...] = ()
    """Panes in which its keys work; everywhere when empty. The palette does it from anywhere."""


def _always(_: Situation) -> str | None:
    return None


def _no_connection(now: Situation) -> str | None:
    if now.connecting:
        return "still connecting"
    if now.failed:
        return "there is no connection; r tries again"
    return None if now.connected else "not connected yet"


def _no_next_page(now: Situation) -> str | None:
    if not now.stored and (why := _no_connection(now)):
        return why
    if now.draining:
        return "everything in range is already being loaded; esc stops it"
    return None if now.feed_failed or now.feed_loading or now.more else "every event in range is loaded"


def _no_single_page(now: Situation) -> str | None:
    if (why := _no_next_page(now)) or not now.feed_loading:
        return why
    return "the next page is already on its way"


def _no_event(now: Situation) -> str | None:
    if now.event_selected:
        return None
    if now.rows:
        return "no event is selected"
    return "there are no events yet" if now.filter_empty else "no event passes the filter"


def _no_refresh(now: Situation) -> str | None:
    return "still connecting" if now.connecting else None


def _no_detail(now: Situation) -> str | None:
    if now.detail_open:
        return None
    return _no_event(now)


def _no_writing(now: Situation) -> str | None:
    if now.read_only:
        return "ctui was started with --read-only"
    return _no_connection(now)


def _no_trail(now: Situation) -> str | None:
    if now.trail_selected:
        return None
    if now.trails_loading:
        return "the trails are still loading"
    return "no trail is selected" if now.trails else "there are no trails; n makes one"


def _no_change(now: Situation) -> str | None:
    if why := _no_writing(now) or _no_trail(now):
        return why
    return "another change of this trail is under way" if now.trail_changing else None


def _no_start_or_stop(now: Situation) -> str | None:
    if why := _no_change(now):
        return why
    return "whether this trail logs is not known yet" if now.trail_logging is None else None


def _no_stop_event(now: Situation) -> str | None:
    if why := _no_connection(now) or _no_trail(now):
        return why
    if now.trail_logging:
        return "this trail logs"
    if not now.trail_stopped:
        return "whether it logs is not known yet" if now.trail_logging is None else "this trail was never started"
    if now.trail_home:
        return f"the event lies in this trail's home Region: start ctui with --region {now.trail_home}"
    return None


def _no_readable_line(now: Situation) -> str | None:
    return "the filter line cannot be read as it is" if now.filter_broken else None


def _no_asking(now: Situation) -> str | None:
    return _no_readable_line(now) or (None if now.stored else _no_connection(now))


def _no_line(now: Situation) -> str | None:
    return "the filter line is empty" if now.filter_empty else None


def _no_remedy(number: int) -> WhyOff:
    def why_off(now: Situation) -> str | None:
        if now.remedies >= number:
            return None
        return "nothing is offered here" if not now.remedies else f"only {now.remedies} of these keys offer something"

    return why_off


REMEDY_KEYS = ("5", "6", "7", "8", "9")
"""Keys for what an empty list of events offers, in the order in which it is offered; 1 to 4 are the panes'."""


def _remedy(number: int, sentence: str) -> Action:
    key = REMEDY_KEYS[number - 1]
    return Action(f"remedy-{number}", (key,), key, "remedy", sentence, _EVENTS, (), False, _no_remedy(number))


_MOVE, _PANES, _EVENTS, _TRAILS, _PROGRAM = "Move", "Panes", "Events", "Trails", "Program"
_LISTS = (Pane.TRAILS, Pane.STATUS, Pane.EVENTS, Pane.DETAIL)


def _move(action_id: str, keys: tuple[str, ...], label: str, title: str, sentence: str) -> Action:
    return Action(action_id, keys, label, title, sentence, _MOVE, (), False, _always)


def _pane(action_id: str, key: str, title: str, sentence: str, why_off: WhyOff = _always) -> Action:
    return Action(action_id, (key,), key, title, sentence, _PANES, (), True, why_off)


def _trail(action_id: str, key: str, title: str, sentence: str, why_off: WhyOff, *, dangerous: bool = False) -> Action:
    panes = (Pane.TRAILS, Pane.STATUS)
    return Action(action_id, (key,), key, title, sentence, _TRAILS, panes, True, why_off, dangerous, panes)


ACTIONS: tuple[Action, ...] = (
    Action(
        "filter", ("slash",), "/", "filter", "Type a filter over the events; what is here is filtered as you type.",
        _EVENTS, (Pane.EVENTS,), True, _always,
    ),
    Action(
        "ask", (), "", "ask", "In the filter line: ask the service for all that answers it; esc stops.",
        _EVENTS, (), True, _no_asking,
    ),
    Action(
        "time-range", ("t",), "t", "range", "Choose the stretch of time to look at.",
        _EVENTS, (Pane.EVENTS,), True, _always,
    ),
    Action(
        "open", ("enter",), "enter", "detail", "Open or close the record of the selected event.",
        _EVENTS, (Pane.EVENTS, Pane.DETAIL), True, _no_detail,
    ),
    Action(
        "copy", ("c",), "c", "copy", "Copy the record of the selected event as indented JSON.",
        _EVENTS, (Pane.EVENTS, Pane.DETAIL), True, _no_event,
    ),
    Action(
        "next-page", ("m",), "m", "more", "Ask the service for the next page of events.",
        _EVENTS, (Pane.EVENTS,), True, _no_single_page,
    ),
    Action(
        "everything", ("M",), "M", "all", "Load every page in range; esc stops it and keeps what has arrived.",
        _EVENTS, (Pane.EVENTS,), True, _no_next_page,
    ),
    Action(
        "question", ("f",), "f", "form", "Ask by attribute, value, from and to.",
        _EVENTS, (Pane.EVENTS,), True, _no_readable_line,
    ),
    Action(
        "writes-only", ("w",), "w", "writes", "Show only calls that write; again, all.",
        _EVENTS, (Pane.EVENTS,), True, _no_readable_line,
    ),
    Action(
        "errors-only", ("x",), "x", "errors", "Show only calls that failed; again, all.",
        _EVENTS, (Pane.EVENTS,), True, _no_readable_line,
    ),
    Action(
        "clear-filter", ("ctrl+l",), "ctrl+l", "clear", "Clear the filter line.",
        _EVENTS, (), True, _no_line,
    ),
    _remedy(1, "Take the first remedy that an empty list of events offers."),
    _remedy(2, "The second one."),
    _remedy(3, "The third one."),
    _remedy(4, "The fourth one."),
    _remedy(5, "The fifth one."),
    _trail("new-trail", "n", "new", "Make a new trail.", _no_writing),
    _trail("edit-trail", "e", "edit", "Change the selected trail.", _no_change),
    _trail("start-stop", "s", "start/stop", "Start the selected trail's logging, or stop it.", _no_start_or_stop),
    _trail("delete-trail", "d", "delete", "Delete the selected trail.", _no_change, dangerous=True),
    _trail("stop-event", "l", "who stopped it", "Go to the StopLogging event of a stopped trail.", _no_stop_event),
    Action(
        "refresh", ("r",), "r", "refresh", "Ask again for trails, status and events; connect again where that failed.",
        _PROGRAM, (Pane.TRAILS, Pane.STATUS), True, _no_refresh,
    ),
    _pane("trails", "1", "trails", "Go to the list of trails."),
    _pane("status", "2", "status", "Go to the status of the selected trail."),
    _pane("events", "3", "events", "Go to the list of events."),
    _pane("detail", "4", "event record", "Go to the record of the selected event.", _no_detail),
    Action("next-pane", ("tab",), "tab", "next pane", "Go to the next pane.", _PANES, (), False, _always),
    Action(
        "previous-pane", ("shift+tab",), "shift+tab", "previous pane", "Go to the pane before.",
        _PANES, (), False, _always,
    ),
    _move("up", ("k", "up"), "k ↑", "up", "One line up."),
    _move("down", ("j", "down"), "j ↓", "down", "One line down; near the end, more events are asked for."),
    _move("first", ("g", "home"), "g home", "first", "To the first line."),
    _move("last", ("G", "end"), "G end", "last", "To the last line that is loaded."),
    _move("half-down", ("ctrl+d",), "ctrl+d", "half a page down", "Half a page down."),
    _move("half-up", ("ctrl+u",), "ctrl+u", "half a page up", "Half a page up."),
    _move("page-down", ("pagedown",), "pgdn", "page down", "A page down."),
    _move("page-up", ("pageup",), "pgup", "page up", "A page up."),
    Action(
        "back", ("escape",), "esc", "back",
        "Step back one thing at a time: a window, a running load, the detail.",
        _PROGRAM, (Pane.DETAIL,), False, _always,
    ),
    Action("help", ("question_mark", "f1"), "? f1", "help", "Show every key.", _PROGRAM, _LISTS, True, _always),
    Action(
        "palette", ("ctrl+p",), "ctrl+p", "palette", "Find an action by its name.",
        _PROGRAM, _LISTS, False, _always,
    ),
    Action("theme", (), "", "theme", "Choose the colours.", _PROGRAM, (), True, _always),
    Action("quit", ("q",), "q", "quit", "Leave ctui.", _PROGRAM, _LISTS, True, _always),
)  # fmt: skip
"""Every action, in the order of footer and help. The keys are those fixed for version 0.1."""


def action(action_id: str) -> Action:
    """The action of that id; raises KeyError for an unknown one."""
    for candidate in ACTIONS:
        if candidate.id == action_id:
            return candidate
    raise KeyError(action_id)


def line_actions() -> tuple[Action, ...]:
    """The actions the footer shows while the filter line is typed in."""
    # Enter is a key of the line alone; elsewhere it opens the record.
    return (replace(action("ask"), label="enter"), action("clear-filter"), action("back"))


def footer_actions(pane: Pane) -> tuple[Action, ...]:
    """The actions the footer shows while that pane has the focus, most wanted first."""
    return tuple(each for each in ACTIONS if pane in each.footer)
