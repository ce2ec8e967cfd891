"""The questions that people ask of CloudTrail, over real records: ctui's line finds what a plain-Python test finds.

The questions and their tests are those of `shared/tools/questions.py`, written apart from ctui; without it these tests
skip. Where the two differ, `DIFFERENT` says who is right, and holds both numbers.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest
from support.real_records import DATA, event_of

from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
QUESTIONS = DATA.parent / "tools" / "questions.py"
DIFFERENT = {5: (5, 4)}
"""How many events the line and the plain test find, where that differs.

5, `is:login -is:mfa`: the plain test counts sign-ins that say MFAUsed: No. One more is a record without
additionalEventData. It may have been made without MFA, so a line that leaves out the sign-ins with MFA shows it.
"""

Row = tuple[Any, str]
"""An event as the questions count it: Region and event ID."""


@pytest.fixture(scope="module")
def questions() -> ModuleType:
    spec = spec_from_file_location("questions", QUESTIONS) if QUESTIONS.exists() else None
    if spec is None or spec.loader is None:
        pytest.skip("the shared questions are not here")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def asked(questions: ModuleType) -> list[tuple[dict[str, Any], Event]]:
    """Every record of the questions, and the event that the service would return with it."""
    return [(record, around(record)) for record in questions.records()]


def around(record: dict[str, Any]) -> Event:
    """The event around a record, with what the service takes from it."""
    who = record.get("userIdentity") or {}
    read_only = record.get("readOnly")
    return event_of(
        json.dumps(record, ensure_ascii=False),
        event_id=record["eventID"],
        name=record.get("eventName"),
        source=record.get("eventSource"),
        username=who.get("userName"),
        read_only=None if read_only is None else str(read_only).lower(),
        access_key_id=who.get("accessKeyId"),
    )


def found(line: str, asked: list[tuple[dict[str, Any], Event]]) -> set[Row]:
    predicate = compile_filter(parse_filter(line), NOW)
    return {row(record) for record, event in asked if predicate(event, "nowhere")}


def row(record: dict[str, Any]) -> Row:
    return record.get("awsRegion"), record["eventID"]


def test_each_line_finds_what_a_plain_test_finds(
    questions: ModuleType, asked: list[tuple[dict[str, Any], Event]]
) -> None:
    different: dict[int, tuple[int, int]] = {}
    for number, (line, what, test) in questions.QUESTIONS.items():
        if "KEY" in line:
            continue
        by_line, by_test = found(line, asked), {row(record) for record, _ in asked if test(record)}
        if number not in DIFFERENT:
            assert by_line == by_test, f"{number}: {what}"
        elif by_line != by_test:
            assert by_line > by_test
            different[number] = (len(by_line), len(by_test))
    assert different == DIFFERENT


def test_the_sign_ins_that_only_ctui_finds_say_nothing_of_mfa(
    questions: ModuleType, asked: list[tuple[dict[str, Any], Event]]
) -> None:
    line, _, test = questions.QUESTIONS[5]
    more = found(line, asked) - {row(record) for record, _ in asked if test(record)}
    (record,) = [record for record, _ in asked if row(record) in more]
    assert "MFAUsed" not in json.dumps(record)
    assert found("is:login mfa:unknown", asked) == more
    assert len(found("is:login mfa:no", asked)) == 4
    assert found("is:login -mfa:yes", asked) == found(line, asked)


def test_each_access_key_finds_its_calls(
    questions: ModuleType, asked: list[tuple[dict[str, Any], Event]], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, test = 3, questions.QUESTIONS[3][2]
    keys = Counter(event.access_key_id for _, event in asked if event.access_key_id)
    assert len(keys) > 100
    for key, _ in keys.most_common(20):
        monkeypatch.setattr(sys, "argv", ["questions.py", str(number), key])
        assert found(f'key:"{key}"', asked) == {row(record) for record, _ in asked if test(record)}


def test_each_event_has_one_answer_about_mfa(asked: list[tuple[dict[str, Any], Event]]) -> None:
    parts = [found(f"mfa:{value}", asked) for value in ("yes", "no", "unknown")]
    everything = {row(record) for record, _ in asked}
    assert sum(map(len, parts)) == len(everything)
    assert set.union(*parts) == everything
    assert found("-mfa:yes", asked) == parts[1] | parts[2]
    assert found("is:mfa", asked) == parts[0]
