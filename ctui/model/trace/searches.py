"""What to look up for a trace: the lookups that may find who issued credentials, and what was done with them."""

from datetime import UTC, datetime
from typing import Final

from ctui.model.event.credentials import TEMPORARY, CredentialKind, Credentials
from ctui.model.event.issuer import SIGN_IN_SECONDS, behind_identity_center
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import Timespan, parse_timespan
from ctui.model.values import dataclass

AROUND_SECONDS: Final = 60
"""How far from the second in which a session began its issuing event is looked for."""
LONGEST_SESSION: Final = 36 * 3600
"""How long temporary credentials live at most (GetSessionToken and GetFederationToken); a role's live 12 hours."""
LONGEST_ROLE_SESSION: Final = 12 * 3600
_LAST_SECOND: Final = 253402300799
"""The last second of the year 9999."""


@dataclass(frozen=True, slots=True)
class Search:
    """One lookup of a trace: an attribute over seconds, both inclusive; `first` None for all of history."""

    attribute: LookupAttribute
    first: int | None
    last: int

    @property
    def timespan(self) -> Timespan:
        """Its range, as a filter line writes it."""
        return parse_timespan(f"{'' if self.first is None else _instant(self.first)}..{_instant(self.last)}")

    @property
    def lookup(self) -> Lookup:
        """The lookup that asks for it."""
        return Lookup(self.timespan, self.attribute)


def searches_for_issuer(used: Credentials, at: int) -> tuple[Search, ...]:
    """Lookups for the event that issued credentials which were used at an epoch second, the cheapest and surest first.

    The service lists a key among the resources of the event that issued it, as public answers to lookups of AssumeRole
    show, though its documentation does not say so: the event is looked for by its name as well. A session began in the
    second of that event, so little time is looked at if the record says when that was; else the longest that
    credentials live.
    """
    if used.kind is CredentialKind.USER_KEY:
        return _searches(AttributeKey.RESOURCE_NAME, (used.key,), None, at)
    if used.kind is CredentialKind.SAML:
        return _searches(AttributeKey.EVENT_SOURCE, ("sso.amazonaws.com",), at - SIGN_IN_SECONDS, at + AROUND_SECONDS)
    if used.kind not in TEMPORARY:
        return ()
    if used.began is None:
        first, last = at - (LONGEST_ROLE_SESSION if used.kind is CredentialKind.ROLE else LONGEST_SESSION), at
    else:
        first, last = used.began - AROUND_SECONDS, used.began + AROUND_SECONDS
    began = used.began if used.began is not None else at
    sign_in = (began - SIGN_IN_SECONDS, began + SIGN_IN_SECONDS)
    searches = _searches(AttributeKey.RESOURCE_NAME, (used.key,), first, last)
    if used.sign_in_session:
        searches += _searches(AttributeKey.EVENT_NAME, ("CreateOAuth2Token",), first, max(last, sign_in[1]))
    if used.kind is CredentialKind.USER_SESSION:
        searches += _searches(AttributeKey.EVENT_NAME, ("ConsoleLogin",), *sign_in)
        return (
            searches
            if used.console
            else searches + _searches(AttributeKey.EVENT_NAME, ("GetSessionToken", "CreateOAuth2Token"), first, last)
        )
    searches += _searches(AttributeKey.EVENT_NAME, _issuers_of(used), first, last)
    if used.console:
        searches += _searches(AttributeKey.EVENT_NAME, ("SwitchRole",), first, last)
        searches += _searches(AttributeKey.EVENT_NAME, ("ConsoleLogin",), *sign_in)
    return searches


def search_around(name: str, at: int) -> Search:
    """The lookup for events of a name about an epoch second. Raises ValueError for a name that cannot be looked up."""
    return _search(LookupAttribute(AttributeKey.EVENT_NAME, name), at - AROUND_SECONDS, at + AROUND_SECONDS)


def search_for_calls(used: Credentials, at: int, now: int) -> Search | None:
    """The lookup for what credentials did that were seen at an epoch second; None if the service cannot select it.

    The console uses several keys for one session, so its calls are those of its user. `now` is where it ends at most.
    """
    if used.kind is CredentialKind.USER_KEY:
        first, last = used.began, now
    else:
        first = used.began if used.began is not None else max(0, at - LONGEST_SESSION)
        last = min(now, first + (LONGEST_ROLE_SESSION if used.kind is CredentialKind.ROLE else LONGEST_SESSION))
    if used.kind not in (*TEMPORARY, CredentialKind.USER_KEY) or last < (first or 0):
        return None
    if used.key and not (used.console and used.username):
        found = _searches(AttributeKey.ACCESS_KEY_ID, (used.key,), first, last)
    else:
        found = _searches(AttributeKey.USERNAME, (used.username or used.name,), first, last)
    return found[0] if found else None


def search_up_to(search: Search, at: int) -> Search:
    """The same lookup for half a day up to an epoch second."""
    first = max(search.first or 0, at - LONGEST_ROLE_SESSION)
    return _search(search.attribute, first, at)


def _issuers_of(used: Credentials) -> tuple[str, ...]:
    if used.kind is CredentialKind.FEDERATED:
        return ("GetFederationToken",)
    if behind_identity_center(used) or "saml-provider/" in used.provider:
        return ("AssumeRoleWithSAML",)
    return ("AssumeRoleWithWebIdentity",) if used.provider else ("AssumeRole",)


def _searches(key: AttributeKey, values: tuple[str, ...], first: int | None, last: int) -> tuple[Search, ...]:
    searches = []
    for value in values:
        try:
            searches.append(_search(LookupAttribute(key, value), first, last))
        except ValueError:
            # The record holds no value that the service could look for.
            continue
    return tuple(searches)


def _search(attribute: LookupAttribute, first: int | None, last: int) -> Search:
    """Over seconds that a range can name: what a record says of time can be anything."""
    last = min(max(0, last), _LAST_SECOND)
    return Search(attribute, None if first is None else min(max(0, first), last), last)


def _instant(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"
