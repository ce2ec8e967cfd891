"""What credentials did: their calls counted, and the calls that issued further credentials."""

from collections import Counter
from collections.abc import Sequence

from ctui.core.trace.finder import FoundCall
from ctui.model.event.issuer import Proof
from ctui.model.trace.searches import Search
from ctui.model.trace.trace_state import Activity, IssuingEvent, NameCount


def activity_of(
    calls: Sequence[FoundCall], search: Search, *, complete: bool, sure: bool, up_to: bool, not_followed: int
) -> Activity:
    """These calls, counted by name; newest first in `calls`. `complete`: they are all there are; `sure`: each was made
    with these credentials for certain; `up_to`: only those up to the event that the trace began with were asked for."""
    names = Counter(one.call.name for one in calls)
    failed = Counter(one.call.name for one in calls if one.call.failed)
    writes = {one.call.name for one in calls if one.call.writes}
    seconds = [one.call.second for one in calls]
    return Activity(
        calls=len(calls),
        failed=failed.total(),
        names=tuple(
            NameCount(name, number, failed[name], name in writes)
            for name, number in sorted(names.most_common(), key=lambda one: one[0] not in writes)
        ),
        first=min(seconds, default=None),
        last=max(seconds, default=None),
        complete=complete,
        sure=sure,
        up_to=up_to,
        search=search,
        not_followed=not_followed,
    )


def issued_by(calls: Sequence[FoundCall]) -> list[FoundCall]:
    """The calls that issued credentials of which the record says enough to find them, oldest first, each once."""
    issued: dict[object, FoundCall] = {}
    for one in sorted(calls, key=lambda one: one.call.second):
        if one.call.issued is not None and not one.call.failed:
            credentials = one.call.issued.credentials
            if credentials.key or credentials.principal:
                issued.setdefault(credentials.key or (credentials.principal, credentials.began), one)
    return list(issued.values())


def issuing_event(found: FoundCall, proof: Proof, search: Search | None, *, other_account: str = "") -> IssuingEvent:
    """The event that issued credentials, as a chain shows it."""
    call = found.call
    return IssuingEvent(
        row_id=found.row_id,
        event_id=call.event_id,
        name=call.name,
        second=call.second,
        region=call.region,
        ip=call.ip,
        proof=proof,
        switched_from="" if call.issued is None else call.issued.switched_from,
        search=search,
        other_account=other_account,
    )
