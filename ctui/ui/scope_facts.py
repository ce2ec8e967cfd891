"""What the screen says of scopes: what each is called, what it does, and where its knowledge ends."""

from collections.abc import Mapping
from typing import Protocol

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.logins import LoginState
from ctui.core.lookup.outage import Outage
from ctui.core.lookup.query_state import instant
from ctui.core.lookup.scope_state import ScopePhase
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.render.panes.horizon_line import MissingScopes
from ctui.render.text import times
from ctui.ui.session_facts import account_names
from ctui.ui.widgets.headings import HorizonAt


class HasPhase(Protocol):
    """What is being done about a scope, or about several."""

    @property
    def phase(self) -> ScopePhase:
        """As ScopeState has it."""

    @property
    def error(self) -> CtuiError | None:
        """Why it is refused."""


def outages_of(session: Session) -> dict[str, Outage]:
    """Which Regions fail now, and how."""
    return {outage.region: outage for outage in session.queue.state.outages}


def words_of(state: HasPhase, outage: Outage | None) -> tuple[str, bool]:
    """What a scope does, and whether that is trouble. `outage`: that of its Region."""
    if state.error is not None:
        return f"refused: {state.error.title}", True
    if state.phase is ScopePhase.LOADING and outage is not None:
        return f"waits: {outage.error.title}", True
    return state.phase.value, False


def login_words(login: LoginState) -> tuple[str, bool]:
    """How far a login is that is not ready, and whether that is trouble."""
    if login.error is not None:
        return f"not reached: {login.error.title}", True
    return "connecting", False


def horizons_of(session: Session, state: ExplorerState) -> tuple[HorizonAt, ...]:
    """Where the knowledge of some accounts and Regions ends: first the accounts that are not reached."""
    found = [HorizonAt(None, MissingScopes((login.label,), *login_words(login))) for login in session.state.unreached]
    if state.query.horizons:
        names, outages, now = scope_names_of(session, state), outages_of(session), session.server_now()
        for one in state.query.horizons:
            by_words: dict[tuple[str, bool], list[Scope]] = {}
            for scope in one.scopes:
                by_words.setdefault(words_of(one, outages.get(scope.region)), []).append(scope)
            back_to = "" if one.second is None else times.near(instant(one.second), now)
            found += [
                HorizonAt(one.second, MissingScopes(tuple(names[scope] for scope in scopes), *words, back_to))
                for words, scopes in by_words.items()
            ]
    return tuple(found)


def scope_names_of(session: Session, state: ExplorerState) -> Mapping[Scope, str]:
    """What the scopes of the query are called: by Region, and by account if there are several."""
    accounts = account_names(session)
    scopes = [one.scope for one in state.query.scopes]
    several = len({scope.account for scope in scopes}) > 1
    return {
        scope: f"{accounts.get(scope.account, scope.account)} {scope.region}"
        if several and not scope.provisional
        else scope.region
        for scope in scopes
    }
