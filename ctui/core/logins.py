"""OtherLogins: the logins of a session besides the working one, each of an account whose events are read too.

They connect side by side, and each account joins the question on the screen once the service has said which it is. Its
trails are not read, and nothing is changed in it.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from ctui.core.signal import Signal
from ctui.core.sources import Connector, Gateway
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.model.values import dataclass


class OtherLogin(NamedTuple):
    """What a login is made with."""

    label: str
    """The profile, or the account whose role is assumed: what a person calls it."""
    connector: Connector


class LoginPhase(StrEnum):
    """How far a login is."""

    NEW = "new"
    CONNECTING = "connecting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LoginState:
    """A login at a glance."""

    label: str
    phase: LoginPhase = LoginPhase.NEW
    scope: Scope | None = None
    """Its account and working Region, once the service has named the account."""
    arn: str = ""
    """The ARN of the caller, once that is known."""
    error: CtuiError | None = None
    """Why it has failed."""


class OtherLogins:
    """Connects, and reports each account that has answered. Nothing here blocks."""

    def __init__(self, logins: Sequence[OtherLogin], tasks: Tasks, joined: Callable[[Gateway, Scope], None]) -> None:
        """`joined` is called with the gateway of each login that is ready, and with its account and working Region."""
        self.state: tuple[LoginState, ...] = tuple(LoginState(login.label) for login in logins)
        """One for each login, in the order of `logins`."""
        self.changed: Signal[tuple[LoginState, ...]] = Signal()
        self._logins = list(logins)
        self._tasks = tasks
        self._joined = joined
        self._gateways: dict[int, Gateway] = {}
        self._ended = asyncio.Event()

    async def stand_in(self, working: OtherLogin, error: CtuiError) -> tuple[OtherLogin, Gateway] | None:
        """The first login that is ready, and its gateway, to work with in place of `working`, which has failed and
        takes its place here; None once all have failed too."""
        while not (ready := [one for one, state in enumerate(self.state) if state.phase is LoginPhase.READY]):
            if not any(state.phase is LoginPhase.CONNECTING for state in self.state):
                return None
            self._ended.clear()
            await self._ended.wait()
        number = ready[0]
        login, self._logins[number] = self._logins[number], working
        self._set(number, LoginState(working.label, LoginPhase.FAILED, error=error))
        return login, self._gateways.pop(number)

    def reached(self) -> list[tuple[Gateway, str]]:
        """The gateway of each login that is ready, and its account."""
        return [
            (self._gateways[number], state.scope.account)
            for number, state in enumerate(self.state)
            if state.scope is not None and number in self._gateways
        ]

    def connect(self, lost: Collection[str] = ()) -> None:
        """Connect the logins that are not, and are not about to be; those of `lost` accounts again."""
        for number, state in enumerate(self.state):
            over = state.scope is not None and state.scope.account in lost
            if over or state.phase in (LoginPhase.NEW, LoginPhase.FAILED):
                self._set(number, LoginState(state.label, LoginPhase.CONNECTING))
                self._tasks.start(self._connect(number), "other login")

    async def close(self) -> None:
        """Close the gateways."""
        gateways = tuple(self._gateways.values())
        self._gateways.clear()
        await asyncio.gather(*(gateway.close() for gateway in gateways))

    async def _connect(self, number: int) -> None:
        try:
            await self._tasks.guard(self._reach(number))
        except CtuiError as error:
            self._set(number, replace(self.state[number], phase=LoginPhase.FAILED, error=error))

    async def _reach(self, number: int) -> None:
        gateway = await self._logins[number].connector.connect(lambda _: None)
        before, self._gateways[number] = self._gateways.get(number), gateway
        try:
            identity = await gateway.identify()
            scope = Scope(gateway.connection.origin, identity.account, gateway.connection.region)
            # What is searched grows before this login is no longer missing: in between, an answer would be called
            # complete.
            self._joined(gateway, scope)
            self._set(number, LoginState(self.state[number].label, LoginPhase.READY, scope, identity.arn))
        finally:
            if before is not None:
                await before.close()

    def _set(self, number: int, state: LoginState) -> None:
        self.state = (*self.state[:number], state, *self.state[number + 1 :])
        self._ended.set()
        self.changed.publish(self.state)
