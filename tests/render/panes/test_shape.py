"""The lines of Shape: bars, failed calls below them, what is not loaded, and facets, in exactly the room there is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ctui.model.filter.fields import ERROR, IP, NAME, SOURCE, USER
from ctui.model.filter.shape import Bucket, Facet, ShapeState, ValueCount
from ctui.render.panes.shape import ShapeLayout, ShapePlace, place_note, shape_lines, shape_note
from ctui.render.roles import Line, Role
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
END = int(NOW.timestamp())
PLACE = ShapePlace(facet=0, value=0, bucket=0, anchor=0, first_facet=0, first_value=0, selected={}, focused=True)
ROOMS = ((78, 9), (85, 11), (118, 15), (158, 40), (20, 4), (1, 1))


def buckets(*events: tuple[int, int, bool]) -> tuple[Bucket, ...]:
    """An hour each, up to now: how many events, how many of them failed, and whether all are loaded."""
    first = END - 3600 * len(events)
    return tuple(
        Bucket(first + 3600 * number, first + 3600 * (number + 1), *each) for number, each in enumerate(events)
    )


FACETS = (
    Facet(USER, (ValueCount("alice", 1200), ValueCount("evil\x1b[31m\u202e", 3)), 2),
    Facet(NAME, tuple(ValueCount(f"Describe{n}", 100 - n) for n in range(30)), 100_000, capped=True),
    Facet(IP, (ValueCount("lambda.amazonaws.com", 5), ValueCount("長" * 50, 1)), 2),
    Facet(ERROR, (), 0),
    Facet(SOURCE, (ValueCount(".amazonaws.com", 1),), 1),
)
STATE = ShapeState(
    events=1203,
    counted=1203,
    facets=FACETS,
    buckets=buckets((0, 0, False), (2, 0, False), (0, 0, True), (100, 1, True), (50, 20, True), (1, 0, True)),
    failed=21,
)


def lines(state: ShapeState = STATE, place: ShapePlace = PLACE, room: tuple[int, int] = (78, 9)) -> tuple[Line, ...]:
    return shape_lines(state, ShapeLayout(*room), place, NOW)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("place", [PLACE, replace(PLACE, facet=None, bucket=2), replace(PLACE, first_facet=2, facet=3)])
@pytest.mark.parametrize("state", [STATE, ShapeState(), replace(STATE, buckets=()), replace(STATE, facets=())])
def test_no_line_is_wider_than_the_room_and_no_control_character_is_in_it(
    room: tuple[int, int], place: ShapePlace, state: ShapeState
) -> None:
    for line in lines(state, place, room):
        assert width(line) <= max(room[0], 0)
        assert plain(line).isprintable()


def test_bars_stand_failed_ones_hang_and_what_is_not_loaded_is_hatched() -> None:
    top, low, failed, axis = (plain(line)[8:] for line in lines(room=(8 + 12, 9))[:4])
    assert top == "░░░░  ██    "
    assert low == "░░▁▁  ████▁▁"
    assert failed == "      ▔▔▔▔  "
    assert set(axis) == {"─"}, "where there is no room for times"
    roles = {role for line in lines(room=(20, 9))[2:3] for text, role in line if "▔" in text}
    assert roles == {Role.ERROR}
    label = plain(lines(room=(20, 9))[2])[:8]
    assert label == "   ✗ 21 "


@pytest.mark.parametrize(("failed", "glyph"), [(0, " "), (1, "▔"), (49, "▔"), (51, "▀"), (100, "█")])
def test_failed_ones_hang_in_the_scale_of_the_bars(failed: int, glyph: str) -> None:
    state = replace(STATE, buckets=buckets((100, failed, True)), failed=failed)
    assert plain(lines(state, room=(9, 9))[2])[8] == glyph


def test_the_line_below_says_both_ends_and_the_selected_stretch() -> None:
    axis = plain(lines()[3])
    assert axis[8:].startswith("06:00 ─")
    assert axis.rstrip().endswith("─ 12:00")
    assert plain(lines(replace(STATE, begins_before=True))[3])[8:].startswith("earlier ─")
    chosen = lines(place=replace(PLACE, facet=None, bucket=3, anchor=2))[3]
    marked = [text for text, role in chosen if role is Role.ACCENT]
    assert "".join(marked) == "━" * (70 * 4 // 6 - 70 * 2 // 6)


def test_a_facet_has_its_values_with_their_counts() -> None:
    text = [plain(line) for line in lines(room=(158, 15))]
    head, first, second = text[6:9]
    assert head.split() == ["user", "2", "event", ">100,000", "IP", "2", "error", "0", "source", "1"]
    assert first.split() == ["▌", "alice", "1,200", "Describe0", "100", "lambda", "5", ".amazonaws.com", "1"]
    assert "evil" in second


def test_selected_values_have_a_sign_and_the_cursor_another() -> None:
    place = replace(PLACE, value=1, selected={USER: ("alice",)})
    rows = [plain(line)[:3] for line in lines(place=place)[5:7]]
    assert rows == [" ●a", "▌ e"]


def test_an_empty_facet_shows_the_cursor_in_its_head() -> None:
    place = replace(PLACE, facet=3, first_facet=2)
    assert "▌ error 0" in plain(lines(place=place)[4])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (STATE, "of 1,203 events"),
        (replace(STATE, more=True), "of 1,203 events, more exist"),
        (replace(STATE, counted=200), "counting: 200 of 1,203 events"),
        (replace(STATE, comparing=True), "counting: 1,203 of 1,203 events"),
        (ShapeState(events=1, counted=1), "of 1 event"),
        (replace(STATE, problem="It is damaged.\x1b"), "not counted: It is damaged.␛"),
    ],
)
def test_the_title_says_of_how_many_events_the_counts_are(state: ShapeState, said: str) -> None:
    assert plain(shape_note(state)) == said


def test_the_foot_says_what_is_under_the_cursor() -> None:
    place = replace(PLACE, facet=None, bucket=4, anchor=3)
    said = plain(place_note(STATE, place, NOW))
    assert said == "09:00 to 11:00 · 150 events, 21 failed · enter narrow · shift+←→ select"
    assert "0 events, not all loaded" in plain(place_note(STATE, replace(place, bucket=0, anchor=0), NOW))
    yesterday = plain(place_note(STATE, place, NOW + timedelta(days=1)))
    assert yesterday.startswith("21 Nov 09:00 to 11:00")
    chosen = replace(PLACE, selected={USER: ("a", "b"), NAME: ("c",)})
    assert plain(place_note(STATE, chosen, NOW)) == "3 selected · enter add · - exclude · space select"


@pytest.mark.parametrize(("cells", "number"), [(78, 7), (60, 60), (24, 31), (10, 100)])
def test_each_cell_of_the_bars_belongs_to_the_bucket_that_is_drawn_there(cells: int, number: int) -> None:
    layout = ShapeLayout(cells, 9)
    for bucket in range(number):
        for cell in range(layout.cell_of(bucket, number), layout.cell_of(bucket + 1, number)):
            assert layout.bucket_at(8 + cell, number) == bucket
    assert layout.bucket_at(7, number) is None
    assert layout.bucket_at(cells, number) is None
    assert layout.bucket_at(8, 0) is None
