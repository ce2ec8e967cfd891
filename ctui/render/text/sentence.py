"""An event as a sentence: who did what to what, from where, with which tool."""

import re
from typing import Any

from ctui.model.event.event import Event
from ctui.model.event.names import AMAZON
from ctui.model.event.origin import origin_of
from ctui.model.event.summary import Summary
from ctui.render.roles import Line, Role, Span
from ctui.render.text.names import service, short_error, short_name
from ctui.render.text.record_text import decoded
from ctui.render.text.spans import clean

_VERBS = {
    "Accept": "accepted", "Activate": "activated", "Add": "added", "Allocate": "allocated", "Apply": "applied",
    "Associate": "associated", "Assume": "assumed", "Attach": "attached", "Authorize": "authorized",
    "Cancel": "cancelled", "Change": "changed", "Copy": "copied", "Create": "created", "Deactivate": "deactivated",
    "Delete": "deleted", "Deregister": "deregistered", "Describe": "described", "Detach": "detached",
    "Disable": "disabled", "Disassociate": "disassociated", "Enable": "enabled", "Export": "exported",
    "Generate": "generated", "Get": "read", "Import": "imported", "Invoke": "invoked", "Leave": "left",
    "List": "listed", "Lookup": "looked up", "Modify": "modified", "Publish": "published", "Put": "set",
    "Reboot": "rebooted", "Register": "registered", "Reject": "rejected", "Release": "released", "Remove": "removed",
    "Replace": "replaced", "Reset": "reset", "Restore": "restored", "Revoke": "revoked", "Rotate": "rotated",
    "Run": "ran", "Schedule": "scheduled", "Send": "sent", "Set": "set", "Share": "shared", "Start": "started",
    "Stop": "stopped", "Subscribe": "subscribed", "Tag": "tagged", "Terminate": "terminated",
    "Unsubscribe": "unsubscribed", "Untag": "untagged", "Update": "updated",
}  # fmt: skip
"""The first word of an event name, as the sentence says it."""
_BASE = {"Get": "read", "Put": "set", "Lookup": "look up"}
"""The form after "tried to", if it is not the word itself."""

_WHOLE = {
    "StartLogging": ("started", "start", "trail"),
    "StopLogging": ("stopped", "stop", "trail"),
    "ConsoleLogin": ("signed in to the console", "sign in to the console", ""),
    "GetCallerIdentity": ("looked up its own identity", "look up its own identity", ""),
    "SwitchRole": ("switched role in the console", "switch role in the console", ""),
    "CheckMfa": ("passed the MFA check", "pass the MFA check", ""),
    "CredentialChallenge": ("was asked for a credential", "answer the request for a credential", ""),
    "CredentialVerification": ("verified a credential", "verify a credential", ""),
    "UserAuthentication": ("signed in through Identity Center", "sign in through Identity Center", ""),
}
"""Event names that do not say what was done: (done, tried to, the thing)."""

_KINDS = {
    "IAMUser": "IAM user", "AWSService": "AWS service", "AWSAccount": "another account", "FederatedUser": "federated",
    "SAMLUser": "SAML", "WebIdentityUser": "web identity", "IdentityCenterUser": "Identity Center",
    "Directory": "directory user",
}  # fmt: skip
"""userIdentity.type in words; a role is named instead, and root names itself."""

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_API_VERSION = re.compile(r"[0-9]{8}(v[0-9])?$")


def sentence(event: Event, summary: Summary) -> Line:
    """ "mallory (IAM user) stopped trail legacy from 203.0.113.9 with the AWS CLI"; plainer if less is known.

    For a call that failed, the sentence says what was tried, with the error behind a colon. Recorded text is cleaned.
    """
    if event.unreadable and not (event.record or summary.name):
        return (("This event could not be read", Role.WARNING),)
    record = decoded(event.record)
    if summary.insight is not None:
        from ctui.render.text.insights import unusual  # noqa: PLC0415 - there are none of these on most screens

        return unusual(summary, summary.insight)
    if summary.aggregate is not None:
        from ctui.render.text.aggregates import happened  # noqa: PLC0415 - as above

        return happened(summary, summary.aggregate)
    failed = bool(summary.error)
    spans: list[Span] = [*_who(record, summary), (" ", Role.PLAIN), *_did(summary, failed)]
    spans += _from(record, summary)
    tool = origin_of(record).tool
    # A sign-in to the console is made with it.
    if tool and not tool.endswith(AMAZON) and not any(tool in text for text, _ in spans):
        spans.append((f" with {tool}", Role.PLAIN))
    if failed:
        spans += [(": ", Role.PLAIN), *clean(short_error(summary.error), Role.ERROR)]
    return tuple(spans)


def identity_kind(record: dict[str, Any]) -> str:
    """What kind of identity acted, in words, such as "IAM user"; "" for a role, and if the record does not say."""
    identity = record.get("userIdentity")
    return _KINDS.get(str(identity.get("type")), "") if isinstance(identity, dict) else ""


def _who(record: dict[str, Any], summary: Summary) -> Line:
    name = clean(service(summary.user) or "someone", Role.USER)
    kind = identity_kind(record)
    if summary.role:
        return (*name, (" (role ", Role.DIM), *clean(summary.role, Role.DIM), (")", Role.DIM))
    return (*name, (f" ({kind})", Role.DIM)) if kind and not summary.root else name


def _did(summary: Summary, failed: bool) -> Line:
    name = summary.name
    target = clean(short_name(summary.resource), Role.STRONG)
    if name in _WHOLE:
        done, tried, thing = _WHOLE[name]
        words = _tell(done, tried, failed)
        if not thing:
            return words
        return (*words, (f" {thing} ", Role.PLAIN), *target) if target else (*words, (f" a {thing}", Role.PLAIN))
    parts = _WORDS.findall(_API_VERSION.sub("", name))
    if "".join(parts) != _API_VERSION.sub("", name) or len(parts) < 2 or parts[0] not in _VERBS:
        spans: Line = (
            (("tried to call " if failed else "called "), Role.PLAIN),
            *clean(name or "something", Role.EVENT),
        )
        return (*spans, (" on ", Role.PLAIN), *target) if target else spans
    verb, things = parts[0], [part if len(part) > 1 and part.isupper() else part.lower() for part in parts[1:]]
    words = _tell(_VERBS[verb], _BASE.get(verb, verb.lower()), failed)
    spans = (*words, (" " + " ".join(things), Role.PLAIN))
    if not target:
        return spans
    return (*spans, (" " if len(things) == 1 else " on ", Role.PLAIN), *target)


def _tell(done: str, tried: str, failed: bool) -> Line:
    return ((f"tried to {tried}" if failed else done, Role.EVENT),)


def _from(record: dict[str, Any], summary: Summary) -> Line:
    address = record.get("sourceIPAddress")
    if not isinstance(address, str) or not address or address == summary.user:
        return ()
    if address in ("AWS Internal", "AWS internal"):
        return ((" from inside AWS", Role.PLAIN),)
    how = " through " if service(address) != address else " from "
    return ((how, Role.PLAIN), *clean(service(address), Role.STRONG))
