"""A value that its field lacks is offered for the field that has it: names of who acted are taken for each other."""

from datetime import UTC, datetime

import pytest
from support.real_records import event_of

from ctui.model.empty_result.finding_search import FindingSearch
from ctui.model.event.event import Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.write import write_term

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SESSION = event_of(
    {
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:ci-77",
            "accessKeyId": "ASIAEXAMPLE",
            "arn": "arn:aws:sts::111122223333:assumed-role/Admin/ci-77",
            "sessionContext": {"sourceIdentity": "alice@example.com"},
            "onBehalfOf": {"userId": "u-1"},
        }
    },
    name="GetObject",
    username="ci-77",
    access_key_id="ASIAEXAMPLE",
    # Whoever assumes a role names it as a resource too.
    resources=(Resource("AWS::IAM::Role", "Admin"), Resource("AWS::S3::Bucket", "logs")),
)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("user:Admin", "role:Admin"),
        ("session:Admin", "role:Admin"),
        ("resource:ci-77", "user:ci-77"),
        ("role:ci-77", "user:ci-77"),
        ("user:alice@example.com", "session:alice@example.com"),
        ("role:logs", "resource:logs"),
        ("user:AROAEXAMPLE", "who:AROAEXAMPLE"),
        ("user:u-1", "who:u-1"),
        ("who:logs", "resource:logs"),
        ("user:ASIAEXAMPLE", "key:ASIAEXAMPLE"),
        ("is:write user:Admin", ""),
    ],
)
def test_a_name_is_offered_as_the_field_that_has_it(typed: str, offered: str) -> None:
    search = FindingSearch(parse_filter(typed), NOW)
    found = search.found(dict.fromkeys(search.look(SESSION, "us-east-1"), 1))
    assert [one.replacement and write_term(one.replacement) for one in found] == [offered] * bool(offered)


def test_a_role_that_is_excluded_as_a_user_hides_nothing() -> None:
    search = FindingSearch(parse_filter("-user:Admin"), NOW, with_rows=True)
    (found,) = search.found(dict.fromkeys(search.look(SESSION, "us-east-1"), 1))
    assert found.replacement == parse_filter("-role:Admin").terms[0]
    assert found.text == "-user:Admin hides nothing: Admin occurs as role: in 1 stored event"
