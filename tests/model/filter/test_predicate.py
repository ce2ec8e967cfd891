"""What a filter line means: by table, and against a plain reading of every real record."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.plain_readings import READINGS, event_around
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.event import Event, Resource
from ctui.model.event.kind import EventKind
from ctui.model.event.record_view import RecordView
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import Outside

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "eventVersion": "1.08",
    "userIdentity": {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::444455556666:assumed-role/Admin/ci-77",
        "principalId": "AROAEXAMPLE:ci-77",
        "accountId": "444455556666",
        "invokedBy": "eks.amazonaws.com",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "userName": "Admin"},
            "sourceIdentity": "alice@example.com",
            "attributes": {"mfaAuthenticated": "false"},
        },
    },
    "awsRegion": "us-east-1",
    "sourceIPAddress": "10.0.0.7",
    "userAgent": 'aws-cli/2 "quoted"',
    "errorCode": "AccessDenied",
    "errorMessage": "User: arn:aws:… is not authorized",
    "requestParameters": {
        "bucketName": "logs-prod",
        "maxItems": 50,
        "ratio": 1.50,
        "dry": True,
        "nothing": None,
        "aws.dotted.key": "dotted",
        "items": [{"id": "i-1"}, {"id": "i-2"}, "plain"],
        "empty": "",
        "path": "C:\\Users\\é",
    },
    "recipientAccountId": "111122223333",
}
EVENT = event_of(
    RECORD,
    event_id="e-1",
    name="GetObject",
    source="s3.amazonaws.com",
    username="alice",
    read_only="true",
    access_key_id="AKIAEXAMPLE",
    resources=(Resource("AWS::S3::Bucket", "logs-prod"), Resource(None, "second"), Resource("AWS::S3::Object", None)),
)
BARE = event_of({})


def passes(line: str, event: Event, region: str = "eu-west-1") -> bool:
    return compile_filter(parse_filter(line), NOW)(event, region)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "id:e-1",
        "name:GetObject",
        "name:Get*,Put*",
        "name:*Obj*",
        "source:s3",
        "user:alice",
        "user:a*e",
        "key:AKIA*",
        "resource:logs-prod",
        "resource:second",
        "resource:*",
        "type:AWS::S3::Object",
        "account:111122223333",
        "region:us-east-1",
        "ip:10.*",
        "agent:aws-cli*",
        'agent:"aws-cli/2 \\"quoted\\""',
        "error:*",
        "error:AccessDenied",
        "error:*authorized",
        "role:Admin",
        "role:Adm*,Prof",
        "session:ci-77",
        "session:alice@example.com",
        "session:Prof,ci-*",
        "who:alice",
        "who:Admin",
        "who:ci-77",
        "who:alice@example.com",
        "who:AROAEXAMPLE",
        "who:AROAEXAMPLE:ci-77",
        "who:arn:aws:sts::444455556666:assumed-role/Admin/ci-77",
        "who:AKIAEXAMPLE",
        "who:eks",
        "who:eks.amazonaws.com",
        "who:nobody,Admin",
        "mfa:unknown",
        "mfa:no,unknown",
        "mfa:*",
        "-mfa:yes",
        "is:read",
        "is:error",
        "is:write,error",
        "is:denied",
        "is:foreign",
        "-is:mfa",
        "-is:login",
        "requestParameters.bucketName:logs*",
        "requestParameters.maxItems:50",
        "requestParameters.ratio:1.5",
        "requestParameters.dry:true",
        "requestParameters.aws.dotted.key:dotted",
        "requestParameters.items.id:i-2",
        "requestParameters.items.1.id:i-2",
        "requestParameters.items:plain",
        "requestParameters:logs-prod",
        "requestParameters.path:C:\\Users\\é",
        "eventVersion:1.08",
        "awsRegion:us-east-1",
        "accessdenied",
        '"NOT AUTHORIZED"',
        "bucketname",
        "logs*prod",
        '"C:\\\\Users\\É"',
        '"aws-cli/2 \\"QUOTED\\""',
        "nowhere,logs-prod",
        "*",
        "/log.-prod/",
        "/ACCESSDENIED/i",
        "/^aws-cli/",
        '/"quoted"/',
        "/^bucketName$/",
        "-name:PutObject",
        "-is:write",
        "-is:root,console,service",
        "-nowhere",
        "-/nowhere/",
        "-requestParameters.nothing:*",
        "-requestParameters.empty:*",
        "-no.such:*",
        "name:GetObject user:alice -error:Throttl* ip:10.*",
    ],
)
def test_an_event_passes_a_line_that_is_true_of_it(line: str) -> None:
    assert passes(line, EVENT)


@pytest.mark.parametrize(
    "line",
    [
        "name:getobject",
        "name:GetObjects",
        "name:Get",
        "name:*Get*Get*",
        "user:Alice",
        "source:S3.amazonaws.com",
        'source:"s3"',
        "error:accessdenied",
        "error:Denied",
        "role:admin",
        "role:ci-77",
        "role:Admin/ci-77",
        "session:Admin",
        "session:AROAEXAMPLE",
        "who:Alice",
        "who:444455556666",
        "who:example.com",
        "-role:Admin",
        # Of a field with several values, a term matches if any of them matches; -term if none does.
        "-session:ci-77",
        "-session:alice@example.com",
        "-who:ci-77",
        "-who:nobody,alice",
        "mfa:yes",
        "mfa:no",
        "-mfa:unknown",
        "is:mfa",
        "is:login",
        "-is:denied",
        "is:write",
        "is:root",
        "is:console",
        "is:service",
        "account:444455556666",
        "region:eu-west-1",
        "type:*Function",
        "requestParameters.bucketName:prod",
        "requestParameters.nothing:*",
        "requestParameters.empty:*",
        "requestParameters.items.7.id:i-2",
        "requestParameters.items.2.id:*",
        "bucketName.x:*",
        "prod*logs",
        "Quoted*bucketName",
        "/ACCESSDENIED/",
        "-name:Get*",
        "-error:*",
        "-accessdenied",
        "-*",
        "name:GetObject user:bob",
    ],
)
def test_an_event_does_not_pass_a_line_that_is_false_of_it(line: str) -> None:
    assert not passes(line, EVENT)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("name:*", False),
        ("-name:X", True),
        ("region:eu-west-1", True),
        ("account:*", False),
        ("is:read,write", False),
        ("is:error,denied,login,mfa,root,console,foreign,service", False),
        ("role:*", False),
        ("session:*", False),
        ("who:*", False),
        ("mfa:unknown", True),
        ("error:*", False),
        ("resource:*,x", False),
    ],
)
def test_what_is_absent_equals_nothing(line: str, expected: bool) -> None:
    assert passes(line, BARE) is expected


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"userIdentity": {"type": "Root"}}, "root"),
        ({"userIdentity": {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}}, "service"),
        ({"userIdentity": {"invokedBy": "secretsmanager.amazonaws.com"}}, "service"),
        ({"eventType": "AwsServiceEvent"}, "service"),
        ({"eventType": "AwsConsoleSignIn"}, "console"),
        ({"sessionCredentialFromConsole": "true"}, "console"),
        ({"sessionCredentialFromConsole": True}, "console"),
        ({"userAgent": "console.ec2.amazonaws.com"}, "console"),
        ({"userAgent": "signin.amazonaws.com"}, "console"),
        ({"userIdentity": {"type": "IAMUser", "invokedBy": "signin.amazonaws.com"}}, "console"),
        ({"errorCode": "X"}, "error"),
        ({"errorMessage": "Failed authentication"}, "error"),
        ({"errorMessage": "AccessDenied"}, "error"),
        ({"responseElements": {"ConsoleLogin": "Failure"}}, "error"),
        ({"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": "true"}}}}, "mfa"),
        ({"additionalEventData": {"MFAUsed": "Yes"}}, "mfa"),
        ({"userIdentity": {"accountId": "111122223333"}, "recipientAccountId": "444455556666"}, "foreign"),
        ({"userIdentity": {"accountId": "ANONYMOUS_PRINCIPAL"}, "recipientAccountId": "444455556666"}, "foreign"),
        ({"userIdentity": {"accountId": "444455556666"}, "recipientAccountId": "444455556666"}, ""),
        ({"userIdentity": {"accountId": ""}, "recipientAccountId": "444455556666"}, ""),
        ({"userIdentity": {"accountId": "444455556666"}}, ""),
        ({"eventCategory": "Data", "managementEvent": False}, "data"),
        ({"managementEvent": False}, "data"),
        ({"managementEvent": "false"}, "data"),
        ({"managementEvent": True}, ""),
        ({"eventCategory": "Management", "managementEvent": False}, ""),
        ({"eventCategory": "NetworkActivity", "managementEvent": False}, "network"),
        ({"eventCategory": "Aggregated"}, "aggregated"),
        ({"eventCategory": ["Data"]}, ""),
    ],
)
def test_the_kinds_of_events(record: dict[str, Any], kind: str) -> None:
    event = event_of(record)
    # What is notable is of another kind as well; tests/model/event/calls has those.
    others = [one for one in EventKind if KINDS[one].attribute is None and one is not EventKind.NOTABLE]
    kinds = {one for one in others if passes(f"is:{one}", event)}
    assert kinds == ({kind} if kind else set())


@pytest.mark.parametrize(
    ("source", "name", "request_parameters", "kinds"),
    [
        ("iam", "CreateAccessKey", {}, {"notable", "permission"}),
        ("iam", "DeleteUser", {}, {"notable", "permission", "delete"}),
        ("s3", "DeleteBucket", {}, {"delete"}),
        ("ec2", "TerminateInstances", {}, {"delete"}),
        ("ec2", "DeleteTags", {}, set()),
        ("secretsmanager", "GetSecretValue", {}, {"secret"}),
        ("ssm", "GetParameter", {"name": "/prod/db"}, {"secret"}),
        ("ssm", "GetParameters", {"names": ["/aws/service/ami-x"]}, set()),
        ("iam", "GetUser", {}, set()),
        ("lambda", "AddPermission20150331v2", {"principal": "*"}, {"notable", "permission"}),
        ("lambda", "AddPermission20150331v2", {"principal": "s3.amazonaws.com"}, {"permission"}),
    ],
)
def test_the_kinds_of_calls(source: str, name: str, request_parameters: dict[str, Any], kinds: set[str]) -> None:
    record = {"eventSource": f"{source}.amazonaws.com", "eventName": name, "requestParameters": request_parameters}
    asked = ("notable", "delete", "permission", "secret", "own")
    around = event_of({"requestParameters": request_parameters}, source=f"{source}.amazonaws.com", name=name)
    for event in (event_of(record), around):
        assert {kind for kind in asked if passes(f"is:{kind}", event)} == kinds
        assert {kind for kind in asked if not passes(f"-is:{kind}", event)} == kinds


def test_a_sign_in_is_the_event_that_the_service_calls_so() -> None:
    assert passes("is:login", event_of({}, name="ConsoleLogin"))
    assert not passes("is:login", event_of({"eventName": "ConsoleLogin"}, name="CheckMfa"))


@pytest.mark.parametrize(
    ("code", "denied"),
    [
        ("AccessDenied", True),
        ("AccessDeniedException", True),
        ("Client.UnauthorizedOperation", True),
        ("UnauthorizedOperation", True),
        ("UnauthorizedAccess", True),
        ("UnauthorizedException", True),
        ("NotAuthorizedException", True),
        ("AuthorizationError", True),
        ("AuthorizationErrorException", True),
        ("Forbidden", True),
        ("ForbiddenException", True),
        ("VpceAccessDenied", True),
        ("KMSAccessDeniedFault", True),
        ("Server.accessdenied", True),
        ("InvalidClientTokenId", False),
        ("SignatureDoesNotMatch", False),
        ("AuthorizationNotFound", False),
        ("ThrottlingException", False),
        ("NoSuchBucketPolicy", False),
    ],
)
def test_an_error_code_says_whether_the_caller_was_not_allowed(code: str, denied: bool) -> None:
    assert passes("is:denied", event_of({"errorCode": code})) is denied
    assert passes("is:error", event_of({"errorCode": code}))


@pytest.mark.parametrize("text", ["", "no json [", "[1]", "null", '"logs"', "[" * 50_000, '{"a": "\\ud800 logs"}'])
def test_a_record_of_any_text_can_be_asked(text: str) -> None:
    event = replace(EVENT, record=text)
    assert passes("name:GetObject -requestParameters.x:* -error:* -is:error,root", event)
    assert passes("logs", event) is ("logs" in text)
    assert passes("/l.gs/", event) is ("logs" in text)


def test_a_word_is_found_whether_or_not_the_record_escapes_it() -> None:
    for record in ('{"a": "caf\\u00e9/x"}', '{"a": "café\\/x"}', '{"a": "café/x"}'):
        assert passes('"CAFÉ/X"', event_of(record))
        assert passes("/café.x/", event_of(record))
        assert passes('eventName:a,b,"café/x" a', event_of(record.replace('"a"', '"eventName"')))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("since:2026-11-22T13:00:00Z", True),
        ("since:2026-11-22T13:00:01Z", False),
        ("since:1h", True),
        ("since:59m", False),
        ("until:1h", True),
        ("until:61m", False),
        ("since:2h until:1h", True),
        ("until:now", True),
    ],
)
def test_the_stretch_of_a_line_is_inclusive(line: str, expected: bool) -> None:
    assert passes(line, replace(EVENT, time=datetime(2026, 11, 22, 13, tzinfo=UTC))) is expected


def test_a_line_that_ends_in_now_lets_newer_events_through() -> None:
    future = replace(EVENT, time=datetime(2027, 1, 1, tzinfo=UTC))
    assert passes("since:1h", future)
    assert not passes("since:1h until:1m", future)


def test_an_anchor_holds_at_each_value_whether_or_not_the_record_escapes_anything() -> None:
    for agent in ("aws-cli/2", 'aws-cli/2 "x"'):
        assert passes("/^aws-cli/", event_of({"userAgent": agent}))
        assert not passes("/^cli/", event_of({"userAgent": agent}))


def test_which_terms_refuse_an_event_can_be_asked() -> None:
    predicate = compile_filter(parse_filter("name:GetObject user:bob nowhere"), NOW)
    _, bob, nowhere = parse_filter("name:GetObject user:bob nowhere").terms
    assert set(predicate.excluders(EVENT, "eu-west-1")) == {bob, nowhere}
    ranged = compile_filter(parse_filter("name:GetObject since:1h"), NOW)
    assert list(ranged.excluders(replace(EVENT, time=NOW - timedelta(minutes=5)), "eu-west-1")) == []
    assert list(ranged.excluders(replace(EVENT, time=NOW - timedelta(hours=2)), "eu-west-1")) == [Outside.RANGE]


def test_a_wicked_expression_over_a_wicked_record_ends() -> None:
    assert not passes("/(a+)+$/", event_of({"b": "a" * 50_000 + "b"}))


def test_a_path_through_nested_lists_ends_though_the_ways_through_them_are_countless() -> None:
    nested: Any = "xz"
    for _ in range(60):
        nested = [nested]
    event = event_of({"requestParameters": {"a": nested}})
    assert passes("requestParameters.a" + ".0" * 30 + ":xz", event)
    assert not passes("requestParameters.a" + ".0" * 30 + ".q:x*", event)
    assert not passes("requestParameters.a." + "9" * 5000 + ":x*", event)
    assert not passes("requestParameters." + "a." * 4000 + "a:x*", event)


PARTS = ["a", "b", "0", "1"]
VALUES = st.recursive(
    st.sampled_from(["x", "", None, True, 7]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*PARTS, "a.b", "0.a"]), inner),
    max_leaves=12,
)


def reached(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Every value at or below a path, by trying each way there is."""
    if isinstance(value, list):
        yield from (said for one in value for said in reached(one, path))
        if path and path[0].isdecimal() and int(path[0]) < len(value):
            yield from reached(value[int(path[0])], path[1:])
    elif isinstance(value, dict):
        if not path:
            yield from (said for one in value.values() for said in reached(one, ()))
        for cut in range(1, len(path) + 1):
            if (key := ".".join(path[:cut])) in value:
                yield from reached(value[key], path[cut:])
    elif not path and value not in (None, ""):
        yield value if isinstance(value, str) else json.dumps(value)


@settings(max_examples=examples(150), deadline=None)
@given(st.dictionaries(st.sampled_from(PARTS), VALUES), st.lists(st.sampled_from(PARTS), min_size=1, max_size=5))
def test_a_path_reaches_what_any_way_through_the_record_reaches(record: dict[str, Any], path: list[str]) -> None:
    assert set(RecordView(event_of(record), "").at(tuple(path))) == set(reached(record, tuple(path)))


PLAIN = st.text("ab", max_size=3)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(PLAIN, min_size=1, max_size=4), st.text("ab", max_size=8))
def test_wildcards_mean_what_they_mean_in_a_shell(parts: list[str], text: str) -> None:
    assert matches(Pattern(tuple(parts)), text) == fnmatchcase(text, "*".join(parts))


def judged_alike(line: str, records: list[dict[str, Any]], events: list[Event]) -> set[bool]:
    """Which answers the line gave, each the same as the plain reading's."""
    predicate = compile_filter(parse_filter(line), NOW)
    told = [predicate(event, "nowhere") for event in events]
    assert told == [READINGS[line](record) for record in records], line
    return set(told)


@pytest.mark.story
def test_every_real_record_is_judged_as_a_plain_reading_judges_it() -> None:
    records = [record for record in real_records() if isinstance(record.get("readOnly"), bool | None)]
    events = [event_around(record, json.dumps(record, ensure_ascii=False)) for record in records]
    for line in READINGS:
        assert judged_alike(line, records, events) == {True, False}, f"{line} tells nothing apart, so it tests nothing"


def test_records_full_of_escapes_are_judged_alike() -> None:
    records = [record for record in real_records() if isinstance(record.get("readOnly"), bool | None)][::9]
    events = [
        event_around(record, json.dumps(record).replace("/", "\\/").replace("A", "\\u0041")) for record in records
    ]
    assert all("\\" in event.record and "A" not in event.record for event in events)
    for line in READINGS:
        judged_alike(line, records, events)


def test_the_same_event_is_asked_alike_of_a_real_answer() -> None:
    for event in looked_up():
        record = json.loads(event.record)
        for line in ("is:root", "is:error", "userIdentity.type:AssumedRole", "eventVersion:1.08"):
            assert passes(line, event) is READINGS[line](record), line
        assert event.username is None or passes(f'user:"{event.username}"', event)
        assert all(passes(f'resource:"{one.name}"', event) for one in event.resources if one.name)
