"""What a person can do: one record per action. Bindings, footer, palette and help all read it here."""

from dataclasses import dataclass, replace

from ctui.ui.actions.disabled_reason import (
    ActionContext,
    Pane,
    WhyOff,
    always,
    no_added,
    no_again,
    no_change,
    no_detail,
    no_event,
    no_line,
    no_next_view,
    no_previous_view,
    no_readable_line,
    no_refresh,
    no_remedy,
    no_single_page,
    no_start_or_stop,
    no_status,
    no_stop_event,
    no_unasked,
    no_writing,
    not_everything,
)

__all__ = [
    "ACTIONS",
    "REMEDY_KEYS",
    "Action",
    "ActionContext",
    "Pane",
    "action",
    "footer_actions",
    "line_actions",
    "on_enter",
]


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
    panes: tuple[Pane, ...] = ()
    """Panes in which its keys work; everywhere when empty. The palette does it from anywhere."""

    @property
    def always_on(self) -> bool:
        """Whether it can be done however things stand, so that nobody need look."""
        return self.why_off is always


REMEDY_KEYS = ("5", "6", "7", "8", "9")
"""Keys for what is offered where an answer is empty or not whole, in that order; 1 to 4 are the panes'."""


def _remedy(number: int, sentence: str) -> Action:
    key = REMEDY_KEYS[number - 1]
    return Action(f"remedy-{number}", (key,), key, "remedy", sentence, _EVENTS, (), False, no_remedy(number))


_MOVE, _PANES, _EVENTS, _TRAILS, _PROGRAM = "Move", "Panes", "Events", "Trails", "Program"
_LISTS = (Pane.TRAILS, Pane.STATUS, Pane.EVENTS, Pane.DETAIL)


def _move(action_id: str, keys: tuple[str, ...], label: str, title: str, sentence: str) -> Action:
    return Action(action_id, keys, label, title, sentence, _MOVE, (), False, always)


def _pane(action_id: str, key: str, title: str, sentence: str, why_off: WhyOff = always) -> Action:
    return Action(action_id, (key,), key, title, sentence, _PANES, (), True, why_off)


def _trail(action_id: str, key: str, title: str, sentence: str, why_off: WhyOff) -> Action:
    panes = (Pane.TRAILS, Pane.STATUS)
    return Action(action_id, (key,), key, title, sentence, _TRAILS, panes, True, why_off, panes)


ACTIONS: tuple[Action, ...] = (
    Action(
        "filter", ("slash",), "/", "filter", "Type a filter over the events; what is here is filtered as you type.",
        _EVENTS, (Pane.EVENTS,), True, always,
    ),
    Action(
        "ask", (), "enter", "ask",
        "In the filter line: ask for all that answers it, among 5,000 events where no attribute selects; esc stops.",
        _EVENTS, (), True, no_readable_line,
    ),
    Action(
        "complete", (), "tab", "complete", "In the filter line: put in what could stand there; shift+tab goes back.",
        _EVENTS, (), False, always,
    ),
    Action(
        "recall", (), "↑ ↓", "history", "In the filter line: the lines used before, and back again.",
        _EVENTS, (), False, always,
    ),
    Action(
        "time-range", ("t",), "t", "range", "Choose the stretch of time to look at.",
        _EVENTS, (Pane.EVENTS,), True, always,
    ),
    Action(
        "open", ("enter",), "enter", "detail", "Open or close the record of the selected event.",
        _EVENTS, (Pane.EVENTS, Pane.DETAIL), True, no_detail,
    ),
    Action(
        "copy", ("c",), "c", "copy", "Copy the record of the selected event as indented JSON.",
        _EVENTS, (Pane.EVENTS, Pane.DETAIL), True, no_event,
    ),
    Action(
        "next-page", ("m",), "m", "more", "Ask the service for the next page of events.",
        _EVENTS, (Pane.EVENTS,), True, no_single_page,
    ),
    Action(
        "everything", ("M",), "M", "all",
        "Load every page in range, or go on where that stopped; esc stops it and keeps what has arrived.",
        _EVENTS, (Pane.EVENTS,), True, not_everything,
    ),
    Action(
        "question", ("f",), "f", "form", "Ask by attribute, value, from and to.",
        _EVENTS, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "writes-only", ("w",), "w", "writes", "Show only calls that write; again, all.",
        _EVENTS, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "errors-only", ("x",), "x", "errors", "Show only calls that failed; again, all.",
        _EVENTS, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "clear-filter", ("ctrl+l",), "ctrl+l", "clear", "Clear the filter line.",
        _EVENTS, (), True, no_line,
    ),
    Action(
        "previous-view", ("left_square_bracket",), "[", "previous view",
        "Go back to the question before, with its rows and cursor.", _EVENTS, (), True, no_previous_view,
    ),
    Action(
        "next-view", ("right_square_bracket",), "]", "next view",
        "Go forward to the question that [ or esc has left.", _EVENTS, (), True, no_next_view,
    ),
    Action(
        "ask-again", ("R",), "R", "ask again",
        "Ask the service again for what is on the screen, known or not.",
        _EVENTS, (), True, no_again,
    ),
    Action(
        "ask-regions", (), "", "Regions named", "Ask the Regions that the filter line names, as well.",
        _EVENTS, (), True, no_unasked,
    ),
    Action(
        "one-region", (), "", "Regions asked", "Ask only the Region we work in; leave out those that were added.",
        _EVENTS, (), True, no_added,
    ),
    _remedy(1, "Take the first remedy that is offered for the events."),
    _remedy(2, "The second one."),
    _remedy(3, "The third one."),
    _remedy(4, "The fourth one."),
    _remedy(5, "The fifth one."),
    _trail("new-trail", "n", "new", "Make a new trail.", no_writing),
    _trail("edit-trail", "e", "edit", "Change the selected trail.", no_change),
    _trail("start-stop", "s", "start/stop", "Start the selected trail's logging, or stop it.", no_start_or_stop),
    _trail("delete-trail", "d", "delete", "Delete the selected trail.", no_change),
    _trail("stop-event", "l", "who stopped it", "Go to the StopLogging event of a stopped trail.", no_stop_event),
    Action(
        "refresh", ("r",), "r", "refresh", "Ask again for trails, status and events; connect again where that failed.",
        _PROGRAM, (Pane.TRAILS, Pane.STATUS), True, no_refresh,
    ),
    _pane("trails", "1", "trails", "Go to the list of trails."),
    _pane("status", "2", "status", "Go to the status of the selected trail; so does enter in Trails."),
    Action(
        "every-field", (), "enter", "all fields",
        "Enter in Status: show the fields that AWS retired one by one, too; again, in a word.",
        _PANES, (), True, no_status,
    ),
    _pane("events", "3", "events", "Go to the list of events."),
    _pane("detail", "4", "event record", "Go to the record of the selected event.", no_detail),
    Action("next-pane", ("tab",), "tab", "next pane", "Go to the next pane.", _PANES, (), False, always),
    Action(
        "previous-pane", ("shift+tab",), "shift+tab", "previous pane", "Go to the pane before.",
        _PANES, (), False, always,
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
        "Step back one thing at a time: a window, a running load, the detail, the question; then clear the line.",
        _PROGRAM, (Pane.DETAIL,), False, always,
    ),
    Action("help", ("question_mark", "f1"), "? f1", "help", "Show every key.", _PROGRAM, _LISTS, True, always),
    Action(
        "palette", ("ctrl+p",), "ctrl+p", "palette", "Find an action by its name.",
        _PROGRAM, _LISTS, False, always,
    ),
    Action("theme", (), "", "theme", "Choose the colours.", _PROGRAM, (), True, always),
    Action("quit", ("q",), "q", "quit", "Leave ctui.", _PROGRAM, _LISTS, True, always),
)  # fmt: skip
"""Every action, in the order of footer and help. The keys are those fixed for version 0.1."""


def action(action_id: str) -> Action:
    """The action of that id; raises KeyError for an unknown one."""
    for candidate in ACTIONS:
        if candidate.id == action_id:
            return candidate
    raise KeyError(action_id)


def line_actions(readable: bool = True) -> tuple[Action, ...]:
    """The actions the footer shows while the filter line is typed in; a line that cannot be read cannot be asked."""
    ids = (*(("ask",) if readable else ()), "complete", "recall", "clear-filter", "back")
    return tuple(action(each) for each in ids)


_ENTER = {Pane.TRAILS: "status", Pane.STATUS: "every-field"}


def on_enter(pane: Pane) -> str:
    """Id of the action that enter does in a pane: what the pane is about."""
    return _ENTER.get(pane, "open")


def footer_actions(pane: Pane) -> tuple[Action, ...]:
    """The actions the footer shows while that pane has the focus, most wanted first."""
    listed = tuple(each for each in ACTIONS if pane in each.footer)
    return (replace(action(_ENTER[pane]), label="enter"), *listed) if pane in _ENTER else listed
