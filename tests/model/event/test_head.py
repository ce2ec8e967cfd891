"""The head of a record has what the whole record has, whatever that is."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.hostile_records import HEAD_KEYS, RECORDS, damaged

from ctui.model.event.head import LONGEST_KEPT, decode_head
from ctui.model.event.record import decode_record


def assert_same(text: str) -> None:
    head, record = decode_head(text), decode_record(text)
    assert {key: head.values.get(key) for key in HEAD_KEYS} == {key: record.get(key) for key in HEAD_KEYS}, text


@settings(max_examples=examples(300))
@given(RECORDS, st.randoms(use_true_random=False), st.sampled_from(((",", ":"), (", ", ": "))), st.booleans())
def test_the_head_has_what_the_record_has(
    record: dict[str, Any], random: Random, separators: tuple[str, str], ascii_alone: bool
) -> None:
    text = json.dumps(record, separators=separators, ensure_ascii=ascii_alone)
    assert_same(text)
    assert_same(damaged(text, random))


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{}", '"userIdentity"', "{", '{"userIdentity":{}}', '{"userIdentity":1}',
        '{"eventName":1e400}',
        '{"userIdentity":{"accountId":12}}', '{"userIdentity":{"type":"Root"},"userIdentity":{}}',
        '{"eventName":"a","eventName":null}', '{"errorCode":"\\ud800"}', '{"x":NaN,"eventName":"a"}',
        "[" * 2_000, '{"userIdentity":' * 2_000, '{"userIdentity":{"a":"' + "x" * LONGEST_KEPT + '"}}',
        '{"additionalEventData":{"UserName":"a"}}', '{"additionalEventData":[]}', '\ufeff{"eventName":"a"}',
    ],
)  # fmt: skip
def test_odd_records_have_the_head_of_the_whole_record(text: str) -> None:
    assert_same(text)
