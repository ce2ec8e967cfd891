"""Help tells of the filter line what the parser reads, and every example in it is run."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service, events
from support.plain_readings import event_around

from ctui.model.event.event import Event, Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.render.help.grammar import FORMS, QUESTIONS, field_rows
from ctui.render.help.sections import grammar_lines, question_lines
from ctui.render.panes.filter_notes import EXAMPLE
from ctui.render.text.spans import plain, width
from ctui.ui.widgets.filter_input import FilterInput

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
ROLE = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "Admin"}}}
TOUCH = "name:StopLogging,DeleteTrail,UpdateTrail,PutEventSelectors"

Record = dict[str, Any]
Open = Callable[..., AbstractAsyncContextManager[Driver]]


def record(at: str = "2026-11-28T13:45:00Z", **keys: Any) -> Record:
    return {"eventTime": at, **keys}


def who(**keys: Any) -> Record:
    return record(userIdentity=keys)


def console(**keys: Any) -> Record:
    return record(eventName="ConsoleLogin", **keys)


MATCHES: dict[str, tuple[list[Record], list[Record]]] = {
    "user=alice,bob": ([who(userName="alice"), who(userName="bob")], [who(userName="Alice"), who(userName="alice2")]),
    "name:Run* who:~AL*": (
        [record(eventName="RunInstances", userIdentity={"userName": "alice"})],
        [record(eventName="Stop", userIdentity={"userName": "alice"}), record(eventName="RunInstances")],
    ),
    "-source:ec2 NOT who:ci": (
        [record(eventSource="s3.amazonaws.com", userIdentity={"userName": "alice"})],
        [record(eventSource="ec2.amazonaws.com"), who(userName="ci")],
    ),
    "is:error (s3 OR ec2)": (
        [record(errorCode="X", eventSource="s3.amazonaws.com"), record(errorCode="X", eventSource="ec2.amazonaws.com")],
        [record(eventSource="s3.amazonaws.com"), record(errorCode="X", eventSource="iam.amazonaws.com")],
    ),
    "ip:10.0.0.0/8": (
        [record(sourceIPAddress="10.1.2.3")],
        [record(sourceIPAddress="11.1.2.3"), record(sourceIPAddress="ec2.amazonaws.com")],
    ),
    "-ip:10.0.0.0/8": (
        [record(sourceIPAddress="11.1.2.3")],
        [record(sourceIPAddress="10.1.2.3"), record(sourceIPAddress="ec2.amazonaws.com")],
    ),
    "ip:*.amazonaws.com": ([record(sourceIPAddress="ec2.amazonaws.com")], [record(sourceIPAddress="10.1.2.3")]),
    "userIdentity.type:Root": ([who(type="Root")], [who(type="IAMUser")]),
    "eventVersion>=1.08": ([record(eventVersion="1.11")], [record(eventVersion="1.05"), record()]),
    'logs "a b" /regex/i': (
        [record(requestParameters={"LOGS": "A b", "x": "a Regex"})],
        [record(requestParameters={"logs": "a b"}), record(requestParameters={"logs": "ab", "x": "regex"})],
    ),
    "is:write 13:30..14:00": (
        [record(readOnly=False)],
        [record(readOnly=True), record("2026-11-28T13:29:59Z", readOnly=False)],
    ),
    EXAMPLE: (
        [record(readOnly=False, userIdentity={"userName": "alice"})],
        [record(readOnly=False), record("2026-11-28T14:01:00Z", readOnly=False, userIdentity={"userName": "alice"})],
    ),
    "about:my-bucket is:delete": (
        [
            record(eventName="DeleteBucket", resources=["my-bucket"]),
            record(eventName="DeleteBucketPolicy", requestParameters={"bucketName": "my-bucket"}),
        ],
        [
            record(eventName="DeleteBucket", resources=["other"]),
            record(eventName="GetAcl", resources=["my-bucket"]),
        ],
    ),
    "key:AKIAIOSFODNN7EXAMPLE": ([who(accessKeyId="AKIAIOSFODNN7EXAMPLE")], [who(accessKeyId="AKIA2")]),
    "user:alice OR key:AKIAIOSFODNN7EXAMPLE": (
        [who(userName="alice"), who(userName="bob", accessKeyId="AKIAIOSFODNN7EXAMPLE")],
        [who(userName="bob", accessKeyId="AKIA2")],
    ),
    "is:login -is:mfa": (
        [console(additionalEventData={"MFAUsed": "No"}), console()],
        [console(additionalEventData={"MFAUsed": "Yes"}), record(eventName="GetUser")],
    ),
    "is:login is:error ip:203.0.113.0/24": (
        [console(responseElements={"ConsoleLogin": "Failure"}, sourceIPAddress="203.0.113.66")],
        [console(sourceIPAddress="203.0.113.66"), console(errorMessage="no", sourceIPAddress="192.0.2.1")],
    ),
    "is:write (is:console OR is:root)": (
        [record(readOnly=False, userIdentity={"type": "Root"})],
        [record(readOnly=True, userIdentity={"type": "Root"}), record(readOnly=False)],
    ),
    "role:Admin is:denied yesterday": (
        [record("2026-11-27T09:00:00Z", errorCode="AccessDenied", userIdentity=ROLE)],
        [record(errorCode="AccessDenied", userIdentity=ROLE), record("2026-11-27T09:00:00Z", userIdentity=ROLE)],
    ),
    TOUCH: ([record(eventName="StopLogging"), record(eventName="DeleteTrail")], [record(eventName="StartLogging")]),
    "-ip:10.0.0.0/8,203.0.113.0/24 since:7d": (
        [record(sourceIPAddress="198.51.100.1")],
        [record(sourceIPAddress="203.0.113.5"), record(sourceIPAddress="s3.amazonaws.com")],
    ),
}
"""Each example, with records that match and records that do not."""


def event(record: Record) -> Event:
    """The event of a record, as the service would send it."""
    around = event_around(record, json.dumps(record))
    return replace(
        around,
        access_key_id=(record.get("userIdentity") or {}).get("accessKeyId"),
        resources=tuple(Resource(None, name) for name in record.get("resources", ())),
        time=datetime.fromisoformat(record["eventTime"]),
    )


@pytest.mark.parametrize("line", [EXAMPLE, *(line for line, _ in FORMS), *(line for _, line in QUESTIONS), *MATCHES])
def test_every_example_means_what_it_says(line: str) -> None:
    predicate = compile_filter(parse_filter(line), NOW)
    matching, other = MATCHES[line]
    assert [one for one in matching if not predicate(event(one), "us-east-1")] == []
    assert [one for one in other if predicate(event(one), "us-east-1")] == []


def test_every_form_and_field_is_told_on_one_screen() -> None:
    lines = grammar_lines(75)
    text = "\n".join(map(plain, lines))
    assert all(written in text for written, _ in (*FORMS, *field_rows()))
    assert all(width(line) <= 75 for line in lines)
    # What a box leaves of 24 lines.
    assert len(lines) <= 22


def test_every_question_fits_on_one_screen_with_its_line() -> None:
    lines = question_lines(75)
    text = "\n".join(map(plain, lines))
    assert all(question in text and line in text for question, line in QUESTIONS)
    assert all(width(line) <= 75 for line in lines)
    assert len(lines) <= 22


async def test_f_shows_the_whole_grammar_in_a_small_terminal(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("question_mark", "f")
        assert [line for line in grammar_lines(75) if plain(line).strip() not in ctui.text()] == []


async def test_keys_and_grammar_stand_next_to_each_other_in_a_wide_terminal(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), WIDE) as ctui:
        await ctui.press("question_mark")
        assert "Filter events; loaded events" in ctui.text()
        lines = (*grammar_lines(75), *question_lines(75))
        assert [line for line in lines if plain(line).strip() not in ctui.text()] == []


async def test_help_from_the_line_opens_at_its_grammar(open_app: Open) -> None:
    async with open_app(Service(events(5, EPOCH)), SMALL) as ctui:
        await ctui.press("slash", "f1")
        assert plain(grammar_lines(75)[1]).strip() in ctui.text()
        await ctui.press("escape")
        assert isinstance(ctui.app.focused, FilterInput)
