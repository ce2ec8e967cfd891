"""The trails of an account file, made at the emulator's first start."""

from collections.abc import Iterable

from msgspec.structs import replace

from ctui.emulator.account.accounts import INCIDENT, Account, SeededTrail, seconds_of
from ctui.emulator.account.names import topic_arn
from ctui.emulator.account.trails import DeliveryStatus, TrailRecord, TrailStore
from ctui.emulator.delivery.destinations import check_bucket, check_logs, check_topic
from ctui.emulator.delivery.objects import DeliveryFailure

_SINCE_DELIVERY = 190.0
"""Seconds since the last log file of the made-up past. Files come about every 5 minutes."""
_DIGESTS_EVERY = 3600.0
"""Seconds between digests."""


def seed_trails(store: TrailStore, account: Account, now: float, incident: float, *, today: bool) -> None:
    """Make the account's trails, once for each store. `now` and `incident` are epoch seconds.

    Without `today` they are trails of 2015, which have one Region and one account.
    """
    made = [_trail(account, seeded, now, incident, today=today) for seeded in account.trails]
    store.seed(f"seeded:{account.id}", made, now)


def seed_statuses(store: TrailStore, account: Account, regions: Iterable[str], now: float) -> None:
    """Set how deliveries went in the made-up past of logging trails, in each of their Regions, once for each store.

    `now` is an epoch second. What a trail's bucket, topic or log group refuses was refused before. The files of the
    past do not exist: only new events are delivered.
    """
    mark = f"statuses:{account.id}"
    if store.meta(mark) is not None:
        return
    with store.transaction():
        store.remember(mark, str(now))
        for trail in store.trails(account.id):
            if trail.logging and trail.started is not None and trail.started < now - _DIGESTS_EVERY:
                for region in filter(trail.seen_in, regions):
                    store.set_status(trail, region, _status(account, trail, now))


def _status(account: Account, trail: TrailRecord, now: float) -> DeliveryStatus:
    at = now - _SINCE_DELIVERY
    try:
        check_bucket(account, trail)
    except DeliveryFailure as failure:
        return DeliveryStatus(delivery_attempt=at, delivery_error=failure.code)
    changes: dict[str, object] = {}
    if trail.topic:
        try:
            check_topic(account, topic_arn(account, trail.region, trail.topic))
            changes["notification_time"] = at
        except DeliveryFailure as failure:
            changes["notification_error"] = failure.code
        changes["notification_attempt"] = at
    if trail.log_group:
        try:
            check_logs(account, trail.log_group, trail.role)
            changes["logs_time"] = at
        except DeliveryFailure as failure:
            changes["logs_error"] = failure.code
    if trail.validation:
        changes["digest_time"] = at - at % _DIGESTS_EVERY
    return replace(DeliveryStatus(delivery_attempt=at, delivery_time=at), **changes)


def _trail(account: Account, seeded: SeededTrail, now: float, incident: float, *, today: bool) -> TrailRecord:
    started = None if seeded.started is None else now - seconds_of(seeded.started)
    stopped = None
    if seeded.stopped is not None:
        stopped = incident if seeded.stopped == INCIDENT else now - seconds_of(seeded.stopped)
    return TrailRecord(
        account=account.id,
        region=seeded.region,
        name=seeded.name,
        bucket=seeded.bucket,
        prefix=seeded.prefix,
        topic=seeded.topic,
        log_group=seeded.log_group and account.log_group_arn(seeded.region, seeded.log_group),
        role=seeded.role and account.arn("iam", "", f"role/{seeded.role}"),
        kms_key=seeded.kms_key and account.arn("kms", seeded.region, f"key/{seeded.kms_key}"),
        global_events=seeded.global_events or seeded.multi_region,
        multi_region=seeded.multi_region and today,
        validation=seeded.validation and today,
        organization=seeded.organization and today,
        logging=started is not None and stopped is None,
        started=started,
        stopped=stopped,
        busy=seeded.busy,
        insight_selectors=[{"InsightType": kind} for kind in seeded.insights] if seeded.insights and today else None,
    )
