"""What a trace looks up: few seconds where the record says when, values that AWS takes, ranges that can be read."""

import random
from dataclasses import replace

import pytest
from support.examples import examples
from support.session_records import START, role, user

from ctui.model.event.credentials import CredentialKind, Credentials, credentials_of
from ctui.model.lookup.lookup import AttributeKey
from ctui.model.trace.searches import search_around, search_for_calls, searches_for_issuer

ROLE = credentials_of({"userIdentity": role("admin", "bob", "ASIAADMIN", START)}, "bob")
KEY = credentials_of({"userIdentity": user("bob", "AKIABOB")}, "bob")
LATER = START + 40 * 3600
"""After the longest session."""


def sought(credentials: Credentials) -> list[tuple[str, int | None, int]]:
    """(value, first and last second after START) of each lookup for the issuer."""
    return [
        (one.attribute.value, None if one.first is None else one.first - START, one.last - START)
        for one in searches_for_issuer(credentials, START + 3000)
    ]


def changed(credentials: Credentials, **changes: object) -> Credentials:
    return replace(credentials, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        (ROLE, [("ASIAADMIN", -60, 60), ("AssumeRole", -60, 60)]),
        (changed(ROLE, began=None), [("ASIAADMIN", -40200, 3000), ("AssumeRole", -40200, 3000)]),
        (changed(ROLE, provider="idp"), [("ASIAADMIN", -60, 60), ("AssumeRoleWithWebIdentity", -60, 60)]),
        (changed(ROLE, role="AWSReservedSSO_X_1"), [("ASIAADMIN", -60, 60), ("AssumeRoleWithSAML", -60, 60)]),
        (changed(ROLE, key=""), [("AssumeRole", -60, 60)]),
        (
            changed(ROLE, console=True),
            [("ASIAADMIN", -60, 60), ("AssumeRole", -60, 60), ("SwitchRole", -60, 60), ("ConsoleLogin", -600, 600)],
        ),
        (KEY, [("AKIABOB", None, 3000)]),
        (
            changed(ROLE, kind=CredentialKind.USER_SESSION),
            [
                ("ASIAADMIN", -60, 60), ("ConsoleLogin", -600, 600), ("GetSessionToken", -60, 60),
                ("CreateOAuth2Token", -60, 60),
            ],
        ),
        (changed(ROLE, kind=CredentialKind.FEDERATED), [("ASIAADMIN", -60, 60), ("GetFederationToken", -60, 60)]),
        (changed(ROLE, kind=CredentialKind.SAML), [("sso.amazonaws.com", 2400, 3060)]),
        (changed(ROLE, kind=CredentialKind.SERVICE), []),
        (changed(ROLE, kind=CredentialKind.PERSON), []),
        (changed(ROLE, key="x" * 2001), [("AssumeRole", -60, 60)]),
    ],
)  # fmt: skip
def test_the_lookups_for_an_issuer(credentials: Credentials, expected: list[tuple[str, int | None, int]]) -> None:
    assert sought(credentials) == expected


@pytest.mark.parametrize(
    ("credentials", "now", "expected"),
    [
        (ROLE, LATER, (AttributeKey.ACCESS_KEY_ID, "ASIAADMIN", START, START + 12 * 3600)),
        (ROLE, START + 90, (AttributeKey.ACCESS_KEY_ID, "ASIAADMIN", START, START + 90)),
        (KEY, LATER, (AttributeKey.ACCESS_KEY_ID, "AKIABOB", None, LATER)),
        (changed(ROLE, console=True), LATER, (AttributeKey.USERNAME, "bob", START, START + 12 * 3600)),
        (
            changed(ROLE, kind=CredentialKind.FEDERATED), LATER,
            (AttributeKey.ACCESS_KEY_ID, "ASIAADMIN", START, START + 36 * 3600),
        ),
    ],
)  # fmt: skip
def test_the_lookup_for_what_was_done(credentials: Credentials, now: int, expected: tuple[object, ...]) -> None:
    search = search_for_calls(credentials, START, now)
    assert search is not None
    assert (search.attribute.key, search.attribute.value, search.first, search.last) == expected


def test_what_nobody_can_look_up_is_not_looked_up() -> None:
    assert search_for_calls(changed(ROLE, kind=CredentialKind.SERVICE), START, LATER) is None
    assert search_for_calls(ROLE, START, START - 1) is None
    assert search_for_calls(changed(ROLE, key="", name="", username=""), START, LATER) is None


def test_whatever_a_record_says_of_time_the_range_can_be_read() -> None:
    dice = random.Random(3)
    ends = (0, 1, 59, START, 253402300799, 253402300740)
    for _ in range(examples(300)):
        began, at = dice.choice((None, *ends)), dice.choice(ends)
        kind = dice.choice(list(CredentialKind))
        used = changed(ROLE, kind=kind, began=began, console=dice.random() < 0.5, sign_in_session="x")
        searches = [*searches_for_issuer(used, at), search_around("AssumeRole", at)]
        calls = search_for_calls(used, at, dice.choice(ends))
        for search in (*searches, *(() if calls is None else (calls,))):
            assert search.lookup.timespan.text.count("..") == 1
            assert search.first is None or search.first <= search.last
