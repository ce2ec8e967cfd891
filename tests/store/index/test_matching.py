"""Matching in bulk: by ids, by the index and in blocks, the rows found are those that the predicate passes."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, looked_up, real_records
from support.stored import insert, matching

from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.event.outcome import DENIALS, OWN, OWN_STATUS, RULES, OutcomeRule
from ctui.model.event.record import decode_record, mapping, text
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import WHO, ValueField, value_fields
from ctui.model.filter.matching.word_list import WordList
from ctui.model.filter.parse import MOST_TERMS, FilterError, parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.prefilter import AttributeCheck, TextCheck, prefilter_of
from ctui.model.filter.terms import Excluder, Filter, ListTerm
from ctui.model.filter.write import write_value
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index import matching as index_matching
from ctui.store.search import Search

NastyStore = tuple[EventStore, dict[int, Event]]
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SCOPE = Scope("aws", "111111111111", "eu-west-1")
LINES = (
    "name:ConsoleLogin", "name:Get*,List*", "name:*s", "-name:Describe* -name:List* -name:Get*", "source:ec2",
    "-source:ec2,s3", "user:*a*", "-user:*", "key:AKIA*", "key:*", "resource:*", "resource:*bucket*",
    "type:AWS::S3::*", "id:*a", "region:us-east-1,eu-west-1", "ip:1*", "ip:*", "ip:*.amazonaws.com",
    "agent:*Boto*,*boto*", "error:*", "error:AccessDenied", "error:*Denied*", "is:error", "-is:error", "is:root",
    "is:console", "is:service", "is:write", "is:denied", "-is:denied", "is:login", "-is:login", "is:mfa", "-is:mfa",
    "is:foreign", "is:denied,mfa", "mfa:yes", "mfa:no", "-mfa:unknown", "role:*", "-role:*", "role:AWS*", "session:*",
    "session:i-*", "who:*", "who:root", "who:lambda", "who:*@*", "-who:*-*", "is:read", "-is:read", "-is:read,write",
    "about:*bucket*", "-about:*bucket*", "about:~*ROLE*", "about:Admin",
    "is:write,root", "is:notable", "-is:notable", "is:delete", "is:permission", "is:secret,own", "is:own", "-is:own",
    "account:123456789012", "userIdentity.type:AssumedRole",
    "userIdentity.sessionContext.attributes.mfaAuthenticated:true", "requestParameters.bucketName:*",
    "requestParameters.instancesSet.items.instanceId:i-*", "-requestParameters:*", "responseElements:*arn*",
    "resources.type:AWS::*", "managementEvent:true", "eventVersion:1.08", "accessdenied", '"not authorized"',
    "-amazonaws", "[redacted]", "us*east", "ACCESS*DENIED,nowhere", '"\\"eventName\\""', "100%", "a_b", "*",
    "/i-[0-9a-f]{17}/", "/^arn:aws:iam::[0-9]+:root$/", "/ACCESS/i", "/^Root$|^root$/", r"/\broot\b/",
    "name:ConsoleLogin error:* is:write", "name:ConsoleLogin OR error:*", "(user:*a* is:write) OR (name:Get* -is:read)",
    "-(is:root OR source:ec2)", "NOT (name:Get* error:*) region:us-east-1", "is:write OR accessdenied OR /^Root$/",
    "ip:10.0.0.0/8,2001:db8::/32", "-ip:0.0.0.0/1", "-(ip:10.0.0.0/8 OR is:write)", "error:~ACCESS*",
    "-name:~describe*", "userIdentity.type:~ROOT", "requestParameters.maxResults>=100",
    "-requestParameters.maxResults<100",
    "(name:A* OR name:B* OR is:error) (user:* OR -key:*)",
)  # fmt: skip


@pytest.fixture
async def store() -> AsyncIterator[EventStore]:
    opened = await EventStore.open(None)
    yield opened
    await opened.close()


EVER = Search(SCOPE, Stretch(-(2**40), 2**40))


async def passing(store: EventStore, ids: list[int], predicate: Predicate) -> list[int]:
    """Those of the rows that match, in their order: the store finds the same by ids, by the index and in blocks."""
    rows, some = await store.find(EVER), set(ids)
    wanted = rows.at([index for index, row_id in enumerate(rows.ids) if row_id in some])
    found = await matching(store, [SCOPE], wanted, predicate)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(index_matching, "FEW", 2)
        assert await matching(store, [SCOPE], wanted, predicate) == found
    passed = set(found)
    return [row_id for row_id in ids if row_id in passed]


def stored(store: EventStore, ids: Iterable[int]) -> dict[int, Event]:
    """The events of these rows as the store gives them, by row id: read once for all lines they are compared with."""
    return {row_id: store.event(row_id) for row_id in ids}


def plainly(events: dict[int, Event], predicate: Predicate) -> list[int]:
    """The same by comparing each event."""
    return [row_id for row_id, each in events.items() if predicate.in_range(each) and passes(predicate, each)]


def passes(predicate: Predicate, event: Event) -> bool:
    """As the predicate says. What was decoded of the record for one line serves the next."""
    view = view_of(event)
    return all(test(view) for _, test in predicate.tests)


@lru_cache(maxsize=10_000)
def view_of(event: Event) -> RecordView:
    """An event as tests of terms read it."""
    return RecordView(event, SCOPE.region)


@pytest.mark.parametrize(
    "line",
    [
        " ".join(f"a{n}" for n in range(MOST_TERMS)),
        "name:X," + ",".join(f"n{n}" for n in range(1500)),
        " ".join(f"-name:x{n}" for n in range(MOST_TERMS)),
        " ".join(f"/a{n}b/" for n in range(MOST_TERMS)),
        ",".join(f"w{n}" for n in range(1500)),
        " OR ".join(f"(name:x{n} user:y{n})" for n in range(MOST_TERMS // 2)),
    ],
)
async def test_a_line_of_more_terms_than_sqlite_can_take_at_once_is_judged(store: EventStore, line: str) -> None:
    ids = await insert(store, SCOPE, [event_of({"a": "a1b"}, event_id=f"e{n}", name="X") for n in range(3)])
    predicate = compile_filter(parse_filter(line), NOW)
    assert await passing(store, ids, predicate) == plainly(stored(store, ids), predicate)


def around(record: object, text: str) -> Event:
    """An event of which the service said what stands in its record."""
    held = record if isinstance(record, dict) else {}
    said = held.get("readOnly")
    who = held.get("userIdentity")
    return event_of(
        text,
        name=held.get("eventName"),
        source=held.get("eventSource"),
        username=who.get("userName") if isinstance(who, dict) else None,
        read_only=None if said is None else str(said).lower(),
    )


async def test_what_the_store_is_asked_first_leaves_out_no_record_with_a_word_of_a_list(store: EventStore) -> None:
    values = ("Straße 1", "STRASSE", 'a "Get" b', "Get", "target", "\u212aelvin", "10.0.0.1", "g\x65t/", "nothing")
    texts = [json.dumps({"n": value}, ensure_ascii=escaped) for value, escaped in product(values, (True, False))]
    ids = await insert(store, SCOPE, [event_of(text, event_id=f"e{n}") for n, text in enumerate(texts)])
    for words in (["strasse"], ["get", "kelvin"], ["10.0.0.0/8", "get"], [f"w{n}" for n in range(500)]):
        for negated in (False, True):
            predicate = compile_filter(Filter((ListTerm("f", negated, WordList(words)),)), NOW)
            assert await passing(store, ids, predicate) == plainly(stored(store, ids), predicate), words


FAILED = (
    {"eventName": "CredentialVerification", "serviceEventDetails": {"CredentialVerification": "Failure"}},
    {"eventName": "CheckMfa", "responseElements": {"CheckMfa": "Failure"}},
    {"eventName": "CheckMfa", "additionalEventData": {"CheckMfa": "Failure"}},
    {"eventName": "EnableGuardrail", "serviceEventDetails": {"enableGuardrailStatus": {"state": "FAILED"}}},
    {"eventName": "CreateAccount", "responseElements": {"createAccountStatus": {"state": "FAILED"}}},
    {"eventName": "CreateAccountResult", "serviceEventDetails": {"createAccountStatus": {"state": "FAILED"}}},
    {"eventName": "Token_POST", "additionalEventData": {"responseParameters": {"status": 400.0}}},
    {"eventName": "Login", "responseElements": {"ConsoleLogin": "Failure"}},
    {"errorCode": "AccessDenied"},
    {"errorMessage": "Failed authentication"},
)
"""A record for each place a failure is read from (`model.outcome`)."""


async def test_no_way_to_fail_is_left_out_by_what_the_store_is_asked_first(store: EventStore) -> None:
    events = [event_of(json.dumps(record), event_id=f"{n}") for n, record in enumerate(FAILED)]
    assert {rule.path for rule in RULES if not any(only(rule, record) for record in FAILED)} == set()
    ids = await insert(store, SCOPE, [*events, event_of({"eventName": "Fine"}, event_id="fine")])
    for line in ("is:error", "error:*"):
        predicate = compile_filter(parse_filter(line), NOW)
        assert await passing(store, ids, predicate) == ids[:-1], line


ACTED = (
    ({"sessionContext": {"sessionIssuer": {"type": "Role", "userName": "a"}}}, {"role", "who"}),
    ({"sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::1:role/a"}}}, {"role", "who"}),
    ({"arn": "arn:aws:iam::1:role/x/a"}, {"role", "who"}),
    ({"arn": "arn:aws:sts::1:assumed-role/a/s"}, {"role", "session", "who"}),
    ({"arn": "arn:aws:sts::1:federated-user/s"}, {"session", "who"}),
    ({"principalId": "AROA:s"}, {"session", "who"}),
    ({"sessionContext": {"sourceIdentity": "s"}}, {"session", "who"}),
    ({"userName": "s"}, {"who"}),
    ({"type": "Root"}, {"who"}),
    ({"type": "AWSAccount", "accountId": "1"}, {"who"}),
    ({"invokedBy": "s.amazonaws.com"}, {"who"}),
    ({"credentialId": "s"}, {"who"}),
    ({"onBehalfOf": {"userId": "s"}}, {"who"}),
)
"""An identity for each place that who acted is read from (`model.event.names`), and the fields that read it."""


@pytest.mark.parametrize("field", ["role", "session", "who"])
async def test_no_way_to_name_who_acted_is_left_out_by_what_the_store_is_asked_first(
    store: EventStore, field: str
) -> None:
    events = [event_of({"userIdentity": identity}, event_id=f"{n}") for n, (identity, _) in enumerate(ACTED)]
    ids = await insert(store, SCOPE, [*events, event_of({"eventName": "Fine"}, event_id="fine", username=None)])
    predicate = compile_filter(parse_filter(f"{field}:*"), NOW)
    named = [row_id for row_id, (_, fields) in zip(ids, ACTED, strict=False) if field in fields]
    assert await passing(store, ids, predicate) == named


async def test_what_the_service_alone_says_of_who_acted_is_not_left_out(store: EventStore) -> None:
    events = [
        event_of("{}", event_id="user", username="alice"),
        event_of("{}", event_id="key", access_key_id="AKIAALICE"),
        event_of({"userIdentity": {"type": "Root"}}, event_id="root"),
        event_of({"userIdentity": {"invokedBy": "ec2.amazonaws.com"}}, event_id="service"),
        event_of({"requestParameters": {"userName": "alice"}}, event_id="other"),
        event_of(
            {"userIdentity": {"userName": "bea", "accessKeyId": "ASIABEA"}},
            event_id="both", username="bea", access_key_id="ASIABEA",
        ),
    ]  # fmt: skip
    ids = await insert(store, SCOPE, events)
    for line, found in (
        ("who:alice", [0]), ("who:~ALICE", [0]), ("who:AKIAALICE", [1]), ("who:AKIA*,alice", [0, 1]), ("who:root", [2]),
        ("who:r*t", [2]), ("who:ec2", [3]), ("-who:alice", [1, 2, 3, 4, 5]), ("who:bob", []),
        ("who:ASIABEA", [5]), ("who:ASIA*", [5]), ("who:*BEA,alice", [0, 5]), ("who:bea who:~asiabea", [5]),
        ("-who:ASIABEA", [0, 1, 2, 3, 4]), ("-who:A*", [0, 2, 3, 4]), ("-who:bea", [0, 1, 2, 3, 4]),
    ):  # fmt: skip
        predicate = compile_filter(parse_filter(line), NOW)
        assert await passing(store, ids, predicate) == [ids[place] for place in found], line
    clause = ((TextCheck("alice"), *(AttributeCheck(key, "alice") for key in WHO.beside)),)
    assert prefilter_of(parse_filter("who:alice").terms) == clause


@pytest.mark.parametrize("code", [f"Some.{part}Exception" for part in DENIALS])
async def test_no_error_code_of_a_denied_call_is_left_out(store: EventStore, code: str) -> None:
    ids = await insert(store, SCOPE, [event_of({"errorCode": one}, event_id=one) for one in (code, code.lower(), "X")])
    predicate = compile_filter(parse_filter("is:denied"), NOW)
    assert await passing(store, ids, predicate) == ids[:2]


def only(rule: OutcomeRule, record: object) -> bool:
    """True where this rule finds a failure in the record."""
    with_rule = decode_record(json.dumps(record))
    own = text(with_rule.get("eventName"))
    names = {OWN: own, OWN_STATUS: f"{own[:1].lower()}{own[1:]}Status"}
    value: object = with_rule
    for step in rule.path:
        value = mapping(value).get(names.get(step, step))
    return isinstance(value, str) and rule.fails(value)


@pytest.mark.story
async def test_nothing_real_is_left_out_that_passes(store: EventStore) -> None:
    records = real_records()[::3]
    events = [around(record, json.dumps(record, ensure_ascii=False)) for record in records]
    events += [around(one, json.dumps(one).replace("/", "\\/").replace("A", "\\u0041")) for one in records[::20]]
    ids = sorted(set(await insert(store, SCOPE, [*events, *looked_up()])))
    there = stored(store, ids)
    for line in LINES:
        predicate = compile_filter(parse_filter(line), NOW)
        found = await passing(store, ids, predicate)
        assert found == plainly(there, predicate), line


EVERY_FIELD = event_of(
    {
        "awsRegion": "eu-west-1", "errorCode": "AccessDenied", "recipientAccountId": "111111111111",
        "sourceIPAddress": "10.0.0.7", "userAgent": "aws-cli/2",
        "userIdentity": {"arn": "arn:aws:sts::1:assumed-role/Admin/ci-77"},
    },
    event_id="e-1", name="GetObject", source="s3.amazonaws.com", username="alice", access_key_id="AKIAEXAMPLE",
    resources=(Resource("AWS::S3::Bucket", "logs"),),
)  # fmt: skip
"""An event with a value of every field that compares values."""


@pytest.mark.parametrize("field", value_fields(), ids=str)
async def test_an_event_with_a_value_of_a_field_is_not_left_out(store: EventStore, field: ValueField) -> None:
    ids = await insert(store, SCOPE, [EVERY_FIELD])
    predicate = compile_filter(parse_filter(f"{field.name}:*"), NOW)
    assert predicate(EVERY_FIELD, SCOPE.region), f"no value of {field.name}: give EVERY_FIELD one, or mend its `read`"
    found = await passing(store, ids, predicate)
    assert found == ids, f"a record with a value of {field.name} contains none of its `markers`: {field.markers}"


VALUES = ("", "a", "A", "ab", "100%", "1000", "a_b", "axb", "\\", 'say "a"', "ſ", "s", "K", "k", "ß", "SS", "\0a",
          "a\0b", "x/a", "arn:p:s:r:1:t/a", "\ud800", "a\ud83d\ude00", "[a]", "*", "-a", "Failure",
          "Root")  # fmt: skip


def nasty() -> list[Event]:
    """Every value in every place, the record written in three ways."""
    found: list[Event] = []
    for place, (value, escaped) in enumerate(product(VALUES, (True, False))):
        record = {
            "sourceIPAddress": value, "errorCode": value, "userIdentity": {
                "type": value, "invokedBy": value, "userName": value, "principalId": f"{value}:{value}",
                "arn": f"arn:aws:sts::1:assumed-role/{value}/{value}",
                "sessionContext": {"attributes": {"mfaAuthenticated": value == "true" or value}},
            },
            "requestParameters": {value: value, "x": {"y": [value, 7]}},
        }  # fmt: skip
        found.append(
            event_of(
                json.dumps(record, ensure_ascii=escaped), event_id=f"{place}{value}", name=value, source=value or None,
                username=value, read_only=value or "true", access_key_id=value,
                resources=(Resource(value, value), Resource(None, None)),
            )
        )  # fmt: skip
        found.append(event_of(value, event_id=f"bare {place}", name=None))
    return found


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Terms of every sort about these values, whole or with a wildcard."""
    terms = []
    for _ in range(draw(st.integers(1, 3))):
        value = write_value(draw(st.sampled_from(VALUES[1:])), "user")
        value = draw(st.sampled_from(["{}", "{}*", "*{}", "*{}*", "{0}*{0}", "a,{}"])).format(value)
        case = draw(st.sampled_from(["", "~"]))
        field = draw(
            st.sampled_from(
                ["", "name:", "source:", "user:", "key:", "id:", "resource:", "type:", "ip:", "error:", "account:",
                 "role:", "session:", "who:", "about:",
                 "requestParameters.x.y:", "requestParameters.a:", "requestParameters:", "userIdentity.type:"]
            )
        )  # fmt: skip
        terms.append(draw(st.sampled_from(["", "-"])) + field + (case if field else "") + value)
    form = draw(
        st.sampled_from(["{}", "{}", "({}) OR user:s", "-({})", "-({} OR user:a)", "({} OR name:A) -({} key:s)"])
    )
    words = draw(st.sampled_from([" ", " OR "])).join(terms)
    more = ["", " is:error", " -is:root", " is:denied", " -is:mfa", " /a.?b|%/", " /^a$/", " /s/i"]
    return form.format(words, words) + draw(st.sampled_from(more))


@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines())
async def test_nothing_nasty_is_left_out_that_passes(nasty_store: NastyStore, line: str) -> None:
    store, there = nasty_store
    try:
        predicate = compile_filter(parse_filter(line), NOW)
    except FilterError:
        return
    found = await passing(store, list(there), predicate)
    assert found == plainly(there, predicate), line


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines())
async def test_what_excludes_each_row_is_counted_as_the_predicate_says(nasty_store: NastyStore, line: str) -> None:
    store, there = nasty_store
    try:
        predicate = compile_filter(parse_filter(line), NOW)
    except FilterError:
        return
    counted, left = Counter[frozenset[Excluder]](), list(there)
    while left:
        excluded = await store.excluders(predicate, left)
        counted.update({frozenset(terms): number for terms, number in excluded.counts})
        left = left[excluded.scanned :]
    told = (frozenset(predicate.excluders(each, SCOPE.region)) for each in there.values())
    assert counted == Counter(filter(None, told)), line


@pytest.mark.parametrize("value", ["\u212a", "\u017f", "\u1e9e", "K", "S"])
@pytest.mark.parametrize(
    "field", ["name", "user", "who", "role", "session", "resource", "about", "ip", "error", "requestParameters.x.y"]
)
async def test_a_letter_whose_other_case_is_ascii_is_not_left_out(
    nasty_store: NastyStore, field: str, value: str
) -> None:
    """The Kelvin sign is a K, and the long s an S, where letter case is ignored; SQLite knows neither."""
    store, there = nasty_store
    for pattern in (value, f"{value}*", f"*{value}"):
        predicate = compile_filter(parse_filter(f"{field}:~{pattern}"), NOW)
        found = await passing(store, list(there), predicate)
        assert found == plainly(there, predicate)
        assert found


@pytest.fixture
async def nasty_store(store: EventStore) -> NastyStore:
    return store, stored(store, sorted(set(await insert(store, SCOPE, nasty()))))


async def test_a_record_whose_bytes_are_no_text_hides_no_other(store: EventStore) -> None:
    ids = await insert(store, SCOPE, [event_of('{"a":"needle"}', event_id=str(n)) for n in range(3)])
    data = zstandard.ZstdCompressor().compress(b'{"a":"needle"}\xff{"needle\xfe\xff{"a":"needle"}')
    store._opened.writer.execute("UPDATE block SET data = ?", (data,))
    for line in ("/needle/", "/n.edle/", "needle"):
        predicate = compile_filter(parse_filter(line), NOW)
        assert await passing(store, ids, predicate) == ids, line


async def test_events_of_a_damaged_block_match_what_an_empty_record_matches(store: EventStore) -> None:
    ids = await insert(store, SCOPE, [event_of('{"a":"needle"}', event_id=str(n)) for n in range(5)])
    store._opened.writer.execute("UPDATE block SET data = x'00'")
    there = stored(store, ids)
    for line in ("/x?/", "/^$/", "-needle", "*", "needle", "/x/"):
        predicate = compile_filter(parse_filter(line), NOW)
        assert await passing(store, ids, predicate) == plainly(there, predicate), line


async def test_lines_of_thousands_of_values_find_what_plain_python_finds(store: EventStore) -> None:
    """As many as a line has room for, and more than are listed in SQL."""
    events = [
        event_of({"sourceIPAddress": f"10.0.{n // 250}.{n % 250}"}, event_id=f"e{n}", name=f"N{n}", username=f"u{n}")
        for n in range(2500)
    ]
    there = stored(store, sorted(await insert(store, SCOPE, events)))
    values = {field: ",".join(f"{field}{n}" for n in range(0, 4000, 3)) for field in ("N", "u", "e")}
    for line in (
        f"name:{values['N']}", f"-name:{values['N']}", f"id:{values['e']}", f"-id:{values['e']}", "name:N*", "user:*u*",
        f"user:{values['u']} name:N1*", f"user:{values['u']} OR name:N1* OR needle",
        "-name:*1*", "-ip:10.0.0.0/24", "ip:10.0.1.0-10.0.9.0 -user:*7*",
    ):  # fmt: skip
        predicate = compile_filter(parse_filter(line), NOW)
        loaded = await store.find(EVER)
        found = await matching(store, [SCOPE], loaded, predicate)
        assert sorted(found) == plainly(there, predicate), line[:40]


async def test_a_predicate_that_breaks_leaves_the_next_line_alone(store: EventStore) -> None:
    ids = await insert(store, SCOPE, [event_of('{"a":"needle"}', event_id=str(n)) for n in range(3)])
    first, second = (compile_filter(parse_filter(line), NOW) for line in ("/needl/", "/eedle/"))
    broken = replace(first, tests=tuple((term, lambda view: bool(1 // 0)) for term, _ in first.tests))
    with pytest.raises(ZeroDivisionError) as kept:
        await passing(store, ids, broken)
    assert await passing(store, ids, second) == ids
    assert kept.value.__traceback__ is not None
