"""Whatever JSON comes in whatever field: no event beside it is lost, and nothing is claimed that is not known."""

import json
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.aws.decode.answers import read_date, read_nothing
from ctui.aws.decode.event_answers import read_events
from ctui.aws.decode.readers import ANSWER_READERS
from ctui.core.lookup.gap_scan import GapScan
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan

SCAN = Scan(Scope("aws", "111111111111", "eu-west-1"), None, 1_700_000_000)
NEWEST = SCAN.end - 10_000
JSON = "application/x-amz-json-1.1"
HEADERS = {"content-type": JSON}
DEEP = "[" * 5_000 + "]" * 5_000
FIELDS = (
    "EventId", "EventName", "EventTime", "EventSource", "Username", "ReadOnly", "AccessKeyId", "Resources",
    "CloudTrailEvent",
)  # fmt: skip

texts = st.text(st.characters(codec=None), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
).map(json.dumps) | st.sampled_from(["soon", "9" * 5_000, "1e999", DEEP, r'"\q"', '{"a" 1}', "1.7e12", "-0"])


def object_of(parts: dict[str, str]) -> str:
    """An object whose values are written so."""
    members = ", ".join(f'"{name}": {part}' for name, part in parts.items())
    return f"{{{members}}}"


def event_of(number: int, **parts: str) -> str:
    """One of a page's events, ten seconds older than the one before it."""
    whole = {"EventId": f'"e{number}"', "EventTime": str(NEWEST - 10 * number), "CloudTrailEvent": '"{}"'}
    return object_of({**whole, **parts})


def body_of(events: list[str], token: str = "null") -> bytes:
    """An answer of LookupEvents."""
    return object_of({"Events": f"[{', '.join(events)}]", "NextToken": token}).encode("utf-8", "surrogatepass")


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("whole", *FIELDS)), values) | st.none(), min_size=1, max_size=6),
    st.sampled_from(['"t2"', "null"]),
)
def test_whatever_a_field_holds_no_other_event_is_lost_and_no_second_claimed_that_cannot_be_placed(
    drawn: list[tuple[str, str] | None], token: str
) -> None:
    parts = [
        event_of(number) if one is None else one[1] if one[0] == "whole" else event_of(number, **{one[0]: one[1]})
        for number, one in enumerate(drawn)
    ]
    events, next_token = read_events(body_of(parts, token), HEADERS)
    assert len(events) == len(drawn)
    for number, (event, one) in enumerate(zip(events, drawn, strict=True)):
        if one is None:
            assert (event,) == read_events(body_of([event_of(number)]), HEADERS)[0]
        assert event.event_id
        assert not event.unreadable or event.body
        "".join((event.body, event.username or "", *(event.oddity.reasons if event.oddity else ()))).encode()
    now = datetime.fromtimestamp(SCAN.end, UTC)
    claim = GapScan(SCAN).claim(Page(events, next_token, now, now))
    if any(one is not None and one[0] == "EventTime" and each.timed for each, one in zip(events, drawn, strict=True)):
        # That is a time, if not its own: what the service says of it is all there is.
        return
    for part in claim.parts() if claim is not None else ():
        for number, event in enumerate(events):
            happened = NEWEST - 10 * number
            assert event.timed or all(happened not in each for each in (part.complete, part.asked) if each is not None)


@settings(max_examples=examples(200), deadline=None)
@given(
    st.sampled_from(sorted(ANSWER_READERS)),
    st.binary(max_size=30)
    | values.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.dictionaries(st.sampled_from(["Events", "trailList", "Name", "IsLogging", "NextToken"]), values).map(
        lambda parts: object_of(parts).encode("utf-8", "surrogatepass")
    ),
    st.sampled_from([JSON, "text/plain"]),
)
def test_no_reader_raises_anything_but_errors_of_ours(action: str, body: bytes, content_type: str) -> None:
    headers = {"content-type": content_type}
    with suppress(CtuiError):
        ANSWER_READERS[action].read(body, headers)
    ANSWER_READERS[action].read_error(body, headers)


@settings(deadline=None)
@given(st.text(max_size=40) | st.datetimes().map(lambda when: f"{when:%a, %d %b %Y %H:%M:%S} GMT"))
def test_a_date_is_an_instant_in_utc_or_none(date: str) -> None:
    instant = read_date({"date": date})
    assert instant is None or instant.tzinfo is UTC


def test_no_body_answers_a_change_where_the_service_names_its_request() -> None:
    read_nothing(b"", {"x-amzn-requestid": "1", "content-type": "text/plain"})
    read_nothing(b"{}", {"content-type": JSON})
