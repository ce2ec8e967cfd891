"""What the screen asks of a session in more than one place: its Regions, what is wrong, what is outstanding."""

from ctui.core.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.core.session import Session, SessionPhase
from ctui.errors import CtuiError, StoreError


def region_of(session: Session) -> str:
    """The working Region, "" until the connection is known."""
    connection = session.state.connection
    return connection.region if connection else ""


def regions_of(session: Session) -> tuple[str, ...]:
    """Every Region that is asked, the working one first; () until the connection is known."""
    region = region_of(session)
    return (region, *session.state.also) if region else ()


def problem_of(session: Session) -> CtuiError | None:
    """What keeps the session from working, None while nothing does."""
    return session.state.error if session.state.phase is SessionPhase.FAILED else None


def feed_trouble(feed: QueryState) -> CtuiError | None:
    """Why the feed is not whole, with the Regions named where it is for those alone; None where all is well."""
    error = feed.error
    if error is None or not feed.refused or isinstance(error, StoreError):
        return error
    return CtuiError(f"{', '.join(feed.refused)}: {error.title}", error.message, error.remedy)


def waited(session: Session) -> float:
    """Seconds since we connect, or since the login waits for what it waits for now; 0 where we do not connect."""
    since = session.state.waiting_since
    return 0.0 if since is None else session.clock.monotonic() - since


def from_store(feed: QueryState) -> bool:
    """Whether rows come from the store alone: without a connection, or where no page has come."""
    return feed.store_only or (feed.phase is QueryPhase.FAILED and not feed.pages and feed.loaded > 0)


def is_draining(session: Session, state: ExplorerState) -> bool:
    """Whether everything in range is being loaded, or will be once the account is confirmed."""
    return state.feed.loading_all or (session.state.assumed is not None and state.outstanding.everything)


def is_confirmed(session: Session) -> bool:
    """Whether it is known that what the store shows is of this login's account, or will not become known."""
    return session.state.assumed is None and session.state.phase is not SessionPhase.CONNECTING


def begun_by_nobody(state: ExplorerState) -> bool:
    """Whether nothing is here because nobody has asked yet: the line was taken away, and no call made for that."""
    feed = state.feed
    return state.passive and not (feed.loaded or feed.pages or feed.error) and feed.more


def waits_for_connection(session: Session) -> str | None:
    """When the service will be asked, where that cannot be now; None where it can."""
    phase = session.state.phase
    if phase is SessionPhase.READY:
        return None
    return f"starts once connected; {'r retry' if phase is SessionPhase.FAILED else 'esc cancel'}"
