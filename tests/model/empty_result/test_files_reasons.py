"""Why log files have no event that matches."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.filter.parse import parse_filter
from ctui.model.log_files.files_in_range import FilesInRange, MissingFiles

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
NEWEST = int(NOW.timestamp()) - 3600
OLDEST = NEWEST - 86400
FILES = FilesInRange(
    alone=True, trees=1, oldest=OLDEST, newest=NEWEST, indexing=False, waiting=0, unread=0, in_range=True
)


def reasons(line: str, *, empty: dict[str, Any] | None = None, **files: Any) -> tuple[Reason, ...]:
    """The reasons for a line over files like these."""
    given = FILES if not files else _replaced(files)
    parts: dict[str, Any] = {"scanned": 50, **(empty or {})}
    return reasons_of(EmptyResult(parse_filter(line), NOW, ("*",), complete=False, files=given, **parts))


def _replaced(files: dict[str, Any]) -> FilesInRange:
    from dataclasses import replace

    return replace(FILES, **files)


@pytest.mark.parametrize(
    ("line", "files", "texts"),
    [
        ("zzz", {}, []),
        (
            "zzz",
            {"indexing": True, "waiting": 1234},
            ["not all log files are searched yet: 1,234 are still to be read"],
        ),
        ("zzz", {"unread": 1}, ["1 file or record is not read · ctui files check says why"]),
        ("zzz", {"failed": ("/b",)}, ["/b cannot be read"]),
        (
            "zzz",
            {"missing": (MissingFiles(NEWEST, NEWEST - 7200, NEWEST, (("1", "eu-west-1"),)),)},
            ["09:00:00 to 11:00:00 UTC: no file of 1 eu-west-1, some may be missing"],
        ),
        (
            "name:GetObject",
            {"data_events": True},
            ["a trail records data events of the resources that it selects: this one may not be among them"],
        ),
        ("is:data", {}, ["these files have no data event at all: the trail may not record any"]),
        (
            "zzz",
            {"in_range": False},
            ["the log files have events from 28 Nov 11:00:00 to 11:00:00 UTC: none in this range"],
        ),
        ("zzz", {"in_range": False, "oldest": None, "newest": None}, ["the log files have no event"]),
        (
            "zzz",
            {"in_range": False, "oldest": None, "newest": None, "trees": 0, "failed": ("/a",)},
            ["/a cannot be read"],
        ),
    ],
)
def test_reasons_over_files_alone(line: str, files: dict[str, Any], texts: list[str]) -> None:
    assert [one.text for one in reasons(line, **files)] == texts


def test_no_region_is_offered_over_files_alone() -> None:
    assert [one.text for one in reasons("name:AssumeRole", empty={"partition": "aws"})] == []


def test_what_was_not_searched_is_offered() -> None:
    (first, *_) = reasons("zzz", empty={"can_load_more": True, "scanned": 1_000_000})
    assert (first.cause, first.text, first.action_label) == (
        Cause.SCANNING,
        "only 1,000,000 events searched so far",
        "search the rest",
    )


def test_a_range_without_files_offers_all() -> None:
    (reason,) = reasons("zzz since:1h", in_range=False)
    assert reason.line is not None
    assert reason.line.since is None


def test_many_stretches_are_counted() -> None:
    missing = [MissingFiles(at, at - 60, at, (("", ""),)) for at in range(NEWEST, NEWEST - 500, -100)]
    texts = [one.text for one in reasons("zzz", missing=tuple(missing))]
    assert len(texts) == 3
    assert texts[-1] == "files may be missing in 3 more stretches of the range"


def test_beside_the_service_its_own_reasons_stand_too() -> None:
    texts = [one.text for one in reasons("is:data", alone=False)]
    assert texts[0].startswith("event history has management and Insights events only")
    assert "ctui files PATH" not in texts[0]
    assert texts[1] == "these files have no data event at all: the trail may not record any"
    empty = {"started": False, "scanned": 0}
    assert [one.text for one in reasons("zzz", empty=empty, alone=False, unread=1)] == [
        "1 file or record is not read · ctui files check says why",
        "nothing loaded yet",
    ]


def test_rows_of_files_alone_need_no_region() -> None:
    empty = EmptyResult(parse_filter("region:eu-west-1"), NOW, ("*",), complete=False, scanned=5, files=FILES)
    assert reasons_with_rows(empty) == ()
