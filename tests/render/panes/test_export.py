"""What the export form says, fact by fact."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ctui.model.destination import Destination, Existing
from ctui.render.panes.export import (
    besides_lines,
    canceled_text,
    done_text,
    loaded_line,
    overwrite_line,
    place_lines,
    progress_line,
    scanned_line,
)
from ctui.render.text.spans import plain

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLDER = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
HOSTILE = "x\x1b]0;y\x07\u202e.csv"


@pytest.mark.parametrize(
    ("more", "filtered", "load", "takes", "words"),
    [
        (False, False, False, None, "All are loaded."),
        (False, True, False, None, "All are loaded: 3 of 1,250 match."),
        (True, False, False, None, ">1,250 loaded, the range has more: → load all first"),
        (True, True, False, (20.0, 40.0), "3 of >1,250 loaded, the range has more: → load all first, 20 to 40 s"),
        (True, True, True, (20.0, 40.0), "3 of >1,250 loaded; the rest loads first, 20 to 40 s."),
    ],
)
def test_what_is_not_loaded_is_said(
    *, more: bool, filtered: bool, load: bool, takes: tuple[float | None, float] | None, words: str
) -> None:
    assert plain(loaded_line(3, 1250, more=more, filtered=filtered, load=load, takes=takes)) == words


@pytest.mark.parametrize(
    ("waiting", "filtered", "words"),
    [
        (0, False, "All are loaded."),
        (1, False, "1,250 loaded so far; 1 log file is still to be read."),
        (3537, True, "3 of 1,250 loaded so far; 3,537 log files are still to be read."),
    ],
)
def test_log_files_that_are_still_to_be_read_are_said(waiting: int, *, filtered: bool, words: str) -> None:
    line = loaded_line(3, 1250, more=False, filtered=filtered, load=False, takes=None, waiting=waiting)
    assert plain(line) == words


@pytest.mark.parametrize(
    ("own_hidden", "unsearched", "unreadable", "words"),
    [
        (0, (), 0, []),
        (1, (), 0, ["1 own call is hidden and left out."]),
        (
            1200,
            ("eu-west-1", "x\x1b"),
            3,
            [
                "1,200 own calls are hidden and left out.",
                "eu-west-1, x␛ not searched.",
                "3 partly unreadable, as they came.",
            ],
        ),
    ],
)
def test_what_is_left_out_is_said(
    own_hidden: int, unsearched: tuple[str, ...], unreadable: int, words: list[str]
) -> None:
    assert list(map(plain, besides_lines(own_hidden, unsearched, unreadable))) == words


@pytest.mark.parametrize(
    ("existing", "about"),
    [
        (Existing(4600, OLDER, False), "4.6 KB, written 21 Nov 14:02"),
        (Existing(4, OLDER, True), "a link of 21 Nov 14:02"),
    ],
)
def test_what_would_be_lost_is_said(existing: Existing, about: str) -> None:
    place = Destination(Path("/tmp") / HOSTILE, existing)
    shown = "x␛]0;y␇⟨U+202E⟩.csv"
    assert [plain(line) for line in place_lines(place, NOW)] == [f"/tmp/{shown}", f"There already: {about}."]
    assert plain(overwrite_line(place, NOW)) == f"{shown} exists: {about}. Overwrite it?"
    assert [plain(line) for line in place_lines(Destination(place.path, None), NOW)] == [f"/tmp/{shown}"]


def test_how_far_it_is_is_said() -> None:
    assert plain(scanned_line(1250, OLDER, (None, 90.0), NOW)) == "1,250 scanned · back to 21 Nov 14:02 · up to 90 s"
    assert plain(scanned_line(0, None, None, NOW)) == "0 scanned"
    assert plain(progress_line("a.csv", 250, 1000, 18_000_000)) == "Writing a.csv: 250 of 1,000 events, 18 MB"


def test_what_has_become_of_it_is_said() -> None:
    assert done_text("a.csv", "CSV", 1, 512, gone=0, partial=False) == "1 event in a.csv: CSV, 512 B"
    assert done_text("a.csv", "CSV", 1250, 999_600, gone=3, partial=True) == (
        "1,250 events in a.csv: CSV, 1.0 MB; not all of the range was loaded; 3 left the store meanwhile"
    )
    assert canceled_text("") == "Export canceled; no file was written"
    assert canceled_text("/tmp/x.part") == "Export canceled; /tmp/x.part could not be removed"
