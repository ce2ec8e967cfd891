"""How a recorded call or sign-in ended, read from its record by one table of rules.

CloudTrail has no single element for it. API calls carry errorCode and errorMessage ("record contents" of the user
guide). Sign-ins and service events carry no errorCode: they tell their outcome under their own name, a console
sign-in in `responseElements` ("AWS Management Console sign-in events"), one of IAM Identity Center in
`serviceEventDetails` (its user guide, "AWS access portal sign-in events"). Others tell a state (Organizations,
Control Tower) or the status that their page answered with (Cognito's hosted UI).

A failure counts only where a rule names its place: texts such as "Failure" also occur in lists of what could happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from ctui.model.event.record import mapping, text

OWN: Final = "\0own"
"""In a rule's path: the key that is the event's own name."""
OWN_STATUS: Final = "\0own status"
"""In a rule's path: the event's own name with a small first letter and `Status` behind it."""


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """One place of a record that can tell that the call failed."""

    path: tuple[str, ...]
    """Keys from the top of the record."""
    mark: str
    """What the JSON text of a record holds wherever this rule finds a failure in it, unless it escapes something."""
    fails: Callable[[str], bool] = bool
    """Whether this value there is a failure; without more, any value is."""


def _failure(value: str) -> bool:
    return value == "Failure"


def _failed_state(value: str) -> bool:
    return value == "FAILED"


def _http_error(value: str) -> bool:
    """True for a status such as 400 or 502.0."""
    return value[:1] in ("4", "5") and value[1:3].isdecimal() and value[3:] in ("", ".0")


RULES: Final = (
    OutcomeRule(("errorCode",), '"error'),
    OutcomeRule(("errorMessage",), '"error'),
    OutcomeRule(("responseElements", OWN), "Failure", _failure),
    # Templates and trimmed records can lack the event's name.
    OutcomeRule(("responseElements", "ConsoleLogin"), "Failure", _failure),
    OutcomeRule(("serviceEventDetails", OWN), "Failure", _failure),
    OutcomeRule(("additionalEventData", OWN), "Failure", _failure),
    OutcomeRule(("serviceEventDetails", OWN_STATUS, "state"), '"FAILED"', _failed_state),
    # CreateAccount, and the CreateAccountResult that follows it.
    OutcomeRule(("responseElements", "createAccountStatus", "state"), '"FAILED"', _failed_state),
    OutcomeRule(("serviceEventDetails", "createAccountStatus", "state"), '"FAILED"', _failed_state),
    OutcomeRule(("additionalEventData", "responseParameters", "status"), '"responseParameters"', _http_error),
)
"""Every place a failure is read from, the most telling first."""

MARKS: Final = tuple(dict.fromkeys(rule.mark for rule in RULES))
"""A record whose JSON text escapes nothing and holds none of these has not failed."""


def failure_of(record: dict[str, Any]) -> str:
    """Why the recorded call failed, in the record's words, such as AccessDenied or Failure; "" where it went through.

    `record` is decoded by `record.decoded`. Never raises, whatever it holds.
    """
    own = text(record.get("eventName"))
    return next((value for rule in RULES if rule.fails(value := _value_at(record, rule.path, own))), "")


def _value_at(record: dict[str, Any], path: tuple[str, ...], own: str) -> str:
    """The text at a path; "" where there is none."""
    value: object = record
    for step in path:
        key = own if step == OWN else f"{own[:1].lower()}{own[1:]}Status" if step == OWN_STATUS else step
        value = mapping(value).get(key)
    return text(value)
