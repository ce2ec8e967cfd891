"""Signed requests with bodies nobody would send: each is answered or refused, none makes the emulator fail."""

import json
import logging
import string
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.signing import post

from ctui.emulator.actions import ACTIONS, OPERATORS
from ctui.emulator.errors.edition import rules_of
from ctui.emulator.errors.error_row import ALL, Wire
from ctui.emulator.errors.table import TABLE
from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running

KNOWN = {cell.code for row in TABLE.values() for cell in (row.today, row.y2015) if isinstance(cell, Wire)}
NAMES = sorted({member.name for members in ACTIONS.values() for member in members} | {"trailNameList"})

texts = st.text(max_size=8) | st.sampled_from(
    ("legacy", "arn:aws:cloudtrail:us-east-1:111111111111:trail/legacy", "../..", "spare-logs-111111111111", "a\x00b")
)
longest = 10**400  # beyond what a float holds
numbers = (
    st.integers(-(2**70), 2**70)
    | st.sampled_from((longest, -longest))
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(0, 60)
)
pairs = st.fixed_dictionaries(
    {}, optional={"AttributeKey": texts, "AttributeValue": texts | numbers, "Key": texts, "Value": texts}
)
selectors = st.fixed_dictionaries(
    {},
    optional={
        "ReadWriteType": texts | st.sampled_from(("All", "ReadOnly")),
        "IncludeManagementEvents": st.booleans() | texts,
        "DataResources": st.lists(st.dictionaries(st.sampled_from(("Type", "Values")), texts | st.lists(texts))),
        "ExcludeManagementEventSources": st.lists(texts | st.just("kms.amazonaws.com")),
        "FieldSelectors": st.lists(
            st.dictionaries(st.sampled_from(("Field", *OPERATORS)), st.just("eventCategory") | st.lists(texts))
        ),
        "InsightType": texts | st.just("ApiErrorRateInsight"),
        "EventCategories": st.lists(texts | st.just("Data")),
    },
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts, lambda inner: st.lists(inner | pairs | selectors, max_size=3)
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=5).map(lambda body: json.dumps(body).encode())
garbage = st.binary(max_size=30) | st.text(string.punctuation + string.digits, max_size=30).map(str.encode)


@pytest.fixture(scope="module", params=list(Edition), ids=str)
def service(request: pytest.FixtureRequest) -> Iterator[CloudTrail]:
    with running(EmulatorOptions(edition=request.param, lookup_rate=PLENTY, traffic=False)) as emulator:
        yield emulator


@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(action=st.sampled_from(ALL), body=bodies | garbage)
@example(action="LookupEvents", body=b'{"StartTime": 1e308, "EndTime": -1e308}')
@example(action="LookupEvents", body=b'{"MaxResults": 1e400}')
@example(action="LookupEvents", body=b'{"StartTime": %d}' % longest)
@example(action="LookupEvents", body=b'{"EndTime": %d, "MaxResults": 1}' % -longest)
@example(action="LookupEvents", body=b'{"MaxResults": %d}' % longest)
@example(action="LookupEvents", body=b'{"StartTime": NaN}')
@example(action="LookupEvents", body=b'{"NextToken": "\\ud800"}')
@example(action="LookupEvents", body=b'{"MaxResults": 50.0, "EndTime": 253402300799.5}')
@example(action="CreateTrail", body=b"[" * 100_000)
@example(action="DescribeTrails", body=b'{"trailNameList": [null]}')
@example(action="GetTrailStatus", body='{"Name": "\N{SNOWMAN}"}'.encode("utf-16"))
def test_every_body_is_answered_or_refused(
    service: CloudTrail, caplog: pytest.LogCaptureFixture, action: str, body: bytes
) -> None:
    # An action that the edition does not know is logged, and its body is not read.
    assume(action in rules_of(service.emulator.options).actions)
    with caplog.at_level(logging.WARNING):
        status, content = post(service.endpoint_url, action, body)
    assert caplog.records == []
    assert status in (200, 400, 403, 404)
    if status != 200:
        assert content["__type"] in KNOWN
        assert "{" not in content["message"] or "{" in body.decode("utf-8", "replace")
