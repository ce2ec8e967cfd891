"""What a test used of the built-in account without adding it. The account of the pytest fixture starts empty."""

import json
from collections.abc import Iterator, Set

from ctui.emulator.account.account_file import read_world
from ctui.emulator.account.accounts import Account, SeededTrail
from ctui.emulator.account.names import topic_arn
from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.records.event_history import Query
from ctui.emulator.server import Emulator
from ctui.emulator.wire.protocol import FIRST_SECOND, LAST_SECOND

_MOST_CALLS = 50
"""Calls that name one trail, of which one decides."""


def built_in_uses(emulator: Emulator, added: Set[str]) -> Iterator[str]:
    """A sentence for each use, with what to write instead. `added` has names of buckets and ARNs of other resources.

    The resources of the account file are there as they were, and will not be in a later version. Its trails are gone.
    """
    for account in read_world(None).accounts:
        for trail in account.trails:
            if _asked_for(emulator, account, trail):
                yield (
                    f"trail {trail.name} is not in the fixture's account, which starts without trails. For those of "
                    "`ctui emulator`, override cloudtrail_options: EmulatorOptions(lookup_rate=PLENTY, traffic=False)"
                )
        kept = _resources(account)
        for record in emulator.store.trails(account.id):
            for name in sorted((_named(account, record) & kept.keys()) - added):
                yield (
                    f"trail {record.name} uses {name}, which will not be in the fixture's account in a later version. "
                    f"Add it: cloudtrail.{kept[name]}"
                )


def _asked_for(emulator: Emulator, account: Account, trail: SeededTrail) -> bool:
    """True if a call was refused because the trail is not there, and none made one of its name."""
    query = Query(
        account=account.id,
        region=trail.region,
        start=FIRST_SECOND,
        end=LAST_SECOND,
        horizon=float(LAST_SECOND),
        top=emulator.history.top(),
        attribute=("ResourceName", trail.name),
    )
    calls, _ = emulator.history.page(query, None, _MOST_CALLS)
    refused = any(json.loads(call.record).get("errorCode") == "TrailNotFoundException" for call in calls)
    return refused and all(call.name != "CreateTrail" for call in calls)


def _resources(account: Account) -> dict[str, str]:
    """Name or ARN of each resource of the account -> the call that adds it."""
    return {
        **{bucket.name: f'add_bucket("{bucket.name}")' for bucket in account.buckets},
        **{account.arn("sns", one.region, one.name): f'add_topic("{one.name}")' for one in account.topics},
        **{account.log_group_arn(one.region, one.name): f'add_log_group("{one.name}")' for one in account.log_groups},
        **{account.arn("iam", "", f"role/{one.name}"): f'add_role("{one.name}")' for one in account.roles},
        **{account.arn("kms", one.region, f"key/{one.id}"): "add_key()" for one in account.kms_keys},
    }


def _named(account: Account, trail: TrailRecord) -> set[str]:
    """What a trail delivers to, in the same form."""
    topic = trail.topic and topic_arn(account, trail.region, trail.topic)
    return {name for name in (trail.bucket, topic, trail.log_group, trail.role, trail.kms_key) if name}
