"""What the export form says: which events can be chosen, how much of them is loaded, and how an export goes on."""

from enum import StrEnum

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.exporting.export import ExportPhase, ExportState
from ctui.core.lookup.query_state import QueryPhase, instant
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.empty_result.regions import unsearched_regions
from ctui.render.export.file_name import file_name
from ctui.render.panes import export as words
from ctui.render.roles import Line, Role
from ctui.ui.forms.parts import line
from ctui.ui.session_facts import problem_of, query_error, rest_eta, unreached


class Chosen(StrEnum):
    """Which events are exported."""

    HERE = "here"
    """Those that match, of the ones that are loaded."""
    ALL = "all"
    """Those that match; the rest of the range is loaded first."""
    MARKED = "marked"


def has_more(state: ExplorerState) -> bool:
    """True if not all of the range is loaded."""
    query = state.query
    whole = query.phase is QueryPhase.COMPLETE and query.error is None and not query.store_only
    return not (whole and state.covered)


def events_name(state: ExplorerState, chosen: Chosen, marked: int | None) -> str:
    """What the events are called; `marked`: how many are marked, None while that is being counted."""
    match chosen:
        case Chosen.HERE:
            which = "that match" if state.line.terms else "in the list"
            return f"{words.events_text(state.shown)} {which}{', so far' if has_more(state) else ''}"
        case Chosen.ALL:
            return "all that match; load the rest first" if state.line.terms else "all; load the rest first"
        case Chosen.MARKED:
            return "marked events" if marked is None else f"{words.events_text(marked)}, marked"


def event_lines(session: Session, chosen: Chosen) -> list[Line]:
    """How much of the events is loaded, and what is left out or not whole."""
    if chosen is Chosen.MARKED:
        return [line("Whether they match the filter or not.", Role.DIM)]
    state = session.explorer.state
    loaded = words.loaded_line(
        state.shown,
        state.query.loaded,
        more=has_more(state),
        filtered=bool(state.line.terms),
        load=chosen is Chosen.ALL,
        takes=rest_eta(session, state.query),
        waiting=sum(tree.waiting for tree in session.state.trees),
    )
    missing = (*unsearched_regions(state.line, session.state.regions), *unreached(state))
    besides = words.besides_lines(state.own_hidden, missing, state.query.unreadable)
    return [loaded, *besides]


def usual_name(session: Session, chosen: Chosen, ending: str) -> str:
    """The name of the file if a person writes no other."""
    state = session.explorer.state
    first, last = state.pinned
    start = None if first is None else instant(first)
    if start is None and chosen is Chosen.HERE:
        start = state.oldest_row
    stretch = None if chosen is Chosen.MARKED else (start, instant(last))
    return file_name(session.state.account, session.state.regions, stretch, ending)


def error_text(error: CtuiError) -> str:
    """An error as one text."""
    return f"{error.message} {error.remedy}".strip()


def progress_lines(session: Session, state: ExportState) -> tuple[Line, ...]:
    """How far an export is, or why its load has ended early."""
    query = session.explorer.state.query
    scanned = words.scanned_line(query.scanned, query.oldest, rest_eta(session, query), session.server_now())
    match state.phase:
        case ExportPhase.LOADING:
            return (line("Loading the rest, then the file is written."), scanned)
        case ExportPhase.HALTED:
            problem = problem_of(session) or query_error(session, query)
            why = f"{problem.title}: {problem.message}" if problem else "The load has stopped."
            return (line("Not all is loaded, and nothing is written.", Role.WARNING), line(why, Role.ERROR), scanned)
        case _:
            return (words.progress_line(state.path.name, state.written, state.rows, state.size),)
