"""Advanced event selectors: conditions on fields of an event, all of which must hold.

Which fields and operators a category has is that of AdvancedFieldSelector in today's API reference. That it wants a
category first, and for data events a resource type, too. The words of the refusals are ours.
"""

from typing import Any

from ctui.emulator.actions import OPERATORS
from ctui.emulator.errors.conditions import Condition, Refusal

MAX_VALUES = 500
"""Values in all conditions of a trail's advanced event selectors."""
MAX_NAME = 1000
"""Characters of a selector's name."""
MAX_VALUE = 2048
"""Characters of one value."""

CATEGORY, READ_ONLY, RESOURCE_TYPE = "eventCategory", "readOnly", "resources.type"
MANAGEMENT, DATA, NETWORK = "Management", "Data", "NetworkActivity"
_COMMON = frozenset({CATEGORY, "eventName", "eventSource"})
_CALLER = frozenset({READ_ONLY, "eventType", "sessionCredentialFromConsole", "userIdentity.arn"})
_FIELDS = {
    MANAGEMENT: _COMMON | _CALLER,
    DATA: _COMMON | _CALLER | {RESOURCE_TYPE, "resources.ARN"},
    NETWORK: _COMMON | {"errorCode", "vpcEndpointId"},
}
"""Category -> the fields that its selectors may use."""
_REQUIRED = {MANAGEMENT: None, DATA: RESOURCE_TYPE, NETWORK: "eventSource"}
"""Category -> the other field that its selectors must use, if any."""
_EQUALS_ALONE = frozenset({CATEGORY, READ_ONLY, RESOURCE_TYPE})
"""Fields that take no other operator than Equals."""

Selector = dict[str, Any]


def check(selectors: list[Selector]) -> None:
    """Raises Refusal for a selector that is not valid, and for too many values."""
    values = [
        value
        for selector in selectors
        for condition in selector["FieldSelectors"]
        for name in OPERATORS
        for value in condition.get(name, ())
    ]
    if len(values) > MAX_VALUES:
        raise _invalid(f"A trail can have {MAX_VALUES} values in advanced event selectors at most, not {len(values)}.")
    if not all(1 <= len(value) <= MAX_VALUE for value in values):
        raise _invalid(f"A value must have 1 to {MAX_VALUE} characters.")
    for selector in selectors:
        _check_selector(selector)


def equals(selector: Selector, field: str) -> list[str]:
    """The values that the field must equal one of, or [] if the selector has no such condition."""
    return [
        value
        for condition in selector["FieldSelectors"]
        if condition["Field"] == field
        for value in condition.get("Equals", ())
    ]


def _check_selector(selector: Selector) -> None:
    if len(selector.get("Name", "")) > MAX_NAME:
        raise _invalid(f"A selector's name can have {MAX_NAME} characters at most.")
    categories = equals(selector, CATEGORY)
    if len(categories) != 1 or categories[0] not in _FIELDS:
        raise _invalid(f"Each selector needs {CATEGORY} with Equals and one of: {', '.join(_FIELDS)}.")
    (category,) = categories
    for condition in selector["FieldSelectors"]:
        _check_condition(condition, category)
    fields = {condition["Field"] for condition in selector["FieldSelectors"]}
    needed = _REQUIRED[category]
    if needed is not None and needed not in fields:
        raise _invalid(f"A selector of the category {category} needs {needed}.")


def _check_condition(condition: dict[str, Any], category: str) -> None:
    field = condition["Field"]
    if field not in _FIELDS[category]:
        raise _invalid(f"Field {field} cannot be used with the category {category}.")
    used = [name for name in OPERATORS if condition.get(name)]
    if not used:
        raise _invalid(f"Field {field} has no operator with a value.")
    if field in _EQUALS_ALONE and used != ["Equals"]:
        raise _invalid(f"Field {field} takes Equals alone.")
    if field == READ_ONLY and not set(condition["Equals"]) <= {"true", "false"}:
        raise _invalid(f"Field {field} takes true or false.")


def _invalid(reason: str) -> Refusal:
    return Refusal(Condition.EVENT_SELECTORS, reason=reason)
