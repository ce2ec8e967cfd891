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

from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Summary
from ctui.render.panes.columns import USUAL, ColumnNeeds, columns_for
from ctui.render.panes.event_lines import (
    day_line,
    event_row,
    mark,
    needs_of,
    resource_text,
    user_text,
    value_cell,
)
from ctui.render.roles import Role
from ctui.render.text.safe import character_cells, is_combining
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
    ip="192.0.2.7",
)


def row(cells: int, **changed: Any) -> str:
    """The line of a row in columns as wide as it needs alone."""
    summary = replace(QUIET, **changed)
    return plain(event_row(summary, columns_for(cells, needs_of(summary, "eu-west-1"))))


@pytest.mark.parametrize(
    ("cells", "changed", "shown"),
    [
        (76, {}, "  14:02:11 PutBucketPolicy ci-77 (deploy) 192.0.2.7 s3 logs-prod"),
        (76, {"error": "AccessDenied"}, "✗ 14:02:11 PutBucketPolicy ci-77 (deploy) 192.0.2.7 logs-prod AccessDenied"),
        (76, {"role": "", "user": "lambda.amazonaws.com"}, "  14:02:11 PutBucketPolicy lambda 192.0.2.7 s3 logs-prod"),
        (76, {"user": "", "role": ""}, "  14:02:11 PutBucketPolicy — 192.0.2.7 s3 logs-prod"),
        (76, {"role": "ci-77"}, "  14:02:11 PutBucketPolicy ci-77 192.0.2.7 s3 logs-prod"),
        (
            76,
            {"role": "AWSServiceRoleForAutoScaling", "ip": "autoscaling.amazonaws.com"},
            "  14:02:11 PutBucketPolicy ci-77 (service role) autoscaling s3 logs-prod",
        ),
        (
            76,
            {"name": "StopLogging", "resource": "", "notable": True},
            "! 14:02:11 StopLogging ci-77 (deploy) 192.0.2.7 s3",
        ),
        (76, {"name": "", "resource": "", "ip": ""}, "  14:02:11 (no name) ci-77 (deploy) s3"),
        (
            76,
            {"unreadable": True, "error": "x", "resource": ""},
            "? 14:02:11 PutBucketPolicy ci-77 (deploy) 192.0.2.7 s3 x",
        ),
        (
            76,
            {"unreadable": True, "timed": False, "name": "", "resource": "", "ip": ""},
            "? ??:??:?? (unreadable) ci-77 (deploy) s3",
        ),
        (
            118,
            {"more_resources": 2, "error": "Client.UnauthorizedOperation", "resource": "logs", "region": "us-west-2"},
            "✗ 14:02:11 PutBucketPolicy ci-77 (deploy) 192.0.2.7 s3     logs +2  us-west-2 UnauthorizedOperation",
        ),
    ],
)
def test_a_row_reads_like_a_sentence(cells: int, changed: dict[str, Any], shown: str) -> None:
    assert " ".join(row(cells, **changed).split()) == " ".join(shown.split())


@pytest.mark.parametrize("cells", [75, 76, 78, 120, 160])
@pytest.mark.parametrize(
    "changed",
    [
        {"name": "DescribeOrganizationConfiguration", "error": "AccessDenied"},
        {"name": "GetPublicAccessBlock", "role": "", "error": "NoSuchPublicAccessBlockConfiguration"},
        {"user": "a.rather.long.name@example.com", "role": "AWSReservedSSO_AdministratorAccess"},
        {"name": "DescribeOrganizationConfiguration", "user": "alice.liddell@example.com"},
    ],
)
def test_time_event_user_and_error_are_there_and_not_cut_where_the_line_has_room(
    cells: int, changed: dict[str, str]
) -> None:
    shown = row(cells, ip="", resource="", **changed)
    parts = [changed.get("name", "PutBucketPolicy"), changed.get("user", "ci-77"), changed.get("error", "")]
    for part in parts:
        assert (part if 10 + sum(len(each) + 1 for each in parts) <= cells else part[:11]) in shown
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
    assert plain(resource_text(replace(QUIET, resource=resource, more_resources=more), 40)) == shown


@pytest.mark.parametrize(
    ("resource", "more", "room", "shown"),
    [
        ("/aws/lambda/order-intake", 0, 15, "…/order-intake"),
        ("/aws/lambda/order-intake", 2, 17, "…/order-intake +2"),
        ("/aws/lambda/order-intake", 2, 16, "/aws/lambda/… +2"),
        ("org-audit-logs-111111111111", 12, 12, "org-aud… +12"),
    ],
)
def test_a_resource_that_does_not_fit_keeps_what_tells_it_and_the_count(
    resource: str, more: int, room: int, shown: str
) -> None:
    assert plain(resource_text(replace(QUIET, resource=resource, more_resources=more), room)) == shown


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


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (" ", Role.PLAIN)),
        ({"error": "AccessDenied"}, ("✗", Role.ERROR)),
        ({"error": "Client.UnauthorizedOperation"}, ("✗", Role.ERROR)),
        ({"error": "NoSuchTagSet"}, ("✗", Role.DIM)),
        ({"error": "ResourceInUseException"}, ("✗", Role.WARNING)),
        ({"notable": True}, ("!", Role.WARNING)),
        ({"notable": True, "error": "AccessDenied"}, ("✗", Role.ERROR)),
        ({"notable": True, "unreadable": True}, ("?", Role.WARNING)),
    ],
)
def test_marks(changed: dict[str, Any], expected: tuple[str, Role]) -> None:
    assert mark(replace(QUIET, **changed)) == expected


def test_the_line_between_days() -> None:
    assert plain(day_line(date(2026, 11, 21), 36)) == "── Saturday 21 November 2026 ───────"
    assert width(day_line(date(2026, 11, 21), 10)) == 10


HOSTILE = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\u202e日\u0301\u200d[]")), max_size=60)


TEXTS = st.one_of(HOSTILE, st.sampled_from(["", "s3.amazonaws.com", "AccessDenied", "203.0.113.66", "eu-west-1"]))
ROWS = st.lists(
    st.builds(
        Summary,
        time=st.just(QUIET.time),
        more_resources=st.integers(0, 12),
        **dict.fromkeys(("name", "user", "role", "source", "resource", "region", "error", "ip"), TEXTS),
        write=st.booleans(),
        root=st.booleans(),
        timed=st.booleans(),
        unreadable=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


@given(
    st.integers(0, 260), ROWS, st.permutations([*USUAL, "requestParameters.日本", "agent"]), st.integers(0, 9), TEXTS
)
@settings(max_examples=examples(200))
def test_whatever_was_recorded_all_rows_share_their_columns_and_the_width(
    cells: int, rows: list[Summary], names: list[str], chosen: int, value: str
) -> None:
    needs, values = ColumnNeeds(), {"agent": value_cell((value, value)), "requestParameters.日本": value_cell((value,))}
    for each in rows:
        needs.add(needs_of(each))
    needs.add({name: width(cell) for name, cell in values.items()})
    columns = columns_for(cells, needs.cells, names[:chosen])
    assert [place.name for place in columns.places] == [name for name in names[:chosen] if name in columns.names]
    ends = [10, *(place.start + place.cells for place in columns.places)]
    for each in rows:
        shown = plain(event_row(each, columns, values))
        assert cell_len(shown) == cells
        assert not any(character in shown for character in "\x1b\u202e\u200d")
        spread = "".join(character + "\0" * (character_cells(character) - 1) for character in shown)
        spread = "".join(character for character in spread if not is_combining(character))
        for place, end in zip(columns.places, ends, strict=False):
            assert not spread[end : place.start].strip(), "blank between two columns"
        assert not spread[ends[-1] :].strip(), "blank behind the last"


def test_every_real_record_makes_a_line() -> None:
    events = [event_of(record) for record in real_records()] + looked_up()
    needs = ColumnNeeds()
    for event in events:
        needs.add(needs_of(summarize(event, "us-east-1")))
    columns = columns_for(120, needs.cells)
    for event in events:
        assert width(event_row(summarize(event, "us-east-1"), columns)) == 120
