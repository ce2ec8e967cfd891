"""The questions that Q offers: each line can be read, and finds what plain Python finds over real records and over the
demo's week."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from support.real_records import event_of, real_records
from support.stored import event_ids, insert, matching

from ctui.emulator.options import Lag
from ctui.emulator.traffic import past
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.event.record_view import RecordView
from ctui.model.filter.matching.word_list import WordList
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.questions import QUESTIONS, Question, own_questions
from ctui.model.filter.read_lists import read_lists
from ctui.model.filter.sightings import seen_in
from ctui.model.filter.write import write_filter
from ctui.model.lookup.interval import Stretch
from ctui.render.text.spans import cells
from ctui.store.events import EventStore
from ctui.store.search import Search

NOON = 1_795_867_200
NOW = datetime.fromtimestamp(NOON, UTC)
THIEF = "203.0.113.66"
FILLED = {
    "name": "legacy",
    "access key": "AKIAJEVHE73KGEXAMPLE",
    "network": "203.0.113.0/24",
    "networks": "10.0.0.0/8,203.0.113.0/24",
    "file": "iocs.txt",
    "role": "web-server",
    "when": "24h",
}
"""What a person may fill in; the demo's incident is about some of it."""

Record = dict[str, Any]


def who(record: Record) -> Record:
    identity = record.get("userIdentity")
    return identity if isinstance(identity, dict) else {}


def named(*names: str) -> Callable[[Record], bool]:
    """Calls of these names; a trailing * is any text."""
    starts = tuple(name[:-1] for name in names if name.endswith("*"))
    return lambda record: str(record.get("eventName")) in names or str(record.get("eventName")).startswith(starts)


def address(record: Record) -> Any:
    try:
        return ip_address(str(record.get("sourceIPAddress")))
    except ValueError:
        return None


def is_inside(record: Record, *networks: str) -> bool:
    one = address(record)
    return one is not None and any(one in ip_network(network) for network in networks)


def failed(record: Record) -> bool:
    parts = [record.get("responseElements"), record.get("serviceEventDetails")]
    return bool(record.get("errorCode") or record.get("errorMessage") or "Failure" in json.dumps(parts))


def denied(record: Record) -> bool:
    return any(word in str(record.get("errorCode", "")) for word in ("AccessDenied", "Unauthorized", "Forbidden"))


def foreign(record: Record) -> bool:
    own, recipient = who(record).get("accountId"), record.get("recipientAccountId")
    return bool(own) and bool(recipient) and own != recipient


PLAIN: dict[str, Callable[[Record], bool]] = {
    "What did this access key do?": lambda record: who(record).get("accessKeyId") == FILLED["access key"],
    "What came from this network?": lambda record: is_inside(record, "203.0.113.0/24"),
    "What came from outside our networks?": lambda record: (
        address(record) is not None and not is_inside(record, "10.0.0.0/8", "203.0.113.0/24")
    ),
    "Who was denied what?": denied,
    "Who signed in to the console?": named("ConsoleLogin"),
    "Which sign-ins failed?": lambda record: record.get("eventName") == "ConsoleLogin" and failed(record),
    "What did root do?": lambda record: who(record).get("type") == "Root",
    "What did another account do here?": foreign,
    "Who may take which role now?": named("CreateRole", "UpdateAssumeRolePolicy"),
    "What was opened to the world?": lambda record: (
        named("AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules")(record)
        and any(world in json.dumps(record) for world in ("0.0.0.0/0", "::/0"))
    ),
    "Is anything from this file here?": lambda record: record.get("sourceIPAddress") == THIEF,
}
"""What some questions ask, apart from ctui; those whose lines are names of calls are read off the line."""
NAMES = [question for question in QUESTIONS if question.line.startswith("name:") and " " not in question.line]
INCIDENT = {
    "What is notable?": "CreateLoginProfile",
    "Who changed it?": "StopLogging",
    "What did this key list and read?": "ListAccessKeys",
    "Which permissions were changed?": "AttachUserPolicy",
    "Which users and keys were made?": "CreateAccessKey",
    "Was logging touched?": "StopLogging",
    "Which secrets were read?": "GetSecretValue",
    "Who signed in without MFA?": "ConsoleLogin",
    "What was changed in the console?": "StopInstances",
    "What was deleted?": "TerminateInstances",
    "What changed since then?": "RegisterTaskDefinition",
}
"""A call that each of these finds in the demo's week."""


def fill(question: Question) -> str:
    return question.filled(*(FILLED[blank] for blank in question.blanks))


def found(question: Question, events: list[tuple[Record, Event]]) -> set[str]:
    line = read_lists(parse_filter(fill(question)), lambda _: WordList([THIEF, "nothing"]))
    predicate = compile_filter(line, NOW)
    return {event.event_id for _, event in events if predicate(event, "us-east-1")}


@pytest.fixture(scope="module")
def demo() -> list[tuple[Record, Event]]:
    """The demo's week."""
    events: list[tuple[Record, Event]] = []
    for each in past(1, "111111111111", NOON, Lag.NONE):
        event = Event(
            event_id=each.event_id or "",
            time=datetime.fromtimestamp(each.time, UTC),
            name=each.name,
            source=each.source,
            username=each.username,
            read_only=each.read_only,
            access_key_id=each.access_key_id,
            resources=tuple(Resource(one.type, one.name) for one in each.resources),
            record=each.record,
        )
        events.append((json.loads(each.record), event))
    return events


@pytest.fixture(scope="module")
def real() -> list[tuple[Record, Event]]:
    """The shared records, numbered."""
    events: list[tuple[Record, Event]] = []
    for number, record in enumerate(real_records()):
        event = event_of(
            json.dumps(record, ensure_ascii=False),
            event_id=str(number),
            name=record.get("eventName"),
            source=record.get("eventSource"),
            username=who(record).get("userName"),
            read_only=None if record.get("readOnly") is None else str(record["readOnly"]).lower(),
            access_key_id=who(record).get("accessKeyId"),
        )
        events.append((record, event))
    return events


def test_there_are_about_thirty_and_each_fits_on_its_line() -> None:
    assert 30 <= len(QUESTIONS) <= 40
    assert (
        len({question.title for question in QUESTIONS})
        == len({question.line for question in QUESTIONS})
        == len(QUESTIONS)
    )
    assert [question.title for question in QUESTIONS if cells(question.title) > 37] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
def test_each_line_can_be_read_once_it_is_filled_in(question: Question) -> None:
    line = parse_filter(fill(question))
    assert parse_filter(write_filter(line)) == line
    text, at = question.to_fill
    assert "{" not in text
    assert (text[:at] + FILLED[question.blanks[0]] + text[at:] if len(question.blanks) == 1 else text) == fill(question)


@pytest.mark.parametrize("title", PLAIN)
def test_lines_find_what_plain_python_finds(
    title: str, demo: list[tuple[Record, Event]], real: list[tuple[Record, Event]]
) -> None:
    (question,) = [question for question in QUESTIONS if question.title == title]
    for events in (demo, real):
        assert found(question, events) == {event.event_id for record, event in events if PLAIN[title](record)}


@pytest.mark.parametrize("question", NAMES, ids=lambda question: question.title)
def test_lines_of_names_find_the_calls_of_these_names(
    question: Question, demo: list[tuple[Record, Event]], real: list[tuple[Record, Event]]
) -> None:
    test = named(*question.line.removeprefix("name:").split(","))
    for events in (demo, real):
        assert found(question, events) == {event.event_id for record, event in events if test(record)}


@pytest.mark.parametrize("title", INCIDENT)
def test_the_demo_answers(title: str, demo: list[tuple[Record, Event]]) -> None:
    (question,) = [question for question in QUESTIONS if question.title == title]
    ids = found(question, demo)
    assert 0 < len(ids) < len(demo) / 4
    assert INCIDENT[title] in {event.name for _, event in demo if event.event_id in ids}


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"a": 1}, "'a' must be a filter line in quotes"),
        ({"a": " "}, "must be a filter line"),
        ({" ": "is:root"}, "a title has 1 to 200"),
        ({"x" * 201: "is:root"}, "a title has 1 to 200"),
        ({"a": "is:nothing"}, "'a' is no filter line: is: "),
        ({str(number): "is:root" for number in range(101)}, "more than 100"),
    ],
)
def test_own_questions_that_cannot_be_used_are_refused(table: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        own_questions(table.items())


def test_own_questions_may_have_blanks() -> None:
    (question,) = own_questions({"Who broke the glass?": "role:{role} since:{when}"}.items())
    assert question.blanks == ("role", "when")
    assert question.to_fill == ("role: since:", len("role:"))
    assert question.filled("x", "2h") == "role:x since:2h"


def at(record: Record, first: str, last: str) -> bool:
    return first <= str(record.get("eventTime")) <= last


def writes(record: Record) -> bool:
    return record.get("readOnly") is False


def by_hand(record: Record) -> bool:
    agent = str(record.get("userAgent"))
    # To go from the portal of Identity Center to an account is no change there.
    from_browser = agent.startswith("Mozilla") and record.get("eventType") != "AwsServiceEvent"
    from_console = "console" in agent or agent == "signin.amazonaws.com"
    return from_browser or from_console or record.get("sessionCredentialFromConsole") == "true"


ASKED: dict[tuple[int, str], Callable[[Record], bool]] = {
    (1, "about:org-audit is:delete"): lambda record: (
        named("DeleteTrail")(record) and record["requestParameters"] == {"name": "org-audit"}
    ),
    (2, "is:write 2026-11-27T03:30..2026-11-27T04:00"): lambda record: (
        writes(record) and at(record, "2026-11-27T03:30:00Z", "2026-11-27T04:00:00Z")
    ),
    (3, "key:AKIAJEVHE73KGEXAMPLE"): PLAIN["What did this access key do?"],
    (5, "is:login -is:mfa"): lambda record: (
        named("ConsoleLogin")(record) and record["additionalEventData"]["MFAUsed"] != "Yes"
    ),
    (6, "is:root"): PLAIN["What did root do?"],
    (7, "is:login is:error"): PLAIN["Which sign-ins failed?"],
    (8, "role:order-intake is:denied"): lambda record: (
        denied(record) and "order-intake" in json.dumps(who(record).get("sessionContext", {}).get("sessionIssuer"))
    ),
    (10, "is:console is:write"): lambda record: by_hand(record) and writes(record),
    (13, 'name:AuthorizeSecurityGroupIngress "0.0.0.0/0"'): lambda record: (
        named("AuthorizeSecurityGroupIngress")(record) and "0.0.0.0/0" in json.dumps(record)
    ),
    (14, "name:StopLogging,DeleteTrail,UpdateTrail,PutEventSelectors"): named(
        "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"
    ),
    (15, "is:secret"): named("GetSecretValue", "GetRoleCredentials"),
    (16, "-ip:10.0.0.0/8,203.0.113.0/24"): PLAIN["What came from outside our networks?"],
    (17, "any:@iocs.txt"): PLAIN["Is anything from this file here?"],
    (19, "is:foreign"): foreign,
}
"""By number, the lines of the twenty questions that the demo's week can answer, and what it should answer."""


@pytest.mark.parametrize(("number", "line"), ASKED)
def test_the_demo_answers_the_questions_that_people_ask_most(
    number: int, line: str, demo: list[tuple[Record, Event]]
) -> None:
    expected = {event.event_id for record, event in demo if ASKED[number, line](record)}
    assert found(Question("", line), demo) == expected
    assert expected or number in (8, 13), "the demo has something of each, but for denials of a role and open ports"


async def test_the_demo_answers_what_was_seen_for_the_first_time(demo: list[tuple[Record, Event]]) -> None:
    """The eighteenth, which only a store can answer."""
    seen: dict[tuple[str, int, str], datetime] = {}
    sightings: list[tuple[Event, list[tuple[str, int, str]]]] = []
    for _, event in demo:
        caller, values = seen_in(RecordView(event, "us-east-1"))
        keys = [(caller, place, value) for place, value in enumerate(values) if caller and value]
        sightings.append((event, keys))
        for key in keys:
            seen[key] = min(event.time, seen.get(key, event.time))
    expected = {event.event_id for event, keys in sightings if any(seen[key] == event.time for key in keys)}
    assert 20 < len(expected) < len(demo) / 4
    scope, store = Scope("demo", "111111111111", "us-east-1"), await EventStore.open(None)
    try:
        await insert(store, scope, [event for _, event in demo])
        rows = await store.find(Search(scope, Stretch(-(2**40), 2**40)))
        new = await matching(store, [scope], rows, compile_filter(parse_filter("is:new"), NOW))
        assert set(event_ids(store, new)) == expected
    finally:
        await store.close()
