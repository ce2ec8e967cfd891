"""Which values of a record are times, and which only look like one."""

from datetime import UTC, datetime

import pytest

from ctui.model.event.recorded_time import recorded_time

AT = datetime(2026, 11, 27, 5, 12, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("creationDate", "2026-11-27T05:12:03Z"),
        ("x", "2026-11-27T05:12:03+0000"),
        ("x", "2026-11-27T06:12:03+01:00"),
        ("x", "2026-11-27 05:12:03"),
        ("createDate", "Nov 27, 2026 5:12:03 AM"),
        ("expiration", "Nov 27, 2026, 5:12:03 AM"),
        ("createDate", "Nov 27, 2026, 5:12:03\u202fAM".replace("\u202f", " ")),
        ("launchTime", "1795756323000"),
        ("startTime", "1795756323"),
    ],
)
def test_a_time_in_each_form_that_aws_writes(key: str, value: str) -> None:
    assert recorded_time(key, value) == AT


def test_parts_of_a_second_are_read() -> None:
    assert recorded_time("createdAt", "2026-11-27T05:12:03.123456789Z") == AT.replace(microsecond=123456)
    assert recorded_time("createdAt", "1795756323.5") == AT.replace(microsecond=500000)
    assert recorded_time("x", "Dec 1, 2026 12:00:00 AM") == datetime(2026, 12, 1, tzinfo=UTC)
    assert recorded_time("x", "Dec 1, 2026 12:00:00 PM") == datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("instanceId", "1795756323"),
        ("size", "1795756323000"),
        ("launchTime", "12"),
        ("launchTime", "0000000001"),
        ("launchTime", "9999999999999"),
        ("x", "2026-11-27"),
        ("x", "2026-13-27T05:12:03Z"),
        ("x", "0001-01-01T00:00:00+23:59"),
        ("x", "Foo 27, 2026 5:12:03 AM"),
        ("x", "Feb 30, 2026 5:12:03 AM"),
        ("x", "at 2026-11-27T05:12:03Z"),
        ("x", "\u0662026-11-27T05:12:03Z"),
        ("x", ""),
        ("x", "2026-11-27T05:12:03Z" * 100_000),
    ],
)
def test_what_is_no_time(key: str, value: str) -> None:
    assert recorded_time(key, value) is None
