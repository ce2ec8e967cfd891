"""The tags of CreateTrail."""

from typing import Any

from ctui.emulator.account.names import broken
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.model.rules.rule import Field

MAX_TAGS = 50
"""Tags that a trail may have."""


def tags_of(parameters: dict[str, Any]) -> dict[str, str]:
    """Tag key -> value. Raises Refusal for too many tags, a repeated key, or an invalid one."""
    tags = parameters.get("TagsList", [])
    if len(tags) > MAX_TAGS:
        raise Refusal(Condition.TAGS_MANY, limit=MAX_TAGS, count=len(tags))
    tags_by_key: dict[str, str] = {}
    for tag in tags:
        key, value = tag["Key"], tag.get("Value", "")
        if key in tags_by_key:
            raise Refusal(Condition.TAG_INVALID, reason=f"Tag key {key} is given twice.")
        for field, text in ((Field.TAG_KEY, key), (Field.TAG_VALUE, value)):
            if (reason := broken(field, text)) is not None:
                raise Refusal(Condition.TAG_INVALID, reason=f"Tag {key}, {field}: {reason}")
        tags_by_key[key] = value
    return tags_by_key
