"""The five writing actions over lists in memory, refused, failed or left unanswered where a test says so."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ctui.errors import CtuiError, OutcomeUnknown, TrailNotFound
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus


def unanswered() -> OutcomeUnknown:
    """A change whose answer never came."""
    return OutcomeUnknown("It may or may not have happened", "No answer came.", "Look first.")


@dataclass
class Mishap:
    """What befalls a write: the error it raises, and whether it is carried out all the same."""

    error: CtuiError
    happens: bool = False


@dataclass(kw_only=True)
class TrailWrites:
    """A mixin: whoever has it keeps the trails of one account, all at home in the Region they were made in."""

    trails: Sequence[Trail] = ()
    statuses: dict[str, TrailStatus | CtuiError] = field(default_factory=dict)
    """By the name or ARN that must be asked for."""
    writes: list[tuple[str, str, str]] = field(default_factory=list)
    """(action, Region, name or ARN) of each, refused ones included."""
    write_sends: list[float] = field(default_factory=list)
    """The monotonic second of each."""
    mishaps: "deque[Mishap | None]" = field(default_factory=deque)
    """What the next writes meet, in order; None lets one through."""

    def second(self) -> float:
        """The monotonic second; overridden by who has a clock."""
        return 0.0

    async def before_write(self) -> None:
        """What a write waits for; overridden by who is slow."""

    async def create_trail(self, region: str, draft: TrailDraft) -> Trail:
        """CreateTrail."""
        trail = _trail_of(draft, Trail(draft.name, arn=f"arn:aws:cloudtrail:{region}:111111111111:trail/{draft.name}"))
        trail = replace(trail, home_region=region)

        def make() -> None:
            self.trails = [*self.trails, trail]
            self._log(trail, TrailStatus(is_logging=False))

        await self._write("CreateTrail", region, draft.name, make)
        return trail

    async def update_trail(self, region: str, draft: TrailDraft) -> Trail:
        """UpdateTrail."""
        assert draft.base is not None
        held = self._held(draft.base.key)
        changed = _trail_of(draft, held)

        def put() -> None:
            self.trails = [changed if each.key == held.key else each for each in self.trails]

        await self._write("UpdateTrail", region, draft.base.key, put)
        return changed

    async def delete_trail(self, region: str, name: str) -> None:
        """DeleteTrail."""

        def drop() -> None:
            gone = self._held(name)
            self.trails = [each for each in self.trails if each.key != gone.key]

        await self._write("DeleteTrail", region, name, drop)

    async def start_logging(self, region: str, name: str) -> None:
        """StartLogging."""
        await self._write("StartLogging", region, name, lambda: self._log(self._held(name), TrailStatus(True)))

    async def stop_logging(self, region: str, name: str) -> None:
        """StopLogging."""
        await self._write("StopLogging", region, name, lambda: self._log(self._held(name), TrailStatus(False)))

    async def _write(self, action: str, region: str, name: str, do: Callable[[], None]) -> None:
        self.writes.append((action, region, name))
        self.write_sends.append(self.second())
        mishap = self.mishaps.popleft() if self.mishaps else None
        await self.before_write()
        if mishap is None or mishap.happens:
            do()
        if mishap is not None:
            raise mishap.error

    def _held(self, key: str) -> Trail:
        for trail in self.trails:
            if key in (trail.name, trail.arn):
                return trail
        raise TrailNotFound("Trail not found", f"Unknown trail: {key}", code="TrailNotFoundException", status=404)

    def _log(self, trail: Trail, status: TrailStatus) -> None:
        for key in (trail.name, trail.arn):
            if key is not None:
                self.statuses[key] = status


def _trail_of(draft: TrailDraft, held: Trail) -> Trail:
    return replace(
        held,
        s3_bucket_name=draft.s3_bucket_name,
        s3_key_prefix=draft.s3_key_prefix or None,
        sns_topic_name=draft.sns_topic_name or None,
        include_global_service_events=draft.include_global_service_events,
        is_multi_region_trail=draft.is_multi_region_trail,
        is_organization_trail=draft.is_organization_trail,
        log_file_validation_enabled=draft.enable_log_file_validation,
        cloud_watch_logs_log_group_arn=draft.cloud_watch_logs_log_group_arn or None,
        cloud_watch_logs_role_arn=draft.cloud_watch_logs_role_arn or None,
        kms_key_id=draft.kms_key_id or None,
    )
