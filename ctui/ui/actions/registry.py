"""One record per action. Bindings, footer, palette and help all read it here."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from ctui.model.values import dataclass
from ctui.ui.actions.disabled_reason import (
    ActionContext,
    DisabledReason,
    always,
    no_added,
    no_again,
    no_change,
    no_connection,
    no_delivery_error,
    no_detail,
    no_event,
    no_export,
    no_following,
    no_global_region,
    no_line,
    no_login,
    no_next_view,
    no_own_calls,
    no_previous_view,
    no_readable_line,
    no_record,
    no_refresh,
    no_remedy,
    no_single_page,
    no_source_below,
    no_sources,
    no_start_or_stop,
    no_status,
    no_stop_event,
    no_trail,
    no_trail_call,
    no_trail_regions,
    no_unasked,
    no_value,
    no_writing,
    not_everything,
)
from ctui.ui.panes import Pane, editing_panes, pane_row

__all__ = [
    "ACTIONS",
    "REMEDY_KEYS",
    "Action",
    "ActionContext",
    "action",
    "footer_actions",
    "in_pane",
    "line_actions",
    "on_enter",
    "panes_of_keys",
    "search_actions",
]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `disabled_reason` returns why it cannot be done now, or None."""

    id: str
    keys: tuple[str, ...]
    """Textual's names of the keys: "m", "M", "question_mark", "ctrl+p"."""
    label: str
    """The keys as people write them."""
    title: str
    """One or two words, for the footer; for messages, if there is no key."""
    help: str
    """One sentence, for help and palette."""
    group: str
    """The heading in help. What stands under Move is never off."""
    footer: tuple[Pane, ...]
    """Panes whose footer shows it, if there is room."""
    palette: bool
    """True if the palette lists it; movements are not listed."""
    disabled_reason: DisabledReason
    panes: tuple[Pane, ...] = ()
    """Panes in which its keys work; everywhere when empty. The palette does it from anywhere.

    Actions of different panes may have the same keys, and one that works everywhere leaves them to those.
    """

    @property
    def always_on(self) -> bool:
        """Whether it can always be done, so that no context is needed."""
        return self.disabled_reason is always

    def why_off(self, now: ActionContext) -> str | None:
        """Why it cannot be done now, in words; None if it can."""
        return (now.files_alone and NOT_FOR_FILES.get(self.id)) or self.disabled_reason(now)


REMEDY_KEYS = ("5", "6", "7", "8", "9")
"""Keys for what is offered where an answer is empty or not whole, in that order; 1 to 4 are the panes'."""


def _remedy(number: int, sentence: str) -> Action:
    key = REMEDY_KEYS[number - 1]
    return Action(f"remedy-{number}", (key,), key, "suggestion", sentence, _ASK, (), False, no_remedy(number))


_ASK, _NARROW, _FOLLOW, _READ, _KEEP = "Ask", "Narrow", "Follow", "Read", "Keep"
_TRAILS, _PANES, _MOVE, _PROGRAM = "Trails", "Panes", "Move", "Program"
_LISTS = tuple(Pane)


def _move(action_id: str, keys: tuple[str, ...], label: str, title: str, sentence: str) -> Action:
    return Action(action_id, keys, label, title, sentence, _MOVE, (), False, always)


def _go_to(pane: Pane, disabled_reason: DisabledReason = always) -> Action:
    row = pane_row(pane)
    return Action(pane.value, (row.key,), row.key, row.name, row.help, _PANES, (), True, disabled_reason)


def _detail(action_id: str, key: str, title: str, sentence: str, disabled_reason: DisabledReason) -> Action:
    panes = (Pane.DETAIL,)
    label = "/" if key == "slash" else key
    return Action(action_id, (key,), label, title, sentence, _READ, panes, False, disabled_reason, panes)


def _shape(
    action_id: str, keys: tuple[str, ...], label: str, title: str, sentence: str, *, shown: bool = True
) -> Action:
    panes = (Pane.SHAPE,)
    footer = panes if shown and keys else ()
    return Action(action_id, keys, label, title, sentence, _NARROW, footer, False, always, panes)


def _trail(action_id: str, key: str, title: str, sentence: str, disabled_reason: DisabledReason) -> Action:
    panes = editing_panes()
    return Action(action_id, (key,), key, title, sentence, _TRAILS, panes, True, disabled_reason, panes)


ACTIONS: tuple[Action, ...] = (
    Action(
        "filter", ("slash",), "/", "filter", "Filter events; loaded events are filtered as you type.",
        _ASK, (Pane.EVENTS,), True, always,
    ),
    Action(
        "ask", (), "enter", "search",
        "In the filter: search AWS; without an attribute, up to 5,000 events.",
        _ASK, (), True, no_readable_line,
    ),
    Action(
        "complete", (), "tab", "complete", "In the filter: insert the next completion; shift+tab previous.",
        _ASK, (), False, always,
    ),
    Action(
        "recall", (), "↑ ↓", "history", "In the filter: previous and next filters.",
        _ASK, (), False, always,
    ),
    Action(
        "time-range", ("t",), "t", "range", "Choose a time range.",
        _ASK, (Pane.EVENTS,), True, always,
    ),
    Action(
        "open", ("enter",), "enter", "detail", "Open or close the selected event's record.",
        _READ, (Pane.EVENTS,), True, no_detail,
    ),
    Action(
        "pivot", ("p",), "p", "pivot", "Find events that share a value with the selected one; add or exclude it.",
        _FOLLOW, (Pane.EVENTS, Pane.DETAIL), True, no_event,
    ),
    Action(
        "copy", ("c",), "c", "copy", "Copy the selected event's record as indented JSON.",
        _KEEP, (Pane.EVENTS, Pane.DETAIL), True, no_event,
    ),
    Action(
        "copy-menu", ("y",), "y", "copy menu",
        "Copy an ID, ARN, key, IP, value, sentence, marked events, the question.",
        _KEEP, (), True, no_event,
    ),
    Action(
        "export", ("E",), "E", "export", "Export events into a file: NDJSON, JSON, CSV, event IDs, a log file.",
        _KEEP, (), True, no_export, (Pane.EVENTS,),
    ),
    Action(
        "trace", ("a",), "a", "trace", "Trace the selected event's session: who it came from, and what it did.",
        _FOLLOW, (Pane.EVENTS, Pane.DETAIL), True, no_event,
    ),
    Action(
        "follow", ("F",), "F", "follow new", "Show new events as they become available, or stop that.",
        _FOLLOW, (Pane.EVENTS,), True, no_following,
    ),
    replace(_go_to(Pane.SHAPE), group=_NARROW, footer=(Pane.EVENTS, Pane.SHAPE)),
    Action(
        "mark", ("space",), "space", "mark", "Mark the selected event, or remove its mark; is:marked lists them.",
        _KEEP, (), True, no_event, (Pane.EVENTS, Pane.DETAIL),
    ),
    Action(
        "mark-down", ("shift+down",), "shift+↓", "mark on", "Mark the selected event and the next one down.",
        _KEEP, (), False, no_event, (Pane.EVENTS,),
    ),
    Action(
        "mark-up", ("shift+up",), "shift+↑", "mark back", "Mark the selected event and the next one up.",
        _KEEP, (), False, no_event, (Pane.EVENTS,),
    ),
    Action(
        "note", ("N",), "N", "note", "Write a note on the selected event, which marks it.",
        _KEEP, (), True, no_event, (Pane.EVENTS,),
    ),
    Action(
        "compare", ("equals_sign",), "=", "compare",
        "Compare two marked events, or the selected one with the marked one.",
        _KEEP, (), True, no_event,
    ),
    Action(
        "next-page", ("m",), "m", "more", "Load the next page of events.",
        _ASK, (Pane.EVENTS,), True, no_single_page,
    ),
    Action(
        "everything", ("M",), "M", "all",
        "Load the whole range, or continue a stopped load.",
        _ASK, (Pane.EVENTS,), True, not_everything,
    ),
    Action(
        "question", ("f",), "f", "form", "Search by attribute, value and time.",
        _ASK, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "questions", ("Q",), "Q", "questions", "Ask what people usually ask; each question shows its filter line.",
        _ASK, (Pane.EVENTS,), True, always,
    ),
    Action(
        "writes-only", ("w",), "w", "writes", "Show only write calls, or all calls again.",
        _NARROW, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "errors-only", ("x",), "x", "errors", "Show only failed calls, or all calls again.",
        _NARROW, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "notable-only", ("exclamation_mark",), "!", "notable", "Show only notable events, or all events again.",
        _NARROW, (Pane.EVENTS,), True, no_readable_line,
    ),
    Action(
        "previous-notable", ("left_curly_bracket",), "{", "previous notable",
        "Go up to the next event that is notable or failed.", _NARROW, (), True, no_event,
    ),
    Action(
        "next-notable", ("right_curly_bracket",), "}", "next notable",
        "Go down to the next event that is notable or failed.", _NARROW, (), True, no_event,
    ),
    Action(
        "columns", ("comma",), ",", "columns", "Choose columns and their order, any path of the record among them.",
        _READ, (Pane.EVENTS,), True, always,
    ),
    Action(
        "own-calls", ("o",), "o", "own calls",
        "Show the reads that ctui makes by itself, or hide them again.",
        _NARROW, (), True, no_own_calls,
    ),
    Action(
        "scopes", ("A",), "A", "scopes", "Show accounts and Regions: state, what was not looked at, on or off.",
        _ASK, (), True, no_connection,
    ),
    Action(
        "global-services", ("u",), "u", "global services",
        "Leave out the Region of global services, or search it again.",
        _ASK, (), True, no_global_region,
    ),
    Action(
        "clear-filter", ("ctrl+l",), "ctrl+l", "clear", "Clear the filter.",
        _ASK, (), True, no_line,
    ),
    Action(
        "previous-view", ("left_square_bracket",), "[", "previous view",
        "Go back to the previous view: filter, range, rows and cursor.", _FOLLOW, (), True, no_previous_view,
    ),
    Action(
        "next-view", ("right_square_bracket",), "]", "next view",
        "Go forward to the view that [ or esc left.", _FOLLOW, (), True, no_next_view,
    ),
    Action(
        "ask-again", ("R",), "R", "search again",
        "Search again, including what is already loaded.",
        _ASK, (), True, no_again,
    ),
    Action(
        "ask-regions", (), "", "search Regions", "Search the Regions named in the filter too.",
        _ASK, (), True, no_unasked,
    ),
    Action(
        "one-region", (), "", "this Region", "Search this Region only.",
        _ASK, (), True, no_added,
    ),
    *(_remedy(number, f"Use suggestion {number}.") for number in range(1, len(REMEDY_KEYS) + 1)),
    Action(
        "value", (), "enter", "value",
        "Fold or unfold, or pivot on the value; also a double click.",
        _READ, (), False, no_value, (Pane.DETAIL,),
    ),
    _detail("find", "slash", "search", "Search in the record; n and N go to the next and previous place.", no_record),
    Action(
        "find-next", ("n",), "n", "next place", "Go to the next place of what was searched for.",
        _READ, (), False, no_record, (Pane.DETAIL,),
    ),
    Action(
        "find-previous", ("N",), "N", "previous place", "Go to the previous place.",
        _READ, (), False, no_record, (Pane.DETAIL,),
    ),
    _detail("json", "v", "JSON", "Show the record as JSON, or as a tree again.", no_record),
    _detail("next-event", "J", "next", "Read the next event, at the same place of its record.", no_record),
    Action(
        "previous-event", ("K",), "K", "previous", "Read the previous event.",
        _READ, (), False, no_record, (Pane.DETAIL,),
    ),
    Action(
        "fold", ("left",), "←", "fold", "Fold a part of the record, or go to what a value is in.",
        _READ, (), False, no_value, (Pane.DETAIL,),
    ),
    Action(
        "unfold", ("right",), "→", "unfold", "Unfold a part of the record, or go to its first value.",
        _READ, (), False, no_value, (Pane.DETAIL,),
    ),
    _shape("facet", (), "enter", "narrow", "Add the selected values to the filter, or narrow to the time."),
    _shape("facet-exclude", ("minus",), "-", "exclude", "Exclude the selected values from the filter."),
    _shape("facet-select", ("space",), "space", "select", "Select several values; enter then takes one of them."),
    _shape("facet-left", ("left",), "←", "left", "Go to the facet or time at the left.", shown=False),
    _shape("facet-right", ("right",), "→", "right", "Go to the facet or time at the right.", shown=False),
    _shape("stretch-left", ("shift+left",), "shift+←", "select back", "Select time back; also drag.", shown=False),
    _shape("stretch-right", ("shift+right",), "shift+→", "select on", "Select time on; also drag.", shown=False),
    _trail("new-trail", "n", "new", "Create a new trail.", no_writing),
    _trail("edit-trail", "e", "edit", "Edit the selected trail.", no_change),
    _trail("start-stop", "s", "start/stop", "Start or stop logging of the selected trail.", no_start_or_stop),
    _trail("delete-trail", "d", "delete", "Delete the selected trail.", no_change),
    _trail("follow-trail", "F", "follow", "Follow new events in the Regions that the trail covers.", no_trail_call),
    _trail("around-error", "D", "around error", "Show events around the trail's delivery error.", no_delivery_error),
    _trail("stop-event", "l", "who stopped", "Show who stopped the selected trail.", no_stop_event),
    _trail("trail-regions", "i", "in Regions", "Read the trail's status in each Region, or hide it.", no_trail_regions),
    _trail("copy-trail", "c", "copy", "Copy the selected trail as JSON.", no_trail),
    _trail("copy-trail-menu", "y", "copy menu", "Copy the trail's ARN, bucket, status or command.", no_trail),
    Action(
        "refresh", ("r",), "r", "refresh", "Refresh and look for new log files, reconnect, or try again.",
        _PROGRAM, (Pane.TRAILS, Pane.STATUS), True, no_refresh,
    ),
    Action(
        "log-in", ("L",), "L", "log in", "Make a login that ran out again, with the AWS CLI; then ctui goes on.",
        _PROGRAM, (), True, no_login,
    ),
    _go_to(Pane.TRAILS),
    _go_to(Pane.STATUS),
    Action(
        "every-field", (), "enter", "old fields",
        "In Status: show or hide deprecated fields.",
        _PANES, (), True, no_status,
    ),
    _go_to(Pane.EVENTS),
    _go_to(Pane.DETAIL, no_detail),
    Action("next-pane", ("tab",), "tab", "next pane", "Go to the next pane.", _PANES, (), False, always),
    Action(
        "previous-pane", ("shift+tab",), "shift+tab", "previous pane", "Go to the previous pane.",
        _PANES, (), False, always,
    ),
    Action(
        "zoom", ("z",), "z", "zoom", "Give the pane the whole screen, or the other panes theirs again.",
        _PANES, (), True, always,
    ),
    _move("up", ("k", "up"), "k ↑", "up", "Move one line up."),
    _move("down", ("j", "down"), "j ↓", "down", "Move one line down; near the end more events load."),
    _move("first", ("g", "home"), "g home", "first", "Move to the first line."),
    _move("last", ("G", "end"), "G end", "last", "Move to the last loaded line."),
    _move("half-down", ("ctrl+d",), "ctrl+d", "half a page down", "Move half a page down."),
    _move("half-up", ("ctrl+u",), "ctrl+u", "half a page up", "Move half a page up."),
    _move("page-down", ("pagedown",), "pgdn", "page down", "Move a page down."),
    _move("page-up", ("pageup",), "pgup", "page up", "Move a page up."),
    Action(
        "back", ("escape",), "esc", "back",
        "Step back: close, stop a load, close the record, previous view, clear.",
        _PROGRAM, (Pane.DETAIL,), False, always,
    ),
    Action(
        "help", ("question_mark", "f1"), "? f1", "help", "Show all keys, and what the filter can take.",
        _PROGRAM, _LISTS, True, always,
    ),
    Action(
        "palette", ("ctrl+p",), "ctrl+p", "palette", "Find an action by name.",
        _PROGRAM, _LISTS, False, always,
    ),
    Action(
        "open-source", ("ctrl+o",), "ctrl+o", "open a source",
        "Open a profile, Region, endpoint or log files, and ask it the same.",
        _PROGRAM, (), True, no_sources,
    ),
    Action(
        "close-source", (), "", "source before",
        "Go back to the source before; in the first view [ does so too.",
        _PROGRAM, (), True, no_source_below,
    ),
    Action("theme", (), "", "theme", "Choose a theme.", _PROGRAM, (), True, always),
    Action(
        "suspend", (), "ctrl+z", "suspend", "Suspend ctui, and go on when the shell's fg brings it back.",
        _PROGRAM, (), True, always,
    ),
    Action("quit", ("q",), "q", "quit", "Quit ctui.", _PROGRAM, _LISTS, True, always),
)  # fmt: skip
"""Every action, in the order of footer and help. A footer without room leaves out the last ones but help and quit."""

_NO_TRAILS = "log files have no trails"
_NOT_ASKED = "log files alone: nothing is asked of AWS"
NOT_FOR_FILES: Mapping[str, str] = {
    **dict.fromkeys((each.id for each in ACTIONS if each.panes == editing_panes()), _NO_TRAILS),
    "follow": "log files do not follow AWS; r look for new files",
    "ask-again": "log files prove nothing; r look for new files",
    "log-in": "log files need no login",
    "own-calls": "log files do not say who you are: no own call is hidden",
    "every-field": _NO_TRAILS,
    **dict.fromkeys(("ask-regions", "one-region", "global-services"), _NOT_ASKED),
}
"""Action -> why it is off where log files alone are looked at."""


def action(action_id: str) -> Action:
    """The action of that id; raises KeyError for an unknown one."""
    for candidate in ACTIONS:
        if candidate.id == action_id:
            return candidate
    raise KeyError(action_id)


@cache
def in_pane(action_id: str, pane: Pane) -> Action:
    """What the keys of an action do in a pane: of all with these keys, the one that names the pane, else the one that
    works everywhere, else the action itself."""
    wanted = action(action_id)
    sharing = [each for each in ACTIONS if set(each.keys) & set(wanted.keys)]
    named = next((each for each in sharing if pane in each.panes), None)
    return named or next((each for each in sharing if not each.panes), wanted)


def panes_of_keys(action_id: str) -> tuple[Pane, ...]:
    """The panes in which the keys of an action do something: all panes of all actions with these keys."""
    wanted = action(action_id)
    sharing = [each for each in ACTIONS if set(each.keys) & set(wanted.keys)]
    return tuple(pane for pane in Pane if any(pane in each.panes for each in sharing))


def line_actions(readable: bool = True) -> tuple[Action, ...]:
    """The actions the footer shows while the filter line is typed in; a line that cannot be read cannot be asked."""
    ids = (*(("ask",) if readable else ()), "complete", "recall", "clear-filter", "back")
    return tuple(action(each) for each in ids)


def search_actions() -> tuple[Action, ...]:
    """The actions the footer shows while a text is typed that is searched for in the record."""
    return (replace(action("find"), label="enter"), action("back"))


def on_enter(pane: Pane) -> str:
    """Id of the action that enter does in a pane: what the pane is about."""
    return pane_row(pane).on_enter


def footer_actions(pane: Pane, *, files_alone: bool = False) -> tuple[Action, ...]:
    """The actions the footer shows while that pane has the focus, most wanted first. `files_alone`: only what log files
    have."""
    listed = tuple(each for each in ACTIONS if pane in each.footer)
    row = pane_row(pane)
    shown = (replace(action(row.on_enter), label="enter"), *listed) if row.in_footer else listed
    return tuple(each for each in shown if each.id not in NOT_FOR_FILES) if files_alone else shown
