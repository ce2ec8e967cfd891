"""How recorded numbers and times compare with what a line names, in every form in which records hold times."""

import json
from datetime import UTC, datetime

import pytest
from support.real_records import event_of

from ctui.model.filter.matching.operands import compared_with
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
HALF_PAST_ONE = int(datetime(2026, 11, 21, 13, 30, 5, tzinfo=UTC).timestamp())
SAME_TIME = (
    "2026-11-21T13:30:05Z",
    "2026-11-21T14:30:05+01:00",
    "2026-11-21 13:30:05.000",
    "Nov 21, 2026, 1:30:05 PM",
    "Nov 21, 2026 1:30:05 PM",
    "Nov 21, 2026, 1:30:05\u202fPM",
    str(HALF_PAST_ONE),
    f"{HALF_PAST_ONE}.000",
    str(HALF_PAST_ONE * 1000),
)
"""One instant, as AWS writes times in records."""


@pytest.mark.parametrize("recorded", SAME_TIME)
def test_each_form_of_a_recorded_time_is_that_time(recorded: str) -> None:
    for operand, sign in (
        ("2026-11-21T13:30:05Z", 0), ("2026-11-21T13:30:04Z", 1), ("2026-11-21T13:30:06Z", -1),
        ("2026-11-21", 0), ("2026-11-20", 1), ("2026-11-22", -1), ("1d", -1), ("2d", 1),
    ):  # fmt: skip
        assert compared_with(operand, NOW)(recorded) == sign, operand


@pytest.mark.parametrize(
    ("recorded", "hour"),
    [("12:00:00 AM", 0), ("1:00:00 AM", 1), ("11:00:00 AM", 11), ("12:00:00 PM", 12), ("11:00:00 PM", 23)],
)
def test_the_twelve_hours_of_a_half_day(recorded: str, hour: int) -> None:
    assert compared_with(f"2026-11-01T{hour:02}:00:00Z", NOW)(f"Nov 1, 2026, {recorded}") == 0


@pytest.mark.parametrize(
    "recorded",
    [
        "", "x", "Nov", "Nov 31, 2026, 1:00:00 PM", "Nov 1, 2026, 0:00:00 PM", "Nov 1, 2026, 13:00:00 PM",
        "Nov 1, 2026, 1:60:00 PM", "Now 1, 2026, 1:00:00 PM", "HIDDEN_DUE_TO_SECURITY_REASONS", "12", "123456789012",
        "99999999999999", "2026-13-01", "1-2", "-" * 41, "١٧٦٣٧٣١٨٠٥",
    ],
)  # fmt: skip
def test_what_is_no_time_does_not_compare_with_one(recorded: str) -> None:
    assert compared_with("2026-11-01", NOW)(recorded) is None


def test_a_line_finds_the_times_in_responses() -> None:
    of_role = event_of(json.dumps({"responseElements": {"credentials": {"expiration": "Nov 21, 2026, 1:30:05 PM"}}}))
    of_instance = event_of({"responseElements": {"instancesSet": {"items": [{"launchTime": HALF_PAST_ONE * 1000}]}}})
    for event, path in ((of_role, "credentials.expiration"), (of_instance, "instancesSet.items.launchTime")):
        for order, finds in ((">2026-11-20", True), ("<=2026-11-21", True), (">2026-11-21", False), (">1d", False)):
            line = parse_filter(f"responseElements.{path}{order}")
            assert compile_filter(line, NOW)(event, "") is finds, order


@pytest.mark.parametrize(
    ("recorded", "operand", "less", "same"),
    [
        (9, "10", True, False), (10, "10", False, True), ("10", "10.0", False, True), (11, "10", False, False),
        (-3, "-2.5", True, False), (1.5, "1.5", False, True), ("1e3", "1000", False, True),
        (10**30, "9999999999999999999999999999", False, False),
        ("2026-11-20T23:59:59Z", "2026-11-21", True, False), ("2026-11-21T00:00:00Z", "2026-11-21", False, True),
        ("2026-11-21T23:59:59Z", "2026-11-21", False, True), ("2026-11-22T00:00:00Z", "2026-11-21", False, False),
    ],
)  # fmt: skip
def test_each_sign_of_order_takes_in_its_own_end(recorded: object, operand: str, less: bool, same: bool) -> None:
    event = event_of({"a": {"b": recorded}})
    for sign, finds in (("<", less), ("<=", less or same), (">", not (less or same)), (">=", not less)):
        assert compile_filter(parse_filter(f"a.b{sign}{operand}"), NOW)(event, "") is finds, sign
        assert compile_filter(parse_filter(f"-a.b{sign}{operand}"), NOW)(event, "") is not finds, sign
