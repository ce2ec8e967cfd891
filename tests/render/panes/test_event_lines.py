"""One line of the event table."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from support.examples import examples
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.summary import Summary, summarize
from ctui.render.panes.event_lines import (
    NOTABLE,
    columns_for,
    day_line,
    event_row,
    mark,
    resource_text,
    titles,
    user_text,
)
from ctui.render.roles import Role
from ctui.render.text.spans import plain, width

QUIET = Summary(
    time=datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC),
    name="PutBucketPolicy",
    user="ci-77",
    role="deploy",
    source="s3.amazonaws.com",
    resource="logs-prod",
    more_resources=0,
    region="eu-west-1",
    error="",
    write=True,
    root=False,
)


def row(cells: int, **changed: Any) -> str:
    return plain(event_row(replace(QUIET, **changed), columns_for(cells)))


@pytest.mark.parametrize(
    ("cells", "changed", "shown"),
    [
        (76, {}, "  14:02:11 PutBucketPolicy              ci-77 (deploy)"),
        (76, {"error": "AccessDenied"}, "✗ 14:02:11 PutBucketPolicy              ci-77 (deploy)          AccessDenied"),
        (76, {"role": "", "user": "lambda.amazonaws.com"}, "  14:02:11 PutBucketPolicy              lambda"),
        (76, {"user": "", "role": ""}, "  14:02:11 PutBucketPolicy              —"),
        (76, {"name": "StopLogging"}, "! 14:02:11 StopLogging                  ci-77 (deploy)"),
        (76, {"name": ""}, "  14:02:11 (no name)                    ci-77 (deploy)"),
        (76, {"unreadable": True, "error": "x"}, "? 14:02:11 PutBucketPolicy              ci-77 (deploy)          x"),
        (
            76,
            {"unreadable": True, "timed": False, "name": ""},
            "? ??:??:?? (unreadable)                 ci-77 (deploy)",
        ),
        (
            118,
            {"more_resources": 2, "error": "Client.UnauthorizedOperation", "resource": "logs"},
            "✗ 14:02:11 PutBucketPolicy                ci-77 (deploy)                 s3    logs +2"
            " eu-west-1 UnauthorizedOperation",
        ),
    ],
)
def test_a_row_reads_like_a_sentence(cells: int, changed: dict[str, Any], shown: str) -> None:
    assert row(cells, **changed).rstrip() == shown


@pytest.mark.parametrize("cells", [75, 76, 78, 120, 160])
@pytest.mark.parametrize(
    "changed",
    [
        {"name": "DescribeOrganizationConfiguration", "error": "AccessDenied"},
        {"name": "GetPublicAccessBlock", "error": "NoSuchPublicAccessBlockConfiguration"},
        {"user": "a.rather.long.name@example.com", "role": "AWSReservedSSO_AdministratorAccess"},
        {"name": "DescribeOrganizationConfiguration", "user": "alice.liddell@example.com"},
    ],
)
def test_time_event_user_and_error_are_not_cut_where_their_line_has_room(cells: int, changed: dict[str, str]) -> None:
    shown = row(cells, **changed)
    for part in (changed.get("name", ""), changed.get("user", ""), changed.get("error", "")):
        assert part in shown
    assert cell_len(shown) == cells


@pytest.mark.parametrize(
    ("resource", "more", "shown"),
    [
        ("logs-prod", 0, "logs-prod"),
        ("logs-prod", 2, "logs-prod +2"),
        ("arn:aws:kms:eu-west-1:111111111111:key/abc-1", 0, "abc-1"),
        ("arn:aws:logs:eu-west-1:111111111111:log-group:trail:*", 0, "trail"),
        ("arn:aws:s3:::logs-prod", 1, "logs-prod +1"),
        ("arn:::::", 0, "arn"),
        ("/aws/lambda/order", 0, "/aws/lambda/order"),
        ("", 2, ""),
    ],
)
def test_a_resource_is_told_by_what_tells_it_from_others(resource: str, more: int, shown: str) -> None:
    assert plain(resource_text(replace(QUIET, resource=resource, more_resources=more))) == shown


@pytest.mark.parametrize("cells", [100, 118, 160])
@pytest.mark.parametrize(
    "changed",
    [
        {"role": "a-role-that-is-longer-than-its-column"},
        {"resource": "a-resource-that-is-longer-than-its-column-and-goes-on"},
        {"user": "", "role": ""},
        {"error": "AccessDenied"},
        {"user": "日本語"},
    ],
)
def test_cells_begin_where_their_column_does(cells: int, changed: dict[str, str]) -> None:
    shown, heading = row(cells, **changed), plain(titles(columns_for(cells)))
    assert cell_len(shown.split("eu-west-1")[0]) == heading.index("region")
    assert cell_len(shown.split("s3")[0]) == heading.index("source")


@pytest.mark.parametrize("cells", [100, 118, 120, 122, 160])
def test_a_long_error_takes_blanks_before_it_takes_other_cells(cells: int) -> None:
    shown = row(cells, name="ConsoleLogin", error="Failed authentication", resource="")
    for part in ("ConsoleLogin", "ci-77", "s3", "eu-west-1", "Failed authentication"):
        assert part in shown
    assert cell_len(shown) == cells


def test_where_not_all_fits_beside_a_long_error_the_region_is_the_last_to_go() -> None:
    long = {"user": "a.rather.long.name@of-an.example.com", "name": "DescribeOrganizationConfiguration"}
    shown = row(118, error="Failed authentication", resource="logs-prod-of-eu", **long)
    assert "eu-west-1" in shown
    assert "logs-prod-of-eu" not in shown


def test_a_long_event_moves_only_what_it_meets() -> None:
    shown, heading = row(118, name="DescribeOrganizationConfiguration"), plain(titles(columns_for(118)))
    assert shown.index("ci-77") > heading.index("user")
    assert shown.index("s3") == heading.index("source")


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (40, "ci-77 (deploy)"),
        (14, "ci-77 (deploy)"),
        (13, "ci-77 (depl…)"),
        (12, "ci-77 (dep…)"),
        (11, "ci-77"),
        (3, "ci-77"),
    ],
)
def test_the_role_gives_way_before_the_name(room: int, shown: str) -> None:
    assert plain(user_text(QUIET, room)) == shown


@given(st.integers(14, 260))
def test_columns_fill_the_width_and_always_hold_what_matters(cells: int) -> None:
    columns = columns_for(cells)
    assert columns.width == max(cells, 16)
    assert min(columns.event, columns.user, columns.error) > 0
    assert width(titles(columns)) == columns.width


def test_wider_lines_say_more() -> None:
    assert columns_for(76).source == 0
    assert columns_for(90).source > 0
    assert columns_for(120).region >= len("us-east-1")
    assert columns_for(160).region >= len("ap-southeast-2")
    assert plain(titles(columns_for(76))).split() == ["time", "UTC", "event", "user", "error"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (" ", Role.PLAIN)),
        ({"error": "AccessDenied"}, ("✗", Role.ERROR)),
        ({"error": "Client.UnauthorizedOperation"}, ("✗", Role.ERROR)),
        ({"error": "NoSuchTagSet"}, ("✗", Role.DIM)),
        ({"error": "ResourceInUseException"}, ("✗", Role.WARNING)),
        ({"name": "DeleteTrail"}, ("!", Role.WARNING)),
        ({"name": "DeleteTrail", "error": "AccessDenied"}, ("✗", Role.ERROR)),
        ({"root": True}, ("!", Role.WARNING)),
        ({"root": True, "write": False}, (" ", Role.PLAIN)),
    ],
)
def test_marks(changed: dict[str, Any], expected: tuple[str, Role]) -> None:
    assert mark(replace(QUIET, **changed)) == expected


def test_what_is_notable_is_written_as_the_service_writes_it() -> None:
    assert all(name[0].isupper() and name.isalnum() for name in NOTABLE)


def test_the_line_between_days() -> None:
    assert plain(day_line(date(2026, 11, 21), 36)) == "── Saturday 21 November 2026 ───────"
    assert width(day_line(date(2026, 11, 21), 10)) == 10


HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\u202e日\u0301\u200d[]")), max_size=60)


@given(st.integers(20, 200), HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=examples(200))
def test_whatever_was_recorded_the_line_keeps_its_width(cells: int, name: str, user: str, resource: str) -> None:
    hostile = replace(
        QUIET, name=name, user=user, role=user, resource=resource, region=name, error=resource, source=user
    )
    shown = plain(event_row(hostile, columns_for(cells)))
    assert cell_len(shown) == cells
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_every_real_record_makes_a_line() -> None:
    columns = columns_for(120)
    events = [event_of(record) for record in real_records()] + looked_up()
    for event in events:
        assert width(event_row(summarize(event, "us-east-1"), columns)) == 120
