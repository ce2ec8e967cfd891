"""The actions: their keys, and why they are off."""

from collections import Counter
from dataclasses import fields, replace
from typing import Any

import pytest

from ctui.ui.actions.registry import ACTIONS, ActionContext, action, footer_actions, in_pane, line_actions, on_enter
from ctui.ui.panes import Pane

READY = ActionContext(connected=True, rows=3, event_selected=True, more=True)


def test_every_action_has_its_own_id_and_keys_and_says_what_it_does() -> None:
    ids = Counter(each.id for each in ACTIONS)
    keys = Counter((key, pane) for each in ACTIONS for key in each.keys for pane in each.panes or (None,))
    assert [each for each, count in ids.items() if count > 1] == [], "taken by another action"
    assert [key for key, count in keys.items() if count > 1] == [], "taken by another action"
    for each in ACTIONS:
        assert each.title
        assert each.help.endswith(".")
        assert each.group
        assert each.label or each.palette
        assert each.label or not each.keys


def test_keys_that_mean_another_thing_in_another_pane_are_shared_whole() -> None:
    for each in ACTIONS:
        for other in ACTIONS:
            assert not set(each.keys) & set(other.keys) or each.keys == other.keys
            for pane in set(each.panes) if each.keys == other.keys and each.keys else ():
                assert in_pane(other.id, pane) is each
    assert in_pane("new-trail", Pane.TRAILS).id == "new-trail"
    assert in_pane("copy", Pane.TRAILS).id == "copy-trail"
    assert in_pane("copy-trail", Pane.DETAIL).id == "copy"
    assert in_pane("refresh", Pane.TRAILS).id == "refresh"


@pytest.mark.parametrize(
    ("keys", "action_id"),
    [
        ("1", "trails"), ("2", "status"), ("3", "events"), ("4", "detail"), ("tab", "next-pane"),
        ("shift+tab", "previous-pane"), ("j down", "down"), ("k up", "up"), ("g home", "first"), ("G end", "last"),
        ("ctrl+d", "half-down"), ("ctrl+u", "half-up"), ("pageup", "page-up"), ("pagedown", "page-down"),
        ("enter", "open"), ("c", "copy"), ("r", "refresh"), ("t", "time-range"), ("m", "next-page"),
        ("M", "everything"), ("R", "ask-again"),
        ("question_mark f1", "help"), ("ctrl+p", "palette"), ("q", "quit"), ("escape", "back"),
    ],
)  # fmt: skip
def test_the_keys_that_were_promised(keys: str, action_id: str) -> None:
    assert set(action(action_id).keys) == set(keys.split())


def test_a_line_that_cannot_be_read_offers_all_but_to_ask() -> None:
    assert [each.label for each in line_actions()] == ["enter", "tab", "↑ ↓", "ctrl+l", "esc"]
    assert line_actions(readable=False) == line_actions()[1:]


FILES = replace(READY, files_alone=True, trail_selected=True, trails=1, trail_logging=True)


def test_what_log_files_do_not_have_says_so_in_words() -> None:
    assert {each.why_off(FILES) for each in ACTIONS if each.panes == (Pane.TRAILS, Pane.STATUS)} == {
        "log files have no trails"
    }
    for action_id, words in (
        ("follow", "log files do not follow AWS; r look for new files"),
        ("log-in", "log files need no login"),
        ("one-region", "log files alone: nothing is asked of AWS"),
        ("own-calls", "log files do not say who you are: no own call is hidden"),
    ):
        assert action(action_id).why_off(FILES) == words
    for action_id in ("filter", "trace", "export", "mark", "pivot", "refresh", "scopes", "shape", "everything"):
        assert action(action_id).why_off(FILES) is None


@pytest.mark.parametrize("pane", list(Pane))
def test_the_footer_over_log_files_leaves_out_what_they_do_not_have(pane: Pane) -> None:
    shown = footer_actions(pane, files_alone=True)
    assert "help" in [each.id for each in shown]
    assert not [each.id for each in shown if each.why_off(FILES) == "log files have no trails"]
    assert "follow" not in [each.id for each in shown]


def test_an_unknown_action_is_an_error() -> None:
    with pytest.raises(KeyError):
        action("fly")


@pytest.mark.parametrize(
    ("action_id", "changed", "why"),
    [
        ("copy", {}, None),
        ("copy", {"event_selected": False}, "no event selected"),
        ("copy", {"event_selected": False, "rows": 0}, "no events loaded"),
        (
            "copy",
            {"event_selected": False, "rows": 0, "filter_empty": False, "loaded": 9},
            "no event matches the filter",
        ),
        (
            "copy",
            {"event_selected": False, "rows": 0, "filter_empty": False, "loaded": 9, "searching": True},
            "searching loaded events",
        ),
        ("copy", {"event_selected": False, "rows": 0, "filter_empty": False}, "no events loaded"),
        ("open", {"event_selected": False}, "no event selected"),
        ("open", {"event_selected": False, "detail_open": True}, None),
        ("ask-again", {"unconfirmed": True}, "the account of the stored events is not confirmed"),
        ("next-page", {}, None),
        ("next-page", {"more": False}, "the whole range is loaded"),
        (
            "next-page",
            {"more": False, "files_alone": True},
            "all that is indexed is loaded; A shows what is not read",
        ),
        ("next-page", {"more": True, "files_alone": True}, None),
        ("next-page", {"loading": True}, "already loading the next page"),
        ("next-page", {"more": False, "load_failed": True}, None),
        ("everything", {"loading": True}, None),
        ("everything", {"loading_all": True}, "already loading the whole range; esc stop"),
        ("everything", {"connected": False, "connecting": True}, None),
        ("everything", {"connected": False, "failed": True, "more": False}, None),
        (
            "everything",
            {"connected": False, "connecting": True, "loading_all": True},
            "the whole range loads once connected; esc cancel",
        ),
        ("next-page", {"connected": False}, None),
        ("ask", {"connected": False, "failed": True}, None),
        ("every-field", {"trail_selected": True, "connected": False, "failed": True}, None),
        ("every-field", {}, "no trails; n new trail"),
        ("every-field", {"connected": False, "failed": True}, "no connection; r retry"),
        ("trail-regions", {}, "no trails; n new trail"),
        ("trail-regions", {"connected": False, "failed": True}, "no connection; r retry"),
        ("trail-regions", {"trail_selected": True}, "this trail records in its home Region only"),
        ("trail-regions", {"trail_selected": True, "trail_multi_region": True}, None),
        ("follow", {}, None),
        ("follow", {"connected": False, "failed": True}, "no connection; r retry"),
        ("follow", {"connected": False, "failed": True, "following": True}, None),
        ("follow-trail", {}, "no trails; n new trail"),
        ("follow-trail", {"trail_selected": True}, None),
        ("follow-trail", {"trail_selected": True, "connected": False, "failed": True}, "no connection; r retry"),
        ("around-error", {"trail_selected": True}, "the trail's status is loading"),
        (
            "around-error",
            {"trail_selected": True, "trail_status_answered": True},
            "no delivery of this trail failed at a known time",
        ),
        ("around-error", {"trail_selected": True, "delivery_failed": True}, None),
        ("ask-again", {}, None),
        ("ask-again", {"connecting": True}, "connecting"),
        ("ask-again", {"connected": False, "failed": True}, "no connection; r retry"),
        ("refresh", {}, None),
        ("refresh", {"connected": False, "failed": True}, None),
        ("refresh", {"connecting": True}, "connecting"),
    ],
)
def test_an_action_that_is_off_says_why(action_id: str, changed: dict[str, Any], why: str | None) -> None:
    now = ActionContext(**{each.name: getattr(READY, each.name) for each in fields(READY)} | changed)
    assert action(action_id).disabled_reason(now) == why


def test_moving_leaving_and_help_are_never_off() -> None:
    for each in ACTIONS:
        if each.group == "Move" or each.id in ("quit", "help", "palette", "back"):
            assert each.disabled_reason(ActionContext()) is None


@pytest.mark.parametrize("pane", list(Pane))
def test_every_pane_has_a_footer_that_begins_with_what_it_is_for(pane: Pane) -> None:
    shown = [each.id for each in footer_actions(pane)]
    assert shown[-1] == "quit"
    assert "help" in shown
    assert ("copy" in shown) == (pane in (Pane.EVENTS, Pane.DETAIL))


@pytest.mark.parametrize(
    ("pane", "does"),
    [
        (Pane.TRAILS, "status"),
        (Pane.STATUS, "every-field"),
        (Pane.EVENTS, "open"),
        (Pane.DETAIL, "value"),
        (Pane.SHAPE, "facet"),
    ],
)
def test_enter_does_what_the_pane_is_about_and_its_footer_says_so(pane: Pane, does: str) -> None:
    assert on_enter(pane) == does
    assert next(each.id for each in footer_actions(pane) if each.label == "enter") == does
