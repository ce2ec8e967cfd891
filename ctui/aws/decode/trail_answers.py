"""Answers about trails: bytes become Trail and TrailStatus, field by field, so that an odd one affects no other."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

from ctui.aws.decode.answers import SHORT, fields_of_body, no_answer
from ctui.aws.decode.json_parts import elements
from ctui.aws.decode.members import Fields, brief, not_readable
from ctui.model.trail.trail import Trail, TrailStatus

_OWN_SPELLING = {"arn": "TrailARN", "sns_topic_arn": "SnsTopicARN"}


def _spelled(name: str) -> str:
    """A field's name on the wire."""
    return _OWN_SPELLING.get(name) or "".join(word.capitalize() for word in name.split("_"))


def _answer_fields(model: type[Trail] | type[TrailStatus]) -> dict[str, tuple[str, object]]:
    """Field -> (name on the wire, type) of what an answer may contain."""
    ours = ("odd", "lost")
    return {field.name: (_spelled(field.name), field.type) for field in fields_of(model) if field.name not in ours}


_TRAIL, _STATUS = _answer_fields(Trail), _answer_fields(TrailStatus)


def read_trails(body: bytes, headers: Mapping[str, str]) -> tuple[Trail, ...]:
    """The trails of a DescribeTrails answer. All that have neither name nor ARN become one trail without a name.

    Raises IncompleteAnswer if the answer has no list of trails, NotCloudTrail if it is not from CloudTrail.
    """
    answer = fields_of_body("DescribeTrails", body, headers)
    # The reference of 2015 writes TrailList.
    listed = answer.part("trailList") or answer.part("TrailList")
    if listed is None:
        raise no_answer("DescribeTrails", "trailList is missing", headers)
    if (parts := elements(listed)) is None:
        raise no_answer("DescribeTrails", not_readable("trailList", brief(listed, SHORT), "a list"), headers)
    trails, nameless = list[Trail](), list[str]()
    for part in parts:
        fields = Fields.of(part)
        if fields is None:
            nameless.append(not_readable("A trail", part, "an object"))
        elif (trail := _trail(fields)) is None:
            nameless.append(f"A trail has neither Name nor TrailARN: {brief(part)}")
        else:
            trails.append(trail)
    if nameless:
        trails.append(Trail("", odd=tuple(nameless)))
    return tuple(trails)


def read_trail(body: bytes, headers: Mapping[str, str]) -> Trail:
    """The trail of a CreateTrail or UpdateTrail answer; raises IncompleteAnswer or NotCloudTrail."""
    fields = fields_of_body("The change", body, headers)
    if (trail := _trail(fields)) is None:
        raise no_answer("The change", "it has neither Name nor TrailARN", headers)
    return trail


def read_status(body: bytes, headers: Mapping[str, str]) -> TrailStatus:
    """The status in a GetTrailStatus answer.

    Raises IncompleteAnswer if it does not say whether the trail is logging, NotCloudTrail if it is not from CloudTrail.
    """
    fields = fields_of_body("GetTrailStatus", body, headers)
    values, lost = _values(fields, _STATUS)
    if values["is_logging"] is None:
        part = fields.part("IsLogging")
        why = "IsLogging is missing" if part is None else not_readable("IsLogging", brief(part, SHORT), "true or false")
        raise no_answer("GetTrailStatus", why, headers)
    for name in lost:
        if name.endswith("_error"):
            # A delivery error in an unknown form is still a delivery error.
            values[name] = brief(fields.part(_spelled(name)) or "")
    return TrailStatus(**values, odd=tuple(fields.reasons), lost=tuple(lost))


def _trail(fields: Fields) -> Trail | None:
    """The trail in an object, or None if it has neither name nor ARN."""
    values, _ = _values(fields, _TRAIL)
    name = values.pop("name") or (values["arn"] or "").rpartition("/")[2]
    return Trail(name, **values, odd=tuple(fields.reasons)) if name else None


def _values(fields: Fields, fields_on_wire: Mapping[str, tuple[str, object]]) -> tuple[dict[str, Any], list[str]]:
    """(each field's value, or None if it is absent; names of those that could not be read)."""
    values = {name: _value(fields, spelled, kind) for name, (spelled, kind) in fields_on_wire.items()}
    lost = [
        name
        for name, (spelled, _) in fields_on_wire.items()
        if values[name] is None and fields.part(spelled) is not None
    ]
    return values, lost


def _value(fields: Fields, spelled: str, kind: object) -> object:
    if kind == datetime | None:
        return fields.instant(spelled)
    return fields.flag(spelled) if kind == bool | None else fields.text(spelled)
