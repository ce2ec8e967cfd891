"""How things stand, for an action's `disabled_reason`: read off the session and the panes at the moment of the key."""

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session import Session, SessionPhase
from ctui.core.trails.trail_book import TrailsPhase
from ctui.model.trail.trail import failed_around
from ctui.ui.actions.registry import ActionContext
from ctui.ui.session_facts import is_loading_all
from ctui.ui.widgets.pane_area import PaneArea


def action_context_of(session: Session, state: ExplorerState, panes: PaneArea) -> ActionContext:
    """What actions look at now, but for the filter, its rows and the views: `AskHandlers.extend_context` adds those.

    Until then `rows` are all loaded events.
    """
    phase, query, book = session.state.phase, state.query, session.trails.state
    entry = panes.trails.chosen
    trail = entry.trail if entry is not None else None
    status = entry.status if entry is not None else None
    return ActionContext(
        pane=panes.focused,
        connecting=phase is SessionPhase.CONNECTING,
        connected=phase is SessionPhase.READY,
        failed=phase is SessionPhase.FAILED,
        loading=query.phase is QueryPhase.LOADING,
        load_failed=query.phase is QueryPhase.FAILED,
        more=query.more or session.state.assumed is not None,
        loading_all=is_loading_all(session, state),
        bounded=query.scan_to is not None,
        rows=query.loaded,
        any_marked=bool(session.marks.rows),
        event_selected=panes.events.chosen is not None,
        detail_open=panes.detail_open,
        record_as_json=panes.detail.as_json,
        on_value=panes.detail.on_value,
        trails=len(book.entries),
        trail_selected=trail is not None,
        trail_nameless=trail is not None and not trail.name,
        trails_loading=book.phase is TrailsPhase.LOADING,
        narrow=panes.narrow,
        read_only=session.changes.read_only,
        trail_changing=trail is not None and session.changes.in_progress(trail) is not None,
        trail_logging=status.is_logging if status is not None else None,
        trail_status_answered=entry is not None and (status is not None or entry.error is not None),
        login_needed=session.login_needed is not None,
        trail_multi_region=trail is not None and trail.is_multi_region_trail is True,
        delivery_failed=status is not None and failed_around(status) is not None,
        following=session.following is not None,
        files_alone=session.state.files_alone,
        unconfirmed=session.state.assumed is not None,
        trail_stopped=status is not None and status.is_logging is False and status.stop_logging_time is not None,
    )
