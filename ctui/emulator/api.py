"""The API without HTTP: a signed request in, a reply out. Every call of a known caller is recorded."""

import logging
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from ctui.emulator.account.accounts import Account, World
from ctui.emulator.account.temporary import Keyring
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.injected import InjectedFaults
from ctui.emulator.errors.service_error import ServiceError
from ctui.emulator.errors.table import wire_of
from ctui.emulator.operations import OPERATIONS
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.call_record import RecordedCall, elements_of, identity_of, record_of, seen_by, shared
from ctui.emulator.options import Edition, FaultName, Lag
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.event_history import StillFilling
from ctui.emulator.records.lag import available_at
from ctui.emulator.records.recorded import Origin
from ctui.emulator.services import CLOUDTRAIL, rest, service_of
from ctui.emulator.services.service import Parameters, Service, ServiceCall
from ctui.emulator.wire.pacing import LookupPacing
from ctui.emulator.wire.protocol import action_of, parameters_of
from ctui.emulator.wire.query import action_in, check_query
from ctui.emulator.wire.reply import JSON_TYPE, Reply, damaged
from ctui.emulator.wire.signature import SignedRequest, Signer, verify
from ctui.model.clock import Clock

_NOT_HERE = frozenset({Condition.ACTION_UNKNOWN, Condition.ACTION_UNSUPPORTED})
"""The log names what a client asked of the emulator that it cannot answer."""
_HANGING_SECONDS = 0.5
"""How often a call that hangs looks whether the fault has ended."""
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Progress:
    """What is known of a request so far, for the reply and record of an error."""

    request: SignedRequest
    request_id: str
    service: Service | None
    """None for CloudTrail."""
    action: str = ""
    caller: Signer | None = None
    parameters: Parameters | None = None
    elements: Mapping[str, Any] | None = None
    """The responseElements."""
    reached: Account | None = None
    """The other account that records the call too."""
    recorded: RecordedCall | None = None
    """What the event says of a call that is not signed, or None if there is none."""
    damage: FaultName | None = None
    """What an injected fault does to the answer."""
    served: datetime | None = None
    """World time at which it was served, or None if it was refused before."""

    @property
    def service_name(self) -> str:
        """The service, as ARNs write it."""
        return CLOUDTRAIL if self.service is None else self.service.name

    def recorded_of(self, caller: Signer, now: float) -> RecordedCall:
        """What the event of a signed call says. `now` is epoch seconds."""
        given = self.parameters or {}
        return RecordedCall(
            identity=identity_of(caller, now),
            account=caller.account.id,
            region=caller.region,
            service=self.service_name,
            action=self.action,
            parameters=given if self.service is None else self.service.recorded(given),
            elements=self.elements,
        )


class Api:
    """Answers requests. One instance serves all accounts, in one edition."""

    def __init__(
        self,
        state: ServiceState,
        world: World,
        keyring: Keyring,
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
        self._keyring = keyring
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
        progress = _Progress(request, str(uuid.uuid4()), service_of(request))
        body, wire = b"", None
        try:
            try:
                body = await self._perform(progress)
            except Refusal as refusal:
                wire = self._wire(progress, refusal)
                if refusal.condition in _NOT_HERE:
                    _LOG.warning("refused: %.200s", ascii(wire.message))
            except ServiceError as error:
                wire = error.wire
            self._record(progress, wire, address)
        except Exception:  # noqa: BLE001 - the boundary: whatever it was becomes one InternalFailure and one log line
            _LOG.exception("internal failure in %s", progress.action or "a request")
            wire = self._wire(progress, Refusal(Condition.INTERNAL))
        return _reply(progress, body, wire)

    def refuse(self, refusal: Refusal) -> Reply:
        """The reply to something that is not an API request: a foreign host, a body that is too large."""
        progress = _Progress(SignedRequest("POST", "/", "", {}, b""), str(uuid.uuid4()), None)
        return _reply(progress, b"", self._wire(progress, refusal))

    async def _perform(self, progress: _Progress) -> bytes:
        if progress.service is not None:
            return await self._serve(progress, progress.service)
        request, rules = progress.request, self._state.rules
        target = request.headers.get("x-amz-target")
        if (request.method, request.path) != ("POST", "/"):
            raise Refusal(Condition.ACTION_UNKNOWN, action=f"{request.method} {request.path}")
        named = None if rules.today else action_in(request.query)
        progress.action = action_of(target, rules.actions, named)
        self.calls[progress.action] += 1
        check_query(request.query, today=rules.today, query_protocol=not target)
        caller = self._caller(progress, CLOUDTRAIL)
        progress.parameters = parameters = parameters_of(progress.action, request.body, today=rules.today)
        await self._admit(progress, caller)
        if progress.action == "LookupEvents" and not self._pacing.admit(caller.account.id, caller.region):
            raise Refusal(Condition.THROTTLED)
        progress.served = now = self._clock.now()
        answer = await self._operate(Call(progress.action, parameters, caller, now.timestamp()))
        progress.elements = elements_of(progress.action, answer)
        return b"" if answer is None else msgspec.json.encode(answer)

    async def _serve(self, progress: _Progress, service: Service) -> bytes:
        """The answer of another service than CloudTrail."""
        request = progress.request
        progress.action, progress.parameters = service.read(request)
        self.calls[progress.action] += 1
        if service.signed:
            check_query(request.query, today=self._state.rules.today, query_protocol=False)
            await self._admit(progress, self._caller(progress, service.name))
        else:
            await self._befall(progress)
        progress.served = self._clock.now()
        answer = service.operations[progress.action](
            ServiceCall(
                action=progress.action,
                parameters=progress.parameters,
                caller=progress.caller,
                world=self._world,
                keyring=self._keyring,
                now=datetime.now(UTC),
                world_now=progress.served,
            )
        )
        progress.elements, progress.reached, progress.recorded = answer.elements, answer.reached, answer.recorded
        return service.write(progress.action, answer.members, progress.request_id)

    def _caller(self, progress: _Progress, service: str) -> Signer:
        """Who signed the request."""
        progress.caller = verify(
            progress.request,
            self._keyring,
            service,
            minutes=self._state.rules.signature_minutes,
            now=datetime.now(UTC),
            world_now=self._clock.now(),
        )
        return progress.caller

    async def _admit(self, progress: _Progress, caller: Signer) -> None:
        """Raises Refusal if the caller may not do it, or a fault strikes."""
        if (policy := caller.denied_by(progress.service_name, progress.action)) is not None:
            raise _denied(progress, policy)
        await self._befall(progress)

    async def _operate(self, call: Call) -> Answer:
        while True:
            try:
                return OPERATIONS[call.action](self._state, call)
            except StillFilling:
                await self._more()

    async def _befall(self, progress: _Progress) -> None:
        caller, faults = progress.caller, self.faults
        if caller is None:
            drawn = faults.draw()
        else:
            temporary = caller.key.session_token is not None
            drawn = faults.draw(caller.account.id, caller.region, temporary=temporary)
        if drawn.delay:
            await self._clock.sleep(drawn.delay)
        while drawn.hangs and self.faults is faults:
            await self._clock.sleep(_HANGING_SECONDS)
        if drawn.condition is not None:
            raise _denied(progress) if drawn.condition is Condition.DENIED else Refusal(drawn.condition)
        progress.damage = drawn.damage

    def _wire(self, progress: _Progress, refusal: Refusal) -> Wire:
        if progress.service is None:
            return wire_of(refusal, self._state.rules.edition)
        # The editions are CloudTrail's: the other services are today's.
        return progress.service.error(refusal.condition, wire_of(refusal, Edition.TODAY))

    def _record(self, progress: _Progress, wire: Wire | None, address: str) -> None:
        """Record a call of a known caller, also if it was refused. An unknown caller belongs to no account."""
        caller, reached = progress.caller, progress.reached
        # The same instant as in the answer: credentials begin in the second of their event.
        now = (progress.served or self._clock.now()).timestamp()
        call = progress.recorded if caller is None else progress.recorded_of(caller, now)
        if call is None:
            return
        record = record_of(
            call,
            failure=wire,
            now=now,
            request_id=progress.request_id,
            address=address,
            agent=_readable(progress.request.headers.get("user-agent", "")),
        )
        if reached is None or caller is None:
            self._keep(record, call.account, now)
        else:
            record = shared(record)
            self._keep(record, call.account, now)
            self._keep(seen_by(record, caller, reached), reached.id, now)

    def _keep(self, record: dict[str, Any], account: str, now: float) -> None:
        available = now if self._lag is Lag.NONE else available_at(record["eventID"], now, self._lag)
        self._state.history.add([recorded(record, account=account, origin=Origin.CALL, available=available)])


def _reply(progress: _Progress, body: bytes, wire: Wire | None) -> Reply:
    service, request_id = progress.service, progress.request_id
    content_type = JSON_TYPE if service is None else service.content_type
    if wire is None:
        return damaged(Reply(200, content_type, body, request_id), progress.damage)
    write_error = rest.write_typed_error if service is None else service.write_error
    return Reply(wire.status, content_type, write_error(wire, request_id), request_id, wire.code)


def _denied(progress: _Progress, policy: str = "identity-based") -> Refusal:
    arn = "" if progress.caller is None else progress.caller.arn
    fields = {"arn": arn, "service": progress.service_name, "action": progress.action, "policy": policy}
    return Refusal(Condition.DENIED, **fields)


def _readable(header: str) -> str:
    """A header's text with invalid UTF-8 replaced: a record is valid Unicode."""
    return header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
