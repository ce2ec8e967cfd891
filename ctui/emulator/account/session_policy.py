"""Session policies: what a caller of AssumeRole lets the new session do at most.

Of the policy language there is Effect, Action, NotAction and Resource. What is not here is refused, not ignored: a
policy with a Condition would otherwise allow more than it says.
"""

import re
from functools import lru_cache
from typing import Any

import msgspec

_PARTS = {"Sid", "Effect", "Action", "NotAction", "Resource"}
_SERVICE_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")


@lru_cache(maxsize=64)
def statements(policy: str) -> tuple[dict[str, Any], ...]:
    """The statements of a policy document. Raises ValueError with the reason if it is none, or cannot be enforced."""
    try:
        document = msgspec.json.decode(policy)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError("This policy contains invalid Json") from None
    if not isinstance(document, dict) or document.get("Version") not in ("2012-10-17", "2008-10-17"):
        raise ValueError("The policy must contain a valid version string.")
    listed = document.get("Statement")
    listed = [listed] if isinstance(listed, dict) else listed
    if not isinstance(listed, list) or not listed:
        raise ValueError("Policy document must have a statement.")
    return tuple(_checked(statement) for statement in listed)


def allows(policy: str, action: str) -> bool:
    """True if a policy allows an action such as "cloudtrail:LookupEvents": a statement allows it, and none denies it.

    A statement that allows certain resources alone does not count: the calls of the emulator name none, or "*".
    """
    effects = {one["Effect"] for one in statements(policy) if _about(one, action) and _counts(one)}
    return "Allow" in effects and "Deny" not in effects


def _counts(statement: dict[str, Any]) -> bool:
    return statement["Effect"] == "Deny" or "*" in _texts(statement.get("Resource"))


def _about(statement: dict[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not any(_matches(pattern, action) for pattern in _texts(statement["NotAction"]))
    return any(_matches(pattern, action) for pattern in _texts(statement["Action"]))


def _matches(pattern: str, action: str) -> bool:
    """True if an action is what a pattern with * and ? says. Names of actions have no case."""
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(escaped, action, re.IGNORECASE) is not None


def _checked(statement: object) -> dict[str, Any]:
    if not isinstance(statement, dict):
        raise ValueError("Syntax errors in policy.")
    for part in statement.keys() - _PARTS:
        raise ValueError(f"The emulator cannot enforce {part} in a session policy.")
    if statement.get("Effect") not in ("Allow", "Deny") or ("Action" in statement) == ("NotAction" in statement):
        raise ValueError("Syntax errors in policy.")
    actions = _texts(statement.get("Action", statement.get("NotAction")))
    if not actions or not _texts(statement.get("Resource")):
        raise ValueError("Syntax errors in policy.")
    for action in actions:
        if not _SERVICE_ACTION.fullmatch(action):
            raise ValueError(f"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: {action}")
    return statement


def _texts(value: object) -> list[str]:
    """A text as a list of one, a list of texts as it is, and nothing for anything else."""
    listed = [value] if isinstance(value, str) else value
    return listed if isinstance(listed, list) and all(isinstance(each, str) for each in listed) else []
