"""Why an event is notable, in words."""

from collections.abc import Mapping
from typing import Any

from ctui.model.event.calls.notable import notable_reasons
from ctui.model.event.summary import Summary
from ctui.render.roles import Line, Role, Span


def notable_text(record: Mapping[str, Any], summary: Summary) -> Line:
    """What is notable about an event, with the techniques of MITRE ATT&CK that it can be part of; empty if nothing is.

    `record` is the decoded record. A call that failed is named so: it was only tried.
    """
    reasons = notable_reasons(dict(record), summary.source, summary.name)
    spans: list[Span] = []
    for reason in reasons:
        spans.append((("; " if spans else "") + reason.text, Role.WARNING))
        if reason.technique:
            spans.append((f" ({reason.technique} {reason.technique_name})", Role.DIM))
    return (("tried, and failed: ", Role.PLAIN), *spans) if spans and summary.error else tuple(spans)
