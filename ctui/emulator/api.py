"""The API without HTTP: a signed request in, a reply out. Every call of a known caller is recorded."""

import logging
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from ctui.emulator.account.accounts import World
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.injected import InjectedFaults
from ctui.emulator.errors.table import wire_of
from ctui.emulator.operations import OPERATIONS
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.call_record import record_of
from ctui.emulator.options import Lag
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.event_history import StillFilling
from ctui.emulator.records.lag import available_at
from ctui.emulator.records.recorded import Origin
from ctui.emulator.wire import sts
from ctui.emulator.wire.pacing import LookupPacing
from ctui.emulator.wire.protocol import Parameters, action_of, parameters_of
from ctui.emulator.wire.query import action_in, check_query
from ctui.emulator.wire.signature import SignedRequest, Signer, is_signed_for, verify
from ctui.model.clock import Clock

JSON_TYPE = "application/x-amz-json-1.1"
_CLOUDTRAIL, _STS = "cloudtrail", "sts"
_NOT_HERE = frozenset({Condition.ACTION_UNKNOWN, Condition.ACTION_UNSUPPORTED})
"""The log names what a client asked of the emulator that it cannot answer."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply on the wire."""

    status: int
    content_type: str
    body: bytes
    request_id: str
    error: str | None = None
    """The error code, or None for an answer."""


@dataclass(slots=True)
class _Progress:
    """What is known of a request so far, for the reply and record of an error."""

    request: SignedRequest
    request_id: str
    service: str = _CLOUDTRAIL
    action: str = ""
    caller: Signer | None = None
    parameters: Parameters | None = None


class Api:
    """Answers requests. One instance serves all accounts, in one edition."""

    def __init__(
        self,
        state: ServiceState,
        world: World,
        clock: Clock,
        *,
        pacing: LookupPacing,
        faults: InjectedFaults,
        lag: Lag,
        more: Callable[[], Awaitable[None]],
    ) -> None:
        """`more` returns when more of the past has been added; it raises StoreError if it cannot be."""
        self._state = state
        self._world = world
        self._clock = clock
        self._pacing = pacing
        self.faults = faults
        """The injected faults. They may be replaced between calls."""
        self._lag = lag
        self._more = more
        self.calls: Counter[str] = Counter()
        """Action -> number of calls."""

    async def answer(self, request: SignedRequest, address: str) -> Reply:
        """The reply to one request. Never raises. `address` is the client's, for the record of the call."""
        progress = _Progress(request, str(uuid.uuid4()))
        if _is_for_sts(request):
            progress.service = _STS
        answer: dict[str, Any] | None = None
        body, wire = b"", None
        try:
            try:
                answer, body = await self._perform(progress)
            except Refusal as refusal:
                wire = self._wire(progress, refusal)
                if refusal.condition in _NOT_HERE:
                    _LOG.warning("refused: %.200s", ascii(wire.message))
            self._record(progress, answer, wire, address)
        except Exception:  # noqa: BLE001 - the boundary: whatever it was becomes one InternalFailure and one log line
            _LOG.exception("internal failure in %s", progress.action or "a request")
            wire = self._wire(progress, Refusal(Condition.INTERNAL))
        return self._reply(progress, body, wire)

    def refuse(self, refusal: Refusal) -> Reply:
        """The reply to something that is not an API request: a foreign host, a body that is too large."""
        progress = _Progress(SignedRequest("POST", "/", "", {}, b""), str(uuid.uuid4()))
        return self._reply(progress, b"", self._wire(progress, refusal))

    async def _perform(self, progress: _Progress) -> tuple[dict[str, Any] | None, bytes]:
        request, rules = progress.request, self._state.rules
        target = request.headers.get("x-amz-target")
        if (request.method, request.path) != ("POST", "/"):
            raise Refusal(Condition.ACTION_UNKNOWN, action=f"{request.method} {request.path}")
        if progress.service == _STS:
            progress.action = sts.action_of(request.body)
        else:
            named = None if rules.today else action_in(request.query)
            progress.action = action_of(target, rules.actions, named)
        self.calls[progress.action] += 1
        in_query = progress.service == _CLOUDTRAIL and not target
        check_query(request.query, today=rules.today, query_protocol=in_query)
        times = {"now": datetime.now(UTC), "world_now": self._clock.now()}
        caller = verify(request, self._world, progress.service, minutes=rules.signature_minutes, **times)
        progress.caller = caller
        if progress.service == _CLOUDTRAIL:
            progress.parameters = parameters_of(progress.action, request.body, today=rules.today)
        if not caller.may(progress.service, progress.action):
            raise Refusal(Condition.DENIED, arn=caller.arn, service=progress.service, action=progress.action)
        await self._befall()
        if progress.service == _STS:
            return None, sts.identity_xml(caller, progress.request_id)
        if progress.action == "LookupEvents" and not self._pacing.admit(caller.account.id, caller.region):
            raise Refusal(Condition.THROTTLED)
        call = Call(progress.action, progress.parameters or {}, caller, self._clock.now().timestamp())
        answer = await self._operate(call)
        return answer, b"" if answer is None else msgspec.json.encode(answer)

    async def _operate(self, call: Call) -> Answer:
        while True:
            try:
                return OPERATIONS[call.action](self._state, call)
            except StillFilling:
                await self._more()

    async def _befall(self) -> None:
        drawn = self.faults.draw()
        if drawn.delay:
            await self._clock.sleep(drawn.delay)
        if drawn.refusal is not None:
            raise drawn.refusal

    def _wire(self, progress: _Progress, refusal: Refusal) -> Wire:
        wire = wire_of(refusal, self._state.rules.edition)
        return sts.error_wire(refusal.condition, wire) if progress.service == _STS else wire

    def _record(self, progress: _Progress, answer: dict[str, Any] | None, wire: Wire | None, address: str) -> None:
        """Record a call of a known caller, also if it was refused. An unknown caller belongs to no account."""
        if progress.caller is None:
            return
        now = self._clock.now().timestamp()
        record = record_of(
            progress.caller,
            service=progress.service,
            action=progress.action,
            parameters=progress.parameters or {},
            answer=answer,
            failure=wire,
            now=now,
            request_id=progress.request_id,
            address=address,
            agent=_readable(progress.request.headers.get("user-agent", "")),
        )
        available = now if self._lag is Lag.NONE else available_at(record["eventID"], now, self._lag)
        event = recorded(record, account=progress.caller.account.id, origin=Origin.CALL, available=available)
        self._state.history.add([event])

    def _reply(self, progress: _Progress, body: bytes, wire: Wire | None) -> Reply:
        request_id = progress.request_id
        if progress.service == _STS:
            text = body if wire is None else sts.error_xml(wire, request_id)
            status, code = (200, None) if wire is None else (wire.status, wire.code)
            return Reply(status, sts.CONTENT_TYPE, text, request_id, code)
        if wire is None:
            return Reply(200, JSON_TYPE, body, request_id)
        error = msgspec.json.encode({"__type": wire.code, "message": wire.message})
        return Reply(wire.status, JSON_TYPE, error, request_id, wire.code)


def _is_for_sts(request: SignedRequest) -> bool:
    """True for a form, which is STS's protocol, unless it is signed for CloudTrail."""
    form = request.headers.get("content-type", "").lower().startswith(sts.FORM)
    return form and "x-amz-target" not in request.headers and not is_signed_for(request, _CLOUDTRAIL)


def _readable(header: str) -> str:
    """A header's text with invalid UTF-8 replaced: a record is valid Unicode."""
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
