"""What operations get: a call with its caller, Region, time and parameters, and the state of the service."""

from dataclasses import dataclass
from typing import Any

from ctui.emulator.account.trails import TrailStore
from ctui.emulator.errors.edition import EditionRules
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.tokens import Tokens
from ctui.emulator.wire.protocol import Parameters
from ctui.emulator.wire.signature import Signer

Answer = dict[str, Any] | None
"""The body of an answer, or None if it is empty."""


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated call with checked parameters."""

    action: str
    parameters: Parameters
    caller: Signer
    now: float
    """World time, epoch seconds."""

    @property
    def scope(self) -> tuple[str, str]:
        """Account and Region."""
        return self.caller.account.id, self.caller.region


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The state that operations read and write."""

    rules: EditionRules
    store: TrailStore
    history: EventHistory
    tokens: Tokens
