"""Troubles: what is wrong with the session, its trails and its events, shown as it comes and withdrawn as it goes."""

from ctui.core.lookup.outage import Outage
from ctui.core.lookup.query_state import QueryState
from ctui.core.session import Session, SessionPhase
from ctui.errors import CtuiError, LoginNeeded
from ctui.ui.notifier import Notifier
from ctui.ui.session_facts import query_error

_TOLD_ATTEMPTS = 4
"""So many attempts in a row fail within about four seconds. Fewer may be chance."""


class Troubles:
    """Reads what is wrong off the session, and tells of it what is new."""

    def __init__(self, session: Session, notifier: Notifier) -> None:
        self._session = session
        self._notifier = notifier
        self._refusals: set[tuple[tuple[str, ...], str]] = set()

    def of_session(self) -> None:
        """The connection, the clocks, and what is to be noticed of both."""
        state = self._session.state
        self._notifier.set_status("notice", state.notice if state.phase is SessionPhase.READY else None, "warning")
        self._notifier.set_status("clocks", state.clocks, "warning")
        self._notifier.set_status("session", state.error)
        told = {_login_of(state.error)}
        for login in state.logins:
            # One login serves all profiles of an SSO session: it is asked for once.
            needed = _login_of(login.error)
            again = needed is not None and needed in told
            told.add(needed)
            self._notifier.set_status(f"login {login.label}", None if again else _named(login.label, login.error))

    def of_trails(self) -> None:
        """Why the trails are not whole."""
        self._notifier.set_status("trails", self._session.trails.state.error)

    def of_query(self, query: QueryState) -> None:
        """Why the result is incomplete. The refusal of a scope is shown once, not with each query."""
        trouble = query_error(self._session, query)
        self._notifier.set_status("query", None if query.refused else trouble)
        state = self._session.state
        asked = {*state.regions, *(f"{account} {region}" for account in state.accounts for region in state.regions)}
        self._refusals = {(scopes, title) for scopes, title in self._refusals if set(scopes) <= asked}
        if trouble is not None and query.refused and (query.refused, trouble.title) not in self._refusals:
            self._refusals.add((query.refused, trouble.title))
            self._notifier.report(trouble)

    def of_outage(self, outage: Outage | None) -> None:
        """Why a load waits, in full, once it has waited for some seconds; the line below the events names it before."""
        told = outage is not None and outage.attempts >= _TOLD_ATTEMPTS
        self._notifier.set_status("outage", outage.error if outage is not None and told else None, "warning")

    def of_rows(self, problem: CtuiError | None) -> None:
        """Why rows could not be read for the filter, or None."""
        self._notifier.set_status("filter", problem)

    def of_store(self, problem: CtuiError) -> None:
        """The store, or a log file, cannot be read."""
        # A session that ends closes its store, while the screen may still be drawn.
        if self._session.state.phase is not SessionPhase.CLOSED:
            self._notifier.report_once(problem)


def _login_of(error: CtuiError | None) -> str | None:
    """Which login in a browser an error asks for; None if it asks for none."""
    return error.again.stored if isinstance(error, LoginNeeded) and error.again is not None else None


def _named(label: str, error: CtuiError | None) -> CtuiError | None:
    """The error of a login besides the working one, or None: which login it is stands first."""
    return None if error is None else CtuiError(f"{label}: {error.title}", error.message, error.remedy)
