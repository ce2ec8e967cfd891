"""How an event is known."""

import hashlib

import pytest

from ctui.model.connection import Scope
from ctui.model.event.event import HASHED_ID_PREFIX, event_id_of
from ctui.model.trail.trail import Trail


@pytest.mark.parametrize("given", [None, ""])
def test_an_event_without_id_is_known_by_its_record(given: str | None) -> None:
    digest = hashlib.sha256(b'{"a": 1}').hexdigest()
    assert event_id_of(given, '{"a": 1}') == HASHED_ID_PREFIX + digest


def test_the_services_own_id_is_kept_whatever_it_looks_like() -> None:
    assert event_id_of("no-uuid", "{}") == "no-uuid"


def test_records_that_utf_8_cannot_carry_are_told_apart_too() -> None:
    assert event_id_of(None, "\ud800") != event_id_of(None, "\ud801")


def test_a_scope_is_provisional_until_the_account_is_known() -> None:
    assert Scope("aws", "?demo", "eu-west-1").provisional
    assert not Scope("aws", "111111111111", "eu-west-1").provisional


@pytest.mark.parametrize(
    ("home", "shadow"), [("eu-west-1", False), ("us-east-1", True), (None, False)], ids=["home", "elsewhere", "unsaid"]
)
def test_a_trail_seen_away_from_home_is_a_shadow(home: str | None, shadow: bool) -> None:
    assert Trail("t", home_region=home).is_shadow_in("eu-west-1") is shadow


def test_a_trail_is_known_by_arn_or_where_the_service_gave_none_by_name() -> None:
    assert Trail("t", arn="arn:aws:cloudtrail:eu-west-1:1:trail/t").key == "arn:aws:cloudtrail:eu-west-1:1:trail/t"
    assert Trail("t").key == "t"
