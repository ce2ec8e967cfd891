"""The trails an account file names: made at the emulator's first start and marked as seeded."""

from ctui.emulator.account import Account, SeededTrail, seconds_of
from ctui.emulator.trails import TrailRecord, TrailStore

INCIDENT = "incident"
"""In the account file: the moment at which the sample traffic's incident stops the trail."""


def seed_trails(store: TrailStore, account: Account, now: float, incident: float, *, today: bool) -> None:
    """Make the account's trails, once for each store. `now` and `incident` are epoch seconds.

    Without `today` they are trails of 2015: of one Region and one account each.
    """
    made = [_trail(account, seeded, now, incident, today=today) for seeded in account.trails]
    store.seed(f"seeded:{account.id}", made, now)


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
        seeded=True,
        busy=seeded.busy,
    )
