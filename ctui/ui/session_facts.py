"""What several parts of the screen read off a session: its Regions, what is wrong, what is still to be loaded."""

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.core.session import Session, SessionPhase
from ctui.errors import CtuiError, StoreError


def region_of(session: Session) -> str:
    """The working Region, "" until the connection is known."""
    connection = session.state.connection
    return connection.region if connection else ""


def account_names(session: Session) -> dict[str, str]:
    """What accounts are called, by account; without a name as the profile is, or the login whose account it is."""
    state = session.state
    names = {login.scope.account: login.label for login in state.logins if login.scope is not None}
    if state.account and state.connection is not None and state.connection.profile:
        names[state.account] = state.connection.profile
    return names | dict(state.account_names)


def unreached(state: ExplorerState) -> tuple[str, ...]:
    """What was to be searched and is not yet: logins by name, and the Regions of an account that did not list them."""
    return (*state.unreached, *(("other Regions",) if state.listing_regions else ()))


def problem_of(session: Session) -> CtuiError | None:
    """Why there is no connection; None if there is one, or may be soon."""
    return session.state.error if session.state.phase is SessionPhase.FAILED else None


def query_error(session: Session, query: QueryState) -> CtuiError | None:
    """Why the query is incomplete, naming the scopes if only some of them refuse; None if nothing is wrong."""
    error = query.error
    if error is None or not query.refused or isinstance(error, StoreError):
        return error
    names = account_names(session)
    parts = [name.rpartition(" ") for name in query.refused]
    refused = [f"{names.get(account, account)}{space}{region}" for account, space, region in parts]
    return CtuiError(f"{', '.join(refused)}: {error.title}", error.message, error.remedy)


def seconds_waited(session: Session) -> float:
    """Seconds that connecting, or the login's current wait, has taken so far; 0 while not connecting."""
    since = session.state.waiting_since
    return 0.0 if since is None else session.clock.monotonic() - since


def from_store(query: QueryState) -> bool:
    """Whether all rows come from the store: without a connection, or before any page has arrived."""
    return query.store_only or (query.phase is QueryPhase.FAILED and not query.pages and query.loaded > 0)


def is_loading_all(session: Session, state: ExplorerState) -> bool:
    """Whether everything in range is being loaded, or will be once the account is confirmed."""
    return state.query.loading_all or (session.state.assumed is not None and state.outstanding.everything)


def is_confirmed(session: Session) -> bool:
    """Whether stored rows are known to be of this login's account, or that cannot become known."""
    return session.state.assumed is None and session.state.phase is not SessionPhase.CONNECTING


def is_unasked(state: ExplorerState) -> bool:
    """Whether nothing is here because nothing was asked: the line was removed, and no call made for what is left."""
    query = state.query
    return state.passive and not (query.loaded or query.pages or query.error) and query.more


def waits_for_connection(session: Session) -> str | None:
    """When the service will be asked, if it cannot be now; None if it can."""
    phase = session.state.phase
    if phase is SessionPhase.READY:
        return None
    return f"starts once connected; {'r retry' if phase is SessionPhase.FAILED else 'esc cancel'}"


def rest_eta(session: Session, query: QueryState) -> tuple[float | None, float] | None:
    """Seconds that the rest of the load takes at the current pace, at least and at most."""
    if query.remaining is None:
        return None
    eta = query.remaining.eta(session.queue.state.pace.in_force)
    return eta.low, eta.high
