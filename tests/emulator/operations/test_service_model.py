"""The emulator against botocore's model of the service: actions, parameters, error codes and members of answers."""

import json
from functools import cache
from typing import Any

import pytest
from botocore.model import ListShape, ServiceModel, Shape, StructureShape
from support.model_members import unknown_members
from support.recipes import TRAIL
from support.signing import post
from support.wire import boto_session

from ctui.emulator.actions import ACTIONS, REFUSED, Kind, Member
from ctui.emulator.errors.common_rows import COMMON
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.errors.table import TABLE
from ctui.emulator.testing import CloudTrail

KINDS = {"string": Kind.STRING, "boolean": Kind.BOOLEAN, "integer": Kind.INTEGER, "timestamp": Kind.TIMESTAMP}
BEYOND = {
    # A list that is longer than its constraint: the answer that the service has for every action.
    "ListTags": {"ValidationException"},
    # A trail that becomes multi-Region, see the table.
    "UpdateTrail": {"MaximumNumberOfTrailsExceededException", "TrailAlreadyExistsException"},
}
"""Codes of actions for which the model does not list them."""
CREATE = {"Name": "another", "S3BucketName": "spare-logs-111111111111", "SnsTopicName": "audit-log-files"}
INSIGHTS = {"TrailName": "another", "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}]}
ADVANCED = {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]}
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("CreateTrail", {**CREATE, "TagsList": [{"Key": "team", "Value": "blue"}]}),
    ("StartLogging", {"Name": "another"}),
    ("UpdateTrail", {"Name": "another"}),
    ("GetTrailStatus", {"Name": "another"}),
    ("PutInsightSelectors", INSIGHTS),
    ("GetInsightSelectors", {"TrailName": "another"}),
    ("PutEventSelectors", {"TrailName": "another", "EventSelectors": [{}]}),
    ("GetEventSelectors", {"TrailName": "another"}),
    ("PutEventSelectors", {"TrailName": "another", **ADVANCED}),
    ("GetEventSelectors", {"TrailName": "another"}),
    ("AddTags", {"ResourceId": TRAIL + "another", "TagsList": [{"Key": "alone"}]}),
    ("ListTags", {"ResourceIdList": [TRAIL + "another"]}),
    ("RemoveTags", {"ResourceId": TRAIL + "another", "TagsList": [{"Key": "alone"}]}),
    ("DescribeTrails", {}),
    ("GetTrail", {"Name": "another"}),
    ("ListTrails", {}),
    ("ListPublicKeys", {}),
    ("LookupEvents", {"MaxResults": 2}),
    ("StopLogging", {"Name": "another"}),
    ("DeleteTrail", {"Name": "another"}),
)
"""A call of every action, one after the other."""


@cache
def model() -> ServiceModel:
    """Today's model of CloudTrail."""
    loaded: ServiceModel = boto_session().client("cloudtrail").meta.service_model
    return loaded


def test_every_action_of_the_service_is_answered_or_refused() -> None:
    assert set(model().operation_names) == ACTIONS.keys() | REFUSED
    assert not ACTIONS.keys() & REFUSED


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_takes_the_parameters_of_the_model(action: str) -> None:
    compare(ACTIONS[action], model().operation_model(action).input_shape)


def compare(members: tuple[Member, ...], shape: StructureShape) -> None:
    """Names, types and what is required, at every depth. The wire spells two names of DescribeTrails another way."""
    by_name = {spelling: member for member in members for spelling in (*member.spellings, member.name)[:1]}
    assert by_name.keys() == shape.members.keys()
    assert {name for name, member in by_name.items() if member.required} == set(shape.required_members)
    for name, member in by_name.items():
        part: Shape = shape.members[name]
        if not isinstance(part, ListShape):
            assert member.kind is KINDS[part.type_name]
        elif isinstance(part.member, StructureShape):
            assert member.kind == f"List of {part.member.name}"
            compare(member.parts, part.member)
        else:
            assert (member.kind, part.member.type_name) == (Kind.STRINGS, "string")


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_answers_errors_of_the_model_alone(action: str) -> None:
    modelled = {shape.name for shape in model().operation_model(action).error_shapes}
    rows = [row for condition, row in TABLE.items() if condition not in COMMON]
    answered = {row.today.code for row in rows if isinstance(row.today, Wire) and action in (*row.actions, *row.later)}
    assert answered - modelled == BEYOND.get(action, set())


def test_each_answer_has_members_of_the_model_alone(cloudtrail: CloudTrail) -> None:
    assert {action for action, _ in CALLS} == ACTIONS.keys()
    for action, parameters in CALLS:
        status, content = post(cloudtrail.endpoint_url, action, json.dumps(parameters).encode())
        assert status == 200, content
        shape = model().operation_model(action).output_shape
        assert list(unknown_members(shape, content)) == []
