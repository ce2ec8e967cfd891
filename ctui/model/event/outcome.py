"""Whether a recorded call or sign-in failed, read from its record by one table of rules.

CloudTrail has no single element for this. API calls have errorCode and errorMessage ("record contents" in the user
guide). Sign-ins and service events have no errorCode: their outcome is a value under the event's own name, for a
console sign-in in `responseElements` ("AWS Management Console sign-in events"), for IAM Identity Center in
`serviceEventDetails` (its user guide, "AWS access portal sign-in events"). Others record a state (Organizations,
Control Tower) or an HTTP status (Cognito's hosted UI).

Only the paths in the table count: texts such as "Failure" also occur in lists of possible outcomes.
"""

from collections.abc import Callable
from typing import Any, Final

from ctui.model.event.record import mapping, text
from ctui.model.values import dataclass

OWN: Final = "\0own"
"""In a rule's path: the key that is the event's own name."""
OWN_STATUS: Final = "\0own status"
"""In a rule's path: the event's own name with a lowercase first letter, followed by `Status`."""


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """A path in a record at which a failure is recorded."""

    path: tuple[str, ...]
    """Keys, from the top of the record."""
    mark: str
    """Text that is in the JSON of each record in which this rule finds a failure, unless the JSON uses escapes."""
    fails: Callable[[str], bool] = bool
    """True if the value at the path means failure; by default any value does."""


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
"""Every path at which a failure is recorded, the most specific first."""

MARKS: Final = tuple(dict.fromkeys(rule.mark for rule in RULES))
"""A record whose JSON uses no escapes and contains none of these has not failed."""

DENIALS: Final = ("AccessDenied", "Unauthorized", "NotAuthorized", "AuthorizationError", "Forbidden")
"""A part of each error code of a call that the caller was not allowed to make, ignoring case.

AccessDenied and AccessDeniedException are what most services send, Client.UnauthorizedOperation is EC2's,
VpceAccessDenied that of a VPC endpoint's policy, KMSAccessDeniedFault DMS's, UnauthorizedException IoT's,
NotAuthorizedException Cognito's, AuthorizationError SNS's, ForbiddenException that of MSK. Sources: "Common errors" in
the services' API references, "Error codes" in EC2's, and Security Hub's control CloudWatch.2 (unauthorized API calls).
Bad credentials (InvalidClientTokenId, AuthFailure) are another thing.
"""


def denied(code: str) -> bool:
    """True for the error code of a call that the caller was not allowed to make."""
    folded = code.casefold()
    return any(part.casefold() in folded for part in DENIALS)


def failure_of_call(record: dict[str, Any]) -> str:
    """Why an API call failed, by the elements that it alone has; "" if they do not say so. The first of the rules."""
    return text(record.get("errorCode")) or text(record.get("errorMessage"))


def failure_of(record: dict[str, Any]) -> str:
    """Why the recorded call failed, as recorded, such as AccessDenied or Failure; "" if it succeeded.

    `record` comes from `record.decode_record`. Never raises, whatever it contains.
    """
    own = text(record.get("eventName"))
    return next((value for rule in RULES if rule.fails(value := _value_at(record, rule.path, own))), "")


def _value_at(record: dict[str, Any], path: tuple[str, ...], own: str) -> str:
    """The text at a path; "" if there is none."""
    value: object = record
    for step in path:
        key = own if step == OWN else f"{own[:1].lower()}{own[1:]}Status" if step == OWN_STATUS else step
        value = mapping(value).get(key)
    return text(value)
