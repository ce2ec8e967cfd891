"""Makes the cells of one event from what the service sent and from its record."""

from typing import Any

from ctui.model.event.calls.notable import notable_reasons
from ctui.model.event.event import Event
from ctui.model.event.identity import account_of, caller_of
from ctui.model.event.kind import AGGREGATED, INSIGHT
from ctui.model.event.outcome import failure_of
from ctui.model.event.record import decode_record, mapping, text
from ctui.model.event.summary import Aggregate, Insight, Summary


def summarize(event: Event, region: str) -> Summary:
    """The cells of one event; `region` is the Region that was searched, for records that name none.

    The service's own fields take precedence over the record. Never raises: a record that is not a JSON object, or has
    unexpected types, leaves cells empty.
    """
    record = decode_record(event.record)
    caller = caller_of(record, event.username)
    named = [resource.name for resource in event.resources if resource.name]
    details = mapping(record.get("insightDetails"))
    name = event.name or text(record.get("eventName")) or text(details.get("eventName"))
    source = event.source or text(record.get("eventSource")) or text(details.get("eventSource"))
    insight = _insight_of(record) if record.get("eventType") == INSIGHT else None
    aggregate = _aggregate_of(record) if record.get("eventCategory") == AGGREGATED else None
    return Summary(
        time=event.time,
        name=name,
        user=caller.user,
        role=caller.role,
        source=source,
        resource=named[0] if named else "",
        more_resources=max(0, len(named) - 1),
        region=text(record.get("awsRegion")) or region,
        error=failure_of(record),
        write=event.read_only == "false",
        root=caller.root,
        unreadable=event.unreadable,
        timed=event.timed,
        notable=insight is None and aggregate is None and bool(notable_reasons(record, source, name)),
        ip=text(record.get("sourceIPAddress")),
        account=account_of(record),
        insight=insight,
        aggregate=aggregate,
    )


def _insight_of(record: dict[str, Any]) -> Insight | None:
    from ctui.model.event.insight import insight_of  # noqa: PLC0415 - there are none of these on most screens

    return insight_of(record)


def _aggregate_of(record: dict[str, Any]) -> Aggregate | None:
    from ctui.model.event.aggregate import aggregate_of  # noqa: PLC0415 - as above

    return aggregate_of(record)
