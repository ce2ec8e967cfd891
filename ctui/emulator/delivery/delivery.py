"""Delivery: while a trail is logging, its events go to its bucket and log group, and its status says how that went.

Only calls to the emulator and live traffic are delivered; the seeded past never is. There is one job at a time: it is
noted, done, and its outcome kept together with the trail's progress, so a process that is killed in between delivers
each event once. An organization trail delivers only the events of its own account.
"""

import asyncio
import contextlib
import logging
import math
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ctui.emulator.account.accounts import Account, World
from ctui.emulator.account.names import topic_arn
from ctui.emulator.account.trails import TrailRecord, TrailStore
from ctui.emulator.delivery.delivery_texts import log_line, log_text, notification
from ctui.emulator.delivery.destinations import check_bucket, check_logs, check_topic
from ctui.emulator.delivery.digest import digest_end, digest_key, digest_of, digest_text
from ctui.emulator.delivery.job import Job
from ctui.emulator.delivery.objects import DeliveryFailure, Objects, append_at, inode_of, log_file_key, size_of
from ctui.emulator.operations.selectors.taking import takes
from ctui.emulator.records.event_history import DueEvents, EventHistory
from ctui.emulator.records.recorded import Recorded
from ctui.model.clock import Clock

MOST_RECORDS = 2000
"""Records in one log file."""
GLOBAL_SOURCES = frozenset({"iam.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com"})
"""The sources that a trail without IncludeGlobalServiceEvents leaves out."""
GLOBAL_REGION = "us-east-1"
"""The Region of global service events."""
_JOB = "delivery"
_ROWS = frozenset({"delivered_row", "logged_row"})
_LEAST_INTERVAL = 0.1
"""Seconds. A shorter interval would keep the loop busy."""
_STRIDE = 5000
"""After so many rows with nothing due, a trail's progress is kept, so that they are not read again."""
_LOG = logging.getLogger(__name__)


class Delivery:
    """Delivers for all accounts into one data folder. Call its methods on the loop's thread."""

    def __init__(
        self, folder: Path, world: World, store: TrailStore, history: EventHistory, clock: Clock, *, today: bool = True
    ) -> None:
        """Without `today`, a trail of any Region gets the events of global services, as it did until late 2021."""
        self._today = today
        self._objects = Objects(folder)
        self._world = world
        self._store = store
        self._history = history
        self._clock = clock
        self._ending = False
        self._alone = asyncio.Lock()

    def prepare(self) -> None:
        """Make each bucket's folder once, and name the files of topics and log groups.

        A folder that was removed stays away.
        """
        for account in self._world.accounts:
            for bucket in account.buckets:
                mark = f"bucket:{bucket.name}"
                if self._store.meta(mark) is None:
                    self._objects.make_bucket(bucket.name)
                    self._store.remember(mark, account.id)
        self._objects.add(arn for account in self._world.accounts for arn in account.target_arns())

    def open(self) -> None:
        """Prepare, and finish what was interrupted."""
        self.prepare()
        # What fails now is tried again with the next delivery.
        with contextlib.suppress(DeliveryFailure):
            self._finish_interrupted()

    async def run(self, interval: float) -> None:
        """Deliver every `interval` seconds until canceled. A write in progress is finished first."""
        while True:
            await self._clock.sleep(max(interval, _LEAST_INTERVAL))
            tick = asyncio.ensure_future(self.tick())
            try:
                await asyncio.shield(tick)
            except asyncio.CancelledError:
                self._ending = True
                await tick
                raise
            except Exception:  # noqa: BLE001 - whatever one delivery meets, the next one is made: else none ever were
                _LOG.exception("delivery was interrupted and will be tried again")

    async def tick(self) -> None:
        """Deliver everything that is due now, for all trails. Only one runs at a time."""
        async with self._alone:
            self._finish_interrupted()
            for account in self._world.accounts:
                regions = await asyncio.to_thread(self._history.regions, account.id)
                for trail in self._store.trails(account.id):
                    for region in regions:
                        await self._deliver(account, trail, region)

    async def _deliver(self, account: Account, trail: TrailRecord, region: str) -> None:
        logged = self._logged(trail, region)
        if not logged:
            return
        while not self._ending and await self._to_bucket(account, trail, region, logged):
            pass
        if trail.validation and not self._ending:
            await self._to_digest(account, trail, region)
        while trail.log_group and not self._ending and await self._to_logs(account, trail, region, logged):
            pass

    async def _to_bucket(
        self, account: Account, trail: TrailRecord, region: str, logged: list[tuple[float, float]]
    ) -> bool:
        """Deliver the next log file. True if another may follow."""
        after = self._store.status(trail, region).delivered_row
        due = await self._due(trail, region, after, logged)
        if not due.events:
            if due.row > after + _STRIDE:
                self._keep_outcome(trail, region, delivered_row=due.row)
            return False
        at = self._clock.now().timestamp()
        topic = topic_arn(account, trail.region, trail.topic) if trail.topic else None
        key = log_file_key(
            account.id,
            self._status_region(trail, region),
            trail.prefix,
            at,
            f"{trail.region}/{trail.name}/{region}/{due.row}",
        )
        text = log_text(due.events)
        job = replace(
            self._job(trail, region, due.row, at),
            bucket=trail.bucket,
            key=key,
            log_file=digest_of(trail.bucket, key, text, due.events, at) if trail.validation else None,
            target=topic,
            offset=size_of(self._objects.topic_file(topic)) if topic else 0,
            inode=inode_of(self._objects.topic_file(topic)) if topic else None,
        )
        try:
            check_bucket(account, trail)
            self._store.remember(_JOB, msgspec.json.encode(job).decode())
            await asyncio.to_thread(self._objects.put, trail.bucket, job.key, text)
        except DeliveryFailure as failure:
            self._keep_outcome(trail, region, delivery_attempt=at, delivery_error=failure.code)
            return False
        self._delivered(trail, job)
        return due.more

    async def _to_digest(self, account: Account, trail: TrailRecord, region: str) -> None:
        """Deliver a digest of the log files of past hours. One that was interrupted is written again."""
        at = self._clock.now().timestamp()
        status = self._store.status(trail, region)
        if status.digest_since is None:
            self._keep_outcome(trail, region, digest_since=at)
            return
        end = digest_end(status, at, logging=trail.logging)
        if end is None:
            return
        key = digest_key(trail, region, end)
        try:
            check_bucket(account, trail)
            text = digest_text(trail, status, key, end)
            await asyncio.to_thread(self._objects.put, trail.bucket, key, text)
        except DeliveryFailure as failure:
            self._keep_outcome(trail, region, digest_error=failure.code)
            return
        self._keep_outcome(
            trail,
            region,
            digest_time=at,
            digest_error=None,
            digest_since=end,
            undigested=tuple(file for file in status.undigested if file.at >= end),
            last_digest=digest_of(trail.bucket, key, text, (), at),
        )

    async def _to_logs(
        self, account: Account, trail: TrailRecord, region: str, logged: list[tuple[float, float]]
    ) -> bool:
        """Deliver the next batch to the log group. True if another may follow."""
        status = self._store.status(trail, region)
        due = await self._due(trail, region, status.logged_row, logged)
        group = trail.log_group
        if not due.events or group is None:
            if due.row > status.logged_row + _STRIDE:
                self._keep_outcome(trail, region, logged_row=due.row)
            return False
        at = self._clock.now().timestamp()
        path = self._objects.group_file(group)
        job = replace(self._job(trail, region, due.row, at), target=group, offset=size_of(path), inode=inode_of(path))
        try:
            check_logs(account, group, trail.role)
            self._store.remember(_JOB, msgspec.json.encode(job).decode())
            lines = [log_line(account.id, event, at) for event in due.events]
            await asyncio.to_thread(append_at, path, job.offset, lines, "ServiceUnavailableException", job.inode)
        except DeliveryFailure as failure:
            self._keep_outcome(trail, region, logs_error=failure.code)
            return False
        self._keep_outcome(trail, region, logs_time=at, logs_error=None, logged_row=job.row)
        return due.more

    def _delivered(self, trail: TrailRecord, job: Job) -> None:
        """After a file is in its bucket: notify the topic, and keep the outcome."""
        changes: dict[str, object] = {
            "delivery_attempt": job.at,
            "delivery_time": job.at,
            "delivery_error": None,
            "delivered_row": job.row,
        }
        if job.target:
            changes["notification_attempt"] = job.at
            try:
                check_topic(self._world.account(job.account), job.target)
                line = notification(job.bucket or "", job.key, job.target, job.at)
                append_at(self._objects.topic_file(job.target), job.offset, [line], "InternalError", job.inode)
                changes |= {"notification_time": job.at, "notification_error": None}
            except DeliveryFailure as failure:
                changes["notification_error"] = failure.code
        if job.log_file is not None:
            changes["undigested"] = (*self._store.status(trail, job.region).undigested, job.log_file)
        if trail.log_group is None:
            # A log group gets only what happens after it is set.
            changes["logged_row"] = job.row
        self._keep_outcome(trail, job.region, **changes)

    def _finish_interrupted(self) -> None:
        """Finish a job that was interrupted. A complete file was delivered; anything less was not."""
        noted = self._store.meta(_JOB)
        if noted is None:
            return
        job = msgspec.json.decode(noted, type=Job)
        trail = self._store.trail(job.account, job.home, job.name)
        if job.bucket is None and job.target is not None:
            path = self._objects.group_file(job.target)
            append_at(path, job.offset, [], "ServiceUnavailableException", job.inode)
        if job.bucket is not None:
            self._objects.drop_part(job.bucket, job.key)
            if trail is not None and trail.created == job.created and self._objects.has(job.bucket, job.key):
                self._delivered(trail, job)
        self._store.forget(_JOB)

    def _keep_outcome(self, trail: TrailRecord, region: str, **changes: object) -> None:
        """Keep the outcome and drop the note in one transaction. If the trail was deleted meanwhile, there is none."""
        now = self._store.trail(trail.account, trail.region, trail.name)
        with self._store.transaction():
            if now is not None and now.created == trail.created:
                shown = self._status_region(trail, region)
                if shown != region:
                    # Progress belongs to a Region's events. The outcome is kept where the trail is shown.
                    rows = {name: changes.pop(name) for name in _ROWS & changes.keys()}
                    self._store.set_status(trail, region, replace(self._store.status(trail, region), **rows))
                self._store.set_status(trail, shown, replace(self._store.status(trail, shown), **changes))
            self._store.forget(_JOB)

    def _status_region(self, trail: TrailRecord, region: str) -> str:
        """The Region whose log files and status cover these events: their own, or home for global services."""
        return trail.region if region == GLOBAL_REGION and not self._today else region

    def _wanted(self, trail: TrailRecord, event: Recorded, logged: list[tuple[float, float]]) -> bool:
        if event.source in GLOBAL_SOURCES:
            if not trail.global_events:
                return False
        elif self._status_region(trail, event.region) != event.region:
            return False
        return takes(trail, event) and any(since <= event.time < until for since, until in logged)

    def _logged(self, trail: TrailRecord, region: str) -> list[tuple[float, float]]:
        """When this trail was logging that Region: half-open stretches, without those of a deleted namesake."""
        stretches = self._store.stretches(trail.account, trail.region, multi_region=True)
        reached = {region, "*"}
        if not self._today and trail.global_events and region == GLOBAL_REGION:
            reached.add(trail.region)
        return [
            (stretch.since, math.inf if stretch.until is None else stretch.until)
            for stretch in stretches
            if (stretch.home, stretch.name) == (trail.region, trail.name)
            and stretch.region in reached
            and stretch.since >= math.floor(trail.created)
        ]

    async def _due(self, trail: TrailRecord, region: str, after: int, logged: list[tuple[float, float]]) -> DueEvents:
        """The next events that the trail must deliver; their `row` is the last one that was checked."""
        first = math.floor(min(since for since, _ in logged))
        last = int(min(max(until for _, until in logged), 2**53))
        while True:
            scope = (trail.account, region)
            due = await asyncio.to_thread(self._history.due, scope, after, (first, last), MOST_RECORDS)
            events = [event for event in due.events if self._wanted(trail, event, logged)]
            if events or not due.more:
                return DueEvents(events, due.row, due.more)
            after = due.row

    def _job(self, trail: TrailRecord, region: str, row: int, at: float) -> Job:
        return Job(
            account=trail.account,
            home=trail.region,
            name=trail.name,
            created=trail.created,
            region=region,
            row=row,
            at=at,
        )
