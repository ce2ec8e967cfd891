"""A row is derived from the head of a record, and from identities that were seen before, as from the whole record."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.hostile_records import IDENTITIES, RECORDS, TEXTS, damaged
from support.real_records import event_of, looked_up, real_records

from ctui.model.event import record_view
from ctui.model.event.event import Event, Resource
from ctui.model.event.head import Head
from ctui.model.event.record import decode_record
from ctui.model.event.record_view import RecordView
from ctui.model.filter.sightings import principal_of
from ctui.store.index.index_row import INDEX_COLUMNS, derive, values_in

SEED = 12
OUTCOMES: tuple[dict[str, Any], ...] = (
    {"eventName": "CheckMfa", "responseElements": {"CheckMfa": "Failure"}},
    {"eventName": "CheckMfa", "serviceEventDetails": {"CheckMfa": "Failure"}},
    {"eventName": "CheckMfa", "additionalEventData": {"CheckMfa": "Failure"}},
    {"eventName": "Token_POST", "additionalEventData": {"responseParameters": {"status": 400.0}}},
    {"errorMessage": "Failed authentication"},
    {"userIdentity": {"type": "IAMUser"}, "additionalEventData": {"MFAUsed": "Yes"}},
    {"userIdentity": {"type": "IAMUser"}, "additionalEventData": {"MFAUsed": "No"}},
)
"""A record for each place outside the identity that says how a call ended, or whether MFA was used."""


def derived(event: Event) -> Any:
    return derive(RecordView(event, "us-east-1"))


def assert_derived_alike(events: Iterable[Event]) -> None:
    """What is derived from the head is what is derived from the record."""
    with pytest.MonkeyPatch.context() as patched:
        some = list(events)
        by_head = [derived(event) for event in some]
        patched.setattr(record_view, "decode_head", lambda text: Head(decode_record(text), None, False))
        assert by_head == [derived(event) for event in some]


@settings(max_examples=examples(400))
@given(IDENTITIES, st.lists(st.tuples(RECORDS, TEXTS | st.none(), TEXTS | st.none()), max_size=6))
def test_what_is_derived_of_hostile_records_is_the_same_by_the_head(
    identity: object, told: list[tuple[dict[str, Any], str | None, str | None]]
) -> None:
    assert_derived_alike(
        event_of(json.dumps(of_one), username=user, access_key_id=key, resources=(Resource(user, key),))
        for record, user, key in told
        for of_one in (record, record | {"userIdentity": identity})
    )


@settings(max_examples=examples(200))
@given(RECORDS, TEXTS | st.none(), TEXTS | st.sampled_from(("AKIAEXAMPLE", "ASIAEXAMPLE", "AROAEXAMPLE")))
def test_a_row_without_the_access_key_tells_the_same_user_or_role(
    record: dict[str, Any], user: str | None, key: str
) -> None:
    event = event_of(json.dumps(record), username=user, access_key_id=key)
    texts, _ = derived(event)
    at = [column.name for column in INDEX_COLUMNS].index("who")
    stored = values_in(INDEX_COLUMNS[at], texts[at], None)
    names = RecordView(event, "us-east-1").names()
    assert {*stored, *filter(None, [key])} == set(names)
    assert principal_of(stored) == principal_of(names)


def test_what_is_derived_of_real_records_is_the_same_by_the_head_also_if_they_are_damaged() -> None:
    random = Random(SEED)
    assert_derived_alike(looked_up())
    assert_derived_alike(event_of(record) for record in OUTCOMES)
    some = random.sample(real_records(), 800)
    assert_derived_alike(event_of(record) for record in some)
    assert_derived_alike(event_of(damaged(json.dumps(record), random)) for record in some)


def test_a_usual_record_is_not_decoded_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: list[str] = []

    def count(text: str) -> dict[str, Any]:
        whole.append(text)
        return decode_record(text)

    monkeypatch.setattr(record_view, "decode_record", count)
    for record in real_records():
        derived(event_of(record))
    assert len(whole) < len(real_records()) / 4
