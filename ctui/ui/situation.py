"""How things stand, for an action's `why_off`: read off the session and the panes at the moment of the key."""

from ctui.actions import Situation
from ctui.core.feed import FeedPhase
from ctui.core.session import Session, SessionPhase
from ctui.core.trails import TrailsPhase
from ctui.ui.widgets.pane_area import PaneArea


def situation_of(session: Session, panes: PaneArea) -> Situation:
    """The situation now."""
    phase, feed, book = session.state.phase, session.feed.state, session.trails.state
    return Situation(
        pane=panes.focused,
        connecting=phase is SessionPhase.CONNECTING,
        connected=phase is SessionPhase.READY,
        failed=phase is SessionPhase.FAILED,
        feed_loading=feed.phase is FeedPhase.LOADING,
        feed_failed=feed.phase is FeedPhase.FAILED,
        more=feed.more,
        draining=feed.draining,
        rows=feed.loaded,
        event_selected=panes.events.chosen is not None,
        detail_open=panes.detail_open,
        trails=len(book.entries),
        trail_selected=panes.trails.chosen is not None,
        trails_loading=book.phase is TrailsPhase.LOADING,
        narrow=panes.narrow,
    )
