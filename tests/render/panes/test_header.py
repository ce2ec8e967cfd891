"""The header, the queue, the feed's line, and what stands in a pane's title or in place of its rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ctui.errors import AccessDenied, CtuiError
from ctui.model.connection import Connection
from ctui.render.panes.files_header import files_forms, files_header
from ctui.render.panes.header import count_text, header_line, queue_forms
from ctui.render.panes.pane_title import detail_title, events_count, events_empty, events_title, trails_empty
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.roles import Line, Role
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)
DENIED = AccessDenied("Not allowed", "You may not [b]look\x1b.", "Ask.", code="AccessDeniedException", status=400)
EVIL = "\x1b[2J\u202e[red]"
PROD = Connection("prod", "eu-west-1", None, "aws")
LOCAL = replace(PROD, endpoint="http://127.0.0.1:4444")
BUSY = queue_forms(rate=2.0, queued=2, in_flight=0, throttled=0, calls_to_full=0, eta=(38, 38))


@pytest.mark.parametrize(
    ("cells", "connection", "account", "problem", "expected"),
    [
        (100, PROD, "111111111111", "", " ctui  prod · 111111111111 · eu-west-1"),
        (100, LOCAL, "?provisional", "", " ctui  prod · eu-west-1 · http://127.0.0.1:4444"),
        (90, LOCAL, "111111111111", "", " ctui  prod · 111111111111 · eu-west-1"),
        (50, PROD, "111111111111", "", " ctui  eu-west-1"),
        (100, None, None, "", " ctui  connecting …"),
        (100, None, None, "No Region", " ctui  No Region"),
        (100, PROD, None, "Refused", " ctui  prod · eu-west-1 · Refused"),
    ],
)
def test_the_header_keeps_region_and_pace(
    cells: int, connection: Connection | None, account: str | None, problem: str, expected: str
) -> None:
    line = plain(header_line(connection, account, problem, BUSY, cells))
    assert len(line) == cells
    assert line.split("2.0/s")[0].rstrip() == expected
    assert line.endswith("2.0/s  ▮▮▯▯ 2 queued  about 40 s ")


@pytest.mark.parametrize(
    ("cells", "left", "right"),
    [
        (85, "eu-west-1", "1.0/s  slowed by the service  7 throttled  ▮▯▯▯ loading  about 10 s"),
        (80, "eu-west-1", "1.0/s  slowed by the service  7 throttled  ▮▯▯▯ loading"),
        (60, "eu-west-1", "1.0/s  slowed  7 throttled  ▮▯▯▯ loading"),
        (50, "eu-west-1", "1.0/s  7 throttled  ▮▯▯▯ loading"),
        (35, "eu-west-1", "1.0/s  ▮▯▯▯"),
        (25, "eu-west-1", "1.0/s"),
        (20, "eu-we…", "1.0/s"),
    ],
)
def test_the_queue_is_told_in_fewer_words_before_the_region_goes(cells: int, left: str, right: str) -> None:
    slowed = queue_forms(rate=1.0, queued=0, in_flight=1, throttled=7, calls_to_full=4, eta=(9.4, 9.4))
    line = header_line(PROD, "111111111111", "", slowed, cells)
    assert plain(line) == f" ctui  {left}".ljust(cells - len(right) - 1) + f"{right} "
    assert width(line) == cells


@pytest.mark.parametrize(
    ("also", "cells", "expected"),
    [
        (1, 90, "eu-west-1 + r0  1.0/s in r0  slowed by the service  4 throttled  ▮▮▯▯ 1 queued"),
        (1, 70, "eu-west-1 + r0  1.0/s in r0  slowed  4 throttled  ▮▮▯▯ 1 queued"),
        (1, 60, "eu-west-1 + r0  1.0/s in r0  slowed  ▮▮▯▯ 1 queued"),
        (1, 50, "eu-west-1 + r0  1.0/s in r0  slowed  ▮▮▯▯"),
        (20, 80, "eu-west-1 + 20 Regions  1.0/s in r0  slowed  4 throttled  ▮▮▯▯ 1 queued"),
    ],
)
def test_whose_pace_is_lower_and_why_stays_where_several_regions_are_asked(
    also: int, cells: int, expected: str
) -> None:
    forms = queue_forms(rate=1.0, queued=1, in_flight=1, throttled=4, calls_to_full=4, eta=None, region="r0")
    line = header_line(PROD, "111111111111", "", forms, cells, also=[f"r{number}" for number in range(also)])
    assert " ".join(plain(line).split()) == " ".join(f" ctui {expected}".split())
    assert width(line) == cells


IDLE: dict[str, Any] = {"rate": 2.0, "queued": 0, "in_flight": 0, "throttled": 0, "calls_to_full": 0, "eta": None}
FIRST, SECOND, THIRD = "111111111111", "222222222222", "333333333333"
NAMES = {FIRST: "development", SECOND: "shared", EVIL: "nobody's"}


@pytest.mark.parametrize(
    ("cells", "others", "expected"),
    [
        (80, (), "prod · development 111111111111 · eu-west-1"),
        (80, (SECOND,), "prod · development + shared · eu-west-1"),
        (80, (SECOND, THIRD), "prod · development + shared + 333333333333 · eu-west-1"),
        (62, (SECOND, THIRD), "development + shared + 333333333333 · eu-west-1"),
        (50, (SECOND, THIRD), "3 accounts · eu-west-1"),
        (30, (SECOND, THIRD), "eu-west-1"),
        (80, tuple(f"{number:012}" for number in range(9)), "prod · 10 accounts · eu-west-1"),
    ],
)
def test_accounts_are_named_and_counted_where_there_is_no_room(
    cells: int, others: tuple[str, ...], expected: str
) -> None:
    line = header_line(PROD, FIRST, "", queue_forms(**IDLE), cells, other_accounts=others, names=NAMES)
    assert plain(line).split("2.0/s")[0].strip() == f"ctui  {expected}"
    assert width(line) == cells


def test_names_of_accounts_are_recorded_text() -> None:
    line = header_line(PROD, FIRST, "", BUSY, 100, names={FIRST: EVIL})
    assert not {"\x1b", "\u202e"} & set(plain(line))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "2.0/s"),
        ({"in_flight": 1}, "2.0/s  ▮▯▯▯ loading"),
        ({"in_flight": 1, "silence": 3.9}, "2.0/s  ▮▯▯▯ loading"),
        ({"in_flight": 1, "queued": 2, "silence": 12.7}, "2.0/s  ▮▮▮▯ no answer for 12 s"),
        ({"queued": 12, "in_flight": 1, "eta": (6.0, 6.0)}, "2.0/s  ▮▮▮▮ 12 queued  about 6 s"),
        (
            {"rate": 1.6, "throttled": 3, "calls_to_full": 4},
            "1.6/s  slowed by the service, full rate in 4 calls  3 throttled",
        ),
        (
            {"rate": 1.9, "throttled": 1, "calls_to_full": 1, "uneven": True},
            "1.9/s  slowed by the service, full rate in 1 call  1 throttled",
        ),
        ({"in_flight": 1, "uneven": True}, "2.0/s  calls arrive unevenly  ▮▯▯▯ loading"),
        ({"in_flight": 1, "others": 1}, "2.0/s  shared by 2 ctui  ▮▯▯▯ loading"),
        ({"rate": 0.05}, "0.05/s"),
        (
            {"rate": 1.6, "calls_to_full": 4, "region": "us-east-1"},
            "1.6/s in us-east-1  slowed by the service, full rate in 4 calls",
        ),
    ],
)
def test_the_queue(changed: dict[str, Any], expected: str) -> None:
    assert plain(queue_forms(**{**IDLE, **changed})[0]) == expected


SEEN: dict[str, Any] = {
    "timespan": "all",
    "scanned": 1250,
    "loaded": 1250,
    "more": True,
    "loading": False,
    "loading_all": False,
    "oldest": NOW,
    "pages": 25,
    "width": 100,
}
NOTHING: dict[str, Any] = {"scanned": 0, "loaded": 0, "pages": 0, "oldest": None}
DRAINING = {"loading": True, "loading_all": True}


def line_of(*, width: int, **facts: Any) -> Line:
    """The line under the panes."""
    return query_line(QueryFacts(**facts), width)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, " all · 1,250 scanned, back to 21 Nov 2026 14:02 · m more"),
        ({"loading": True}, " all · 1,250 scanned, back to 21 Nov 2026 14:02 · loading …"),
        (
            {"timespan": "2026-11-15T00:00Z to 2026-11-20T00:00Z"},
            " 2026-11-15T00:00Z to 2026-11-20T00:00Z · 1,250 scanned, back to 21 Nov 2026 14:02 · m more",
        ),
        ({"more": False}, " all · 1,250 scanned, back to 21 Nov 2026 14:02 · complete"),
        (
            {"more": False, "loaded": 317},
            " all · 1,250 scanned, 317 shown, back to 21 Nov 2026 14:02 · complete",
        ),
        ({**NOTHING, "waiting": True}, " all"),
        ({**NOTHING, "loading": True}, " all · loading …"),
        # Known already, or asked and empty: always how it ends.
        (
            {**NOTHING, "more": False, "needs_service": False, "client_filter": ["name"]},
            " store: all · filtered here: name · 0 scanned · complete",
        ),
        ({**NOTHING, "more": False, "pages": 1}, " all · 0 scanned · complete"),
        ({**NOTHING, "started": False}, " all · not loaded"),
        (
            {**NOTHING, "problem": "No connection", "then": "loads everything"},
            " all · No connection, r retry, then loads everything",
        ),
        ({**NOTHING, "problem": "Access denied"}, " all · Access denied, r retry"),
        (
            {**NOTHING, "problem": "SSO session expired", "login_needed": True, "then": "loads everything"},
            " all · SSO session expired, L log in, then loads everything",
        ),
        (
            {"problem": "af-south-1: Access denied", "remove_region": ("5", "it")},
            " all · 1,250 scanned, back to 21 Nov 2026 14:02 · af-south-1: Access denied, 5 leave it out",
        ),
        (
            {"more": False, "rechecking": True},
            " all · 1,250 scanned, back to 21 Nov 2026 14:02 · searching again, esc stop",
        ),
        (
            {"rechecking": True, "rechecked_to": datetime(2026, 11, 21, 14, 30, tzinfo=UTC), "late": 3, "now": NOW},
            " all · 1,250 scanned, back to 14:02 · 3 arrived late · searching again, at 14:30, esc stop",
        ),
        (
            {"more": False, "late": 49, "now": NOW},
            " all · 1,250 scanned, back to 14:02 · 49 arrived late · complete",
        ),
        (
            {**DRAINING, "rechecking": True},
            " all · 1,250 scanned, back to 21 Nov 2026 14:02 · loading all, esc stop",
        ),
        (DRAINING, " all · 1,250 scanned, back to 21 Nov 2026 14:02 · loading all, esc stop"),
        (
            {
                **DRAINING,
                "eta": (38.0, 38.0),
                "server_filter": [("EventName", "ConsoleLogin")],
                "client_filter": ["user", "error"],
                "now": NOW,
            },
            " API: EventName=ConsoleLogin · filtered here: user, error · 1,250 scanned, back to 14:02"
            " · about 40 s for the rest, esc stop",
        ),
        ({"eta": (38.0, 38.0)}, " all · 1,250 scanned, back to 21 Nov 2026 14:02 · m more, about 40 s for the rest"),
        (
            {"eta": (None, 1500.0)},
            " all · 1,250 scanned, back to 21 Nov 2026 14:02 · m more, up to 25 min for 90 d",
        ),
        (
            {"client_filter": [], "server_filter": [("Username", "a"), ("Username", "b")]},
            " API: Username=a,b · 1,250 scanned, back to 21 Nov 2026 14:02 · m more",
        ),
        (
            {
                "client_filter": None,
                "server_filter": [("EventSource", "ec2.amazonaws.com"), ("EventSource", "s3.amazonaws.com")],
            },
            " API: EventSource=ec2,s3 · 1,250 scanned, back to 21 Nov 2026 14:02 · m more",
        ),
        (
            {"server_filter": [("Username", "a"), ("AccessKeyId", "AKIA1"), ("Username", "b")]},
            " API: Username=a,b or AccessKeyId=AKIA1 · 1,250 scanned, back to 21 Nov 2026 14:02 · m more",
        ),
        ({"impossible": True, "more": False}, " nothing searched · no event can match"),
        (
            {"server_filter": [("ResourceName", "x.amazonaws.com")]},
            " API: ResourceName=x.amazonaws.com · 1,250 scanned, back to 21 Nov 2026 14:02 · m more",
        ),
        (
            {"problem": "Not reachable", "more": True},
            " all · 1,250 scanned, back to 21 Nov 2026 14:02 · Not reachable, r retry",
        ),
        (
            {"store_only": True, "more": False},
            " store: all · 1,250 scanned, back to 21 Nov 2026 14:02 · all stored events",
        ),
    ],
)
def test_the_feed(changed: dict[str, Any], expected: str) -> None:
    line = line_of(**{**SEEN, **changed, "width": 130})
    assert plain(line).rstrip() == expected
    assert width(line) == 130


ASKED: dict[str, Any] = {
    **DRAINING,
    "eta": (38.0, 38.0),
    "server_filter": [("EventName", "ConsoleLogin")],
    "client_filter": ["user", "error"],
}


EITHER = [("Username", "a-rather-long-name"), ("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")]
MANY = [*EITHER, ("ResourceName", "logs"), ("EventName", "StopLogging")]


@pytest.mark.parametrize(
    ("selected", "cells", "expected"),
    [
        (EITHER, 180, " API: Username=a-rather-long-name or AccessKeyId=AKIAIOSFODNN7EXAMPLE"),
        (EITHER, 100, " API: user or key · here: user, error · 1,250 scanned"),
        (EITHER, 80, " API: user or key · 1,250 scanned, to 14:02 · about 40 s, esc stop"),
        (EITHER, 50, " API: user or key · 1,250 scanned"),
        (MANY, 80, " API: 4 attributes · 1,250 scanned"),
    ],
)
def test_attributes_of_several_keys_are_named_as_far_as_there_is_room(
    selected: list[tuple[str, str]], cells: int, expected: str
) -> None:
    line = line_of(**{**SEEN, **ASKED, "server_filter": selected, "now": NOW, "width": cells})
    assert plain(line).startswith(f"{expected}")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            120,
            " API: EventName=ConsoleLogin · here: user, error · 1,250 scanned, back to 14:02"
            " · about 40 s for the rest, esc stop",
        ),
        (114, " API: EventName=ConsoleLogin · here: user, error · 1,250 scanned, back to 14:02 · about 40 s, esc stop"),
        (100, " API: EventName=ConsoleLogin · here: 2 terms · 1,250 scanned, back to 14:02 · about 40 s, esc stop"),
        (95, " API: EventName=ConsoleLogin · here: 2 terms · 1,250 scanned, to 14:02 · about 40 s, esc stop"),
        (85, " API: EventName=ConsoleLogin · 1,250 scanned, to 14:02 · about 40 s, esc stop"),
        (75, " API: EventName=ConsoleLogin · 1,250 scanned · about 40 s, esc stop"),
        (70, " API: EventName=ConsoleLogin · 1,250 scanned · about 40 s, esc stop"),
        (60, " API: EventName=ConsoleLogin · 1,250 scanned · about 40 s"),
        (50, " API: EventName=ConsoleLogin · about 40 s"),
        (30, " API: EventName · about 40 s"),
    ],
)
def test_words_get_shorter_before_facts_go(cells: int, expected: str) -> None:
    line = line_of(**{**SEEN, **ASKED, "now": NOW, "width": cells})
    assert plain(line).rstrip() == expected
    assert width(line) == cells


def test_a_terminal_of_80_columns_holds_the_key_that_stops_a_load() -> None:
    """It stands nowhere else, but the terms stand in the filter line."""
    line = line_of(
        **{
            **SEEN,
            **DRAINING,
            "eta": (None, 3000.0),
            "timespan": "all history",
            "scanned": 12_000,
            "oldest": NOW - timedelta(days=1),
            "now": NOW,
            "width": 80,
        }
    )
    assert plain(line).rstrip() == " all history · 12,000 scanned, back to 20 Nov 14:02 · up to 50 min, esc stop"
    asked = {**SEEN, **DRAINING, "eta": (14.0, 14.0), "now": NOW, "client_filter": ["user", "write"]}
    line = line_of(**{**asked, "server_filter": [("EventSource", "ec2.amazonaws.com")], "width": 80})
    assert plain(line).rstrip() == " API: EventSource=ec2 · 1,250 scanned, to 14:02 · about 15 s, esc stop"
    line = line_of(**{**asked, "eta": None, "server_filter": [("EventSource", "ec2.amazonaws.com")], "width": 80})
    assert plain(line).rstrip() == " API: EventSource=ec2 · 1,250 scanned, to 14:02 · loading …, esc stop"


@pytest.mark.parametrize(
    ("timespan", "cells", "expected"),
    [
        (
            "Sun 2026-11-15 00:00 to Fri 2026-11-20 18:30 UTC",
            100,
            " Sun 2026-11-15 00:00 to Fri 2026-11-20 18:30 UTC · ",
        ),
        ("Sun 2026-11-15 00:00 to Fri 2026-11-20 18:30 UTC", 70, " 15 Nov to 20 Nov 18:30 · "),
        ("Sat 2025-11-15 to Fri 2026-11-20 UTC", 60, " 15 Nov 2025 to 20 Nov · "),
        ("Sat 2025-11-15 10:00 to Fri 2026-11-20 10:00 UTC", 40, " 15 Nov 2025 10:… · "),
        ("last 15 minutes", 40, " last 15 minutes · "),
    ],
)
def test_a_range_gets_shorter_in_its_own_words(timespan: str, cells: int, expected: str) -> None:
    line = line_of(**{**SEEN, "now": NOW, "client_filter": ["user", "write"], "timespan": timespan, "width": cells})
    assert plain(line).startswith(expected)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (120, " all · filtered here: ip · 5,000 scanned, back to 14:02 · complete · 1,268 of services hidden, 5 show"),
        (80, " all · here: ip · 5,000 scanned, to 14:02 · complete · 5 show 1,268 of services"),
        (60, " all · 5,000 scanned · complete · 5 show 1,268 of services"),
    ],
)
def test_what_a_network_hides_of_services_keeps_its_number_and_its_key(cells: int, expected: str) -> None:
    facts = {**SEEN, "now": NOW, "scanned": 5000, "client_filter": ["ip"], "more": False, "hides_services": ("5", 1268)}
    assert plain(line_of(**{**facts, "width": cells})).rstrip() == expected


HALTED: dict[str, Any] = {**SEEN, "scanned": 5000, "client_filter": ["svc-backup"], "matching": 3, "halted": True}
"""Stopped at the bound, a week back."""
USER = ("5", "user:svc-backup")


@pytest.mark.parametrize(
    ("changed", "cells", "expected"),
    [
        ({}, 120, " all · filtered here: svc-backup · 5,000 scanned, 3 match, back to 14 Nov · M continue"),
        ({"matching": 1}, 60, " all · 5,000 scanned, 1 matches, back to 14 Nov · M continue"),
        ({"matching": 0, "filtering": True}, 70, " all · 5,000 scanned, 0 match so far, back to 14 Nov · M continue"),
        ({"now": NOW.replace(year=2027)}, 70, " all · 5,000 scanned, 3 match, back to 14 Nov 2026 · M continue"),
        ({"oldest": NOW}, 70, " all · 5,000 scanned, 3 match, back to 14:02 · M continue"),
        (
            {"narrows_to": USER},
            140,
            " all · filtered here: svc-backup · 5,000 scanned, 3 match, back to 14 Nov · M continue"
            " · 5 search only user:svc-backup",
        ),
        ({"narrows_to": USER}, 80, " all · 5,000 scanned, 3 match, back to 14 Nov · M continue · 5 user:svc-backup"),
        ({"narrows_to": USER}, 60, " 5,000 scanned, 3 match · M continue · 5 user:svc-backup"),
        (
            {"pages_without_progress": 20},
            140,
            " all · filtered here: svc-backup · 5,000 scanned, 3 match, back to 14 Nov"
            " · no new events in 20 pages, M continue",
        ),
        (
            {"pages_without_progress": 20},
            80,
            " all · 5,000 scanned, 3 match, back to 14 Nov · no new events, M continue",
        ),
        (
            {"problem": "Not reachable"},
            120,
            " all · filtered here: svc-backup · 5,000 scanned, back to 14 Nov 14:02 · Not reachable, r retry",
        ),
    ],
)
def test_a_load_that_stopped_says_how_far_it_came_and_the_key(
    changed: dict[str, Any], cells: int, expected: str
) -> None:
    line = line_of(**{**HALTED, "oldest": NOW - timedelta(days=7), "now": NOW, **changed, "width": cells})
    assert plain(line).rstrip() == expected
    assert width(line) == cells


UNASKED: dict[str, Any] = {
    **SEEN,
    "more": False,
    "now": NOW,
    "client_filter": ["region", "name"],
    "regions": ["us-east-1"],
    "unsearched": ["af-south-1"],
    "add_region": ("5", "af-south-1"),
}
THREE = ["af-south-1", "eu-north-1", "sa-east-1"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {},
            " all · filtered here: region, name · 1,250 scanned, back to 14:02 · complete in us-east-1"
            " · af-south-1 not searched, 5 search it",
        ),
        ({"width": 80}, " all · 1,250 scanned · af-south-1 not searched, 5 search it"),
        (
            {"width": 80, "add_region": None, "more": True},
            " all · 1,250 scanned, to 14:02 · m more · af-south-1 not searched",
        ),
        (
            {"width": 80, "regions": THREE, "unsearched": THREE},
            " all · af-south-1, eu-north-1, sa-east-1 not searched, 5 search af-south-1",
        ),
        ({"width": 60, "regions": THREE, "unsearched": THREE}, " all · af-south-1, eu-north-1, sa-east-1 not searched"),
        ({"width": 50}, " all · af-south-1 not searched, 5 search it"),
        (
            {"width": 80, "add_region": None, "unreached": ["audit", "other Regions"]},
            " all · 1,250 scanned · af-south-1, audit, other Regions not searched",
        ),
        ({"width": 40, "add_region": None, "unreached": ["audit", "dev"]}, " all · 3 not searched"),
        (
            {"width": 80, "store_only": True, "add_region": None},
            " store: all · 1,250 scanned · all stored events · af-south-1 not searched",
        ),
    ],
)
def test_regions_that_were_not_asked_are_told_at_any_width(changed: dict[str, Any], expected: str) -> None:
    line = line_of(**{**UNASKED, "width": 140, **changed})
    assert plain(line).rstrip() == expected
    assert ("af-south-1", Role.WARNING) in line or any(
        counted in line for counted in (("3 Regions not searched", Role.WARNING), ("3 not searched", Role.WARNING))
    )


def test_what_is_selected_by_is_cleaned() -> None:
    line = line_of(**{**SEEN, "server_filter": [("Username", "a\x1b[2J\u202e")], "client_filter": ["\x1bx"]})
    assert "\x1b" not in plain(line)
    assert "\u202e" not in plain(line)


def test_a_total_is_never_invented() -> None:
    assert count_text(1250, True) == ">1,250"
    assert count_text(1250, False) == "1,250"
    assert plain(events_count(loaded=1250, more=True)) == ">1,250"


def empty(**changed: Any) -> str:
    asked: dict[str, Any] = {
        "connected": True,
        "connecting": False,
        "phase": "complete",
        "more": False,
        "timespan": "last hour",
        "error": None,
        "width": 70,
    }
    return "\n".join(plain(line) for line in events_empty(**{**asked, **changed}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (empty(connecting=True, connected=False), ["Connecting"]),
        (empty(connected=False), ["No connection", "r retry"]),
        (empty(phase="loading"), ["Loading events"]),
        (empty(phase="paused", more=True), ["in the pages loaded so far", "m more"]),
        (empty(), ["last hour", "5 to 60 minutes after", "t longer range", "R search again"]),
        (empty(timespan="all history"), ["all history", "R search again"]),
        (empty(error=DENIED), ["Not allowed", "You may not [b]look␛.", "Ask.", "r retry"]),
        (empty(timespan=EVIL), ["␛[2J⟨U+202E⟩[red]"]),
    ],
)
def test_an_empty_list_of_events_says_why_and_which_key_helps(text: str, says: list[str]) -> None:
    for words in says:
        assert words in text


@pytest.mark.parametrize(
    "remedy", ["Check the network, then press r.", "r retry.", "Press r to ask the question anew."]
)
def test_a_remedy_that_names_the_key_is_not_followed_by_it_again(remedy: str) -> None:
    text = empty(error=CtuiError("Not reachable", "Nobody answers.", remedy))
    assert text.splitlines()[-1] == remedy


def test_all_of_history_offers_no_longer_stretch() -> None:
    assert "longer" not in empty(timespan="all history")


def test_an_empty_list_of_trails_says_why() -> None:
    def said(**changed: Any) -> str:
        asked: dict[str, Any] = {
            "connected": True,
            "connecting": False,
            "phase": "ready",
            "error": None,
            "region": "eu-west-1",
            "width": 30,
        }
        return "\n".join(plain(line) for line in trails_empty(**{**asked, **changed}))

    assert "No trails in eu-west-1" in said()
    assert "n new trail" in said()
    assert "Loading trails" in said(phase="loading")
    assert "Not allowed" in said(error=DENIED)


def test_titles() -> None:
    assert plain(events_title(timespan="all", phase="paused")) == "Events ── all history ── newest first"
    assert plain(events_title(timespan="last hour", phase="loading")).endswith("── loading …")
    assert plain(events_title(timespan="all", phase="paused", ordered=False)) == "Events ── all history"
    assert plain(events_title(timespan="1h", phase="paused", unread=True)).endswith("── incomplete filter")
    for confirmed, words in ((True, "from the store only"), (False, "from the store, not confirmed")):
        title = plain(events_title(timespan="all", phase="complete", stored=True, confirmed=confirmed))
        assert title == f"Events ── all history ── newest first ── {words}"
    assert plain(events_title(timespan="all", phase="paused", since="09:34")).endswith("── from the store before 09:34")
    assert plain(events_title(timespan="all", phase="loading", since="")).endswith("── from the store ── loading …")
    assert plain(detail_title(None)) == "Detail"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (80, "ctui  files /data/prod/AWSLogs                     1,000,000 events in 3,120 files"),
        (50, "ctui  files /data/prod/AWSLogs   1,000,000 events"),
        (40, "ctui  files /data/prod/AWSLogs"),
        (24, "ctui  files …/AWSLogs"),
    ],
)
def test_log_files_alone_are_named_by_their_path(cells: int, said: str) -> None:
    line = files_header(["/data/prod/AWSLogs"], "", files_forms(1_000_000, 3_120), cells)
    assert plain(line).split() == said.split()
    assert width(line) == cells


def test_several_trees_and_what_is_wrong_are_named() -> None:
    right = files_forms(1, 1)
    assert "files logs + more · Gone" in plain(files_header(["/a/logs", "/b/more"], "Gone", right, 80))
    assert "files 3 trees of log files" in plain(files_header(["/a", "/b", "/c"], "", right, 80))
    assert "1 event in 1 file " in plain(files_header(["/a"], "", right, 80))
    assert "\x1b" not in plain(files_header(["/\x1b[2J" * 1000], "\x1b", right, 80))


def test_log_files_beside_the_api_are_named_with_it() -> None:
    connection = Connection("prod", "us-east-1", None, "o")
    said = header_line(connection, "111111111111", "", ((("2.0/s", Role.DIM),),), 80, files=["/data/logs"])
    assert plain(said).startswith(" ctui  prod · 111111111111 · us-east-1 · + files logs")
