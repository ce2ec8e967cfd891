"""Whether an event is notable and why, and whether it reads a secret, by the tables of `notable_rules.py`.

An event can be notable for several reasons: for its call, its caller, or how a sign-in ended. A call that failed is as
notable as one that succeeded: someone tried.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from ctui.model.event.calls.levels import plain_name, service_of
from ctui.model.event.identity import another_account
from ctui.model.event.mfa import Mfa, mfa_of
from ctui.model.event.outcome import failure_of
from ctui.model.event.record import mapping
from ctui.model.values import dataclass

if TYPE_CHECKING:
    from ctui.model.event.calls.notable_rules import CallRule

SIGN_INS = frozenset(["ConsoleLogin", "CredentialVerification", "UserAuthentication"])
"""Events of a sign-in to the console or to IAM Identity Center that say how it ended."""


@dataclass(frozen=True, slots=True)
class NotableReason:
    """One reason why an event is notable."""

    text: str
    """What the event does or is, as it follows "It", such as "creates an access key"."""
    technique: str = ""
    """A technique of MITRE ATT&CK that it can be part of, such as T1098.001; "" if none fits."""

    @property
    def technique_name(self) -> str:
        """The name of the technique; "" if there is none."""
        from ctui.model.event.calls.notable_rules import TECHNIQUES  # noqa: PLC0415 - see below

        return TECHNIQUES.get(self.technique, "")


AS_ROOT = NotableReason("was made by root", "T1078.004")
FROM_ANOTHER_ACCOUNT = NotableReason("was made from another account", "T1199")
FAILED_SIGN_IN = NotableReason("is a failed sign-in", "T1110")
NO_MFA = NotableReason("is a console sign-in without MFA", "T1078.004")


def notable_reasons(record: dict[str, Any], source: str, name: str) -> tuple[NotableReason, ...]:
    """Why an event is notable, its call first; empty if it is not. Never raises, whatever the record contains.

    `record` comes from `record.decode_record`; `source` and `name` are the service's own, or the record's if there are
    none.
    """
    return tuple(_reasons(record, source, name))


def is_notable(record: dict[str, Any], source: str, name: str) -> bool:
    """True if there is a reason. Never raises."""
    return next(_reasons(record, source, name), None) is not None


def reads_secret(record: dict[str, Any], source: str, name: str) -> bool:
    """True for a call whose answer holds a secret, a credential or an object's content. Never raises."""
    return _matching(record, _secret_reads().get(_call(source, name), ())) is not None


def may_read_secret(source: str, name: str) -> bool:
    """False for a call that reads no secret, whatever its record says."""
    return _call(source, name) in _secret_reads()


@lru_cache(maxsize=1024)
def needs_whole_record(source: str, name: str) -> bool:
    """False for a call of which these functions read no more than the head of its record (`head.decode_head`)."""
    if name in SIGN_INS:
        return True
    call = _call(source, name)
    return any(rule.condition for calls in (_notable_calls(), _secret_reads()) for rule in calls.get(call, ()))


def _reasons(record: dict[str, Any], source: str, name: str) -> Iterator[NotableReason]:
    rules = _notable_calls().get(_call(source, name))
    if rules is not None and (rule := _matching(record, rules)) is not None:
        yield NotableReason(rule.reason, rule.technique)
    if name in SIGN_INS:
        if failure_of(record):
            yield FAILED_SIGN_IN
        elif name == "ConsoleLogin" and mfa_of(record) is Mfa.NO:
            yield NO_MFA
    if _used_root(record):
        yield AS_ROOT
    if another_account(record):
        yield FROM_ANOTHER_ACCOUNT


def _used_root(record: dict[str, Any]) -> bool:
    """True if someone used root: not a service on its behalf (CIS AWS Foundations Benchmark, "usage of root")."""
    who = mapping(record.get("userIdentity"))
    return who.get("type") == "Root" and not who.get("invokedBy") and record.get("eventType") != "AwsServiceEvent"


def _matching(record: dict[str, Any], rules: "Iterable[CallRule]") -> "CallRule | None":
    return next((rule for rule in rules if rule.condition is None or rule.condition(record)), None)


@lru_cache(maxsize=1024)
def _call(source: str, name: str) -> tuple[str, str]:
    return service_of(source), plain_name(name)


@cache
def _notable_calls() -> "Mapping[tuple[str, str], tuple[CallRule, ...]]":
    # The first frame needs none of the tables.
    from ctui.model.event.calls.notable_rules import NOTABLE_CALLS  # noqa: PLC0415

    return _by_call(NOTABLE_CALLS)


@cache
def _secret_reads() -> "Mapping[tuple[str, str], tuple[CallRule, ...]]":
    from ctui.model.event.calls.notable_rules import SECRET_READS  # noqa: PLC0415

    return _by_call(SECRET_READS)


def _by_call(rules: "Iterable[CallRule]") -> "Mapping[tuple[str, str], tuple[CallRule, ...]]":
    found: dict[tuple[str, str], tuple[CallRule, ...]] = {}
    for rule in rules:
        for name in rule.calls.split():
            call = (rule.service, name)
            found[call] = (*found.get(call, ()), rule)
    return found
