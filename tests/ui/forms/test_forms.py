"""What forms say while they are typed in, and that hostile text stays text in them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import SMALL, WIDE, Driver
from support.fakes.clock import EPOCH
from support.fakes.service import Service
from support.form_driver import counter, foot, go_to, note, row, turn, typed, write
from textual.events import Paste

from ctui.errors import AccessDenied, ConnectionProblem, CtuiError, ExpiredLogin, ServiceError, Throttled
from ctui.model.rules.validate import Field
from ctui.model.trail.policy import PolicyKind
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.ui.actions.registry import ActionContext, action
from ctui.ui.forms.confirm import ByNameScreen
from ctui.ui.forms.error_text import FormError, describe_error
from ctui.ui.forms.specs import SPECS
from ctui.ui.forms.trail_form import TrailForm

Open = Callable[..., AbstractAsyncContextManager[Driver]]

HOSTILE = "[/x][red]\x1b[31m\x1b]0;t\x07a\u202eb\x9b2J"
READY = ActionContext(connected=True, trails=1, trail_selected=True, trail_status_answered=True, trail_logging=True)
ALL = ("new-trail", "edit-trail", "start-stop", "delete-trail", "stop-event")


# Off, and why


@pytest.mark.parametrize(
    ("ids", "now", "why"),
    [
        (ALL, ActionContext(connecting=True), "connecting"),
        (ALL, ActionContext(failed=True), "no connection; r retry"),
        (ALL[:4], ActionContext(connected=True, read_only=True), "ctui was started with --read-only"),
        (ALL[1:], ActionContext(connected=True, trails_loading=True), "trails are loading"),
        (ALL[1:], ActionContext(connected=True), "no trails; n new trail"),
        (ALL[1:], ActionContext(connected=True, trails=2), "no trail selected"),
        (
            ("start-stop",),
            ActionContext(connected=True, trail_selected=True),
            "the trail's status is loading",
        ),
        (("stop-event",), READY, "this trail is logging"),
        (
            ("stop-event",),
            ActionContext(connected=True, trail_selected=True, trail_status_answered=True, trail_logging=False),
            "this trail was never started",
        ),
        (("stop-event",), ActionContext(connected=True, trail_selected=True), "the trail's status is loading"),
        (
            ("stop-event",),
            ActionContext(connected=True, trail_selected=True, trail_status_answered=True),
            "its status could not be read; 2 details",
        ),
        (("start-stop",), ActionContext(connected=True, trail_selected=True, trail_status_answered=True), None),
        (
            ALL[1:4],
            ActionContext(connected=True, trail_selected=True, trail_logging=True, trail_changing=True),
            "another change to this trail is in progress",
        ),
        (ALL[:4], READY, None),
    ],
)
def test_what_is_off_says_why(ids: tuple[str, ...], now: ActionContext, why: str | None) -> None:
    assert {each: action(each).disabled_reason(now) for each in ids} == dict.fromkeys(ids, why)


# While typing


async def test_a_half_typed_value_is_not_shouted_at_until_it_is_left(open_app: Open) -> None:
    async with open_app(Service(), SMALL) as ctui:
        await ctui.press("1", "n")
        assert note(ctui, Field.NAME).endswith("Required.")
        await ctui.tap("a")
        assert note(ctui, Field.NAME) == "… At least 3 characters"
        assert counter(ctui, Field.NAME) == "1/128"
        await ctui.tap("-", "-")
        assert note(ctui, Field.NAME) == "✗ Two of . _ - in a row are not allowed"
        await ctui.tap("backspace", "tab")
        assert note(ctui, Field.NAME) == "✗ At least 3 characters"
        await ctui.tap("shift+tab", "end", "b")
        assert note(ctui, Field.NAME).startswith("Cannot be changed later")
        await go_to(ctui, Field.LOG_GROUP)
        await write(ctui, Field.LOG_GROUP, "arn:aws:lo")
        assert note(ctui, Field.LOG_GROUP).startswith("… ")
        await write(ctui, Field.LOG_GROUP, "arn:aws:s3")
        assert note(ctui, Field.LOG_GROUP).startswith("✗ ")


async def test_a_warning_does_not_block(open_app: Open) -> None:
    async with open_app(Service(), SMALL) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "abc")
        await write(ctui, Field.BUCKET, "amzn-s3-demo-bucket")
        assert note(ctui, Field.BUCKET).startswith("▲ amzn-s3-demo- is reserved for examples")
        await write(ctui, Field.KMS_KEY, "arn:aws:kms:us-east-2:111111111111:alias/x")
        assert note(ctui, Field.KMS_KEY).startswith("▲ The key is in us-east-2")
        await ctui.press("enter")
        assert "Review: new trail abc" in ctui.text()
        assert "▲" in ctui.text()


async def test_rules_between_fields_show_on_the_field_that_cures_them(open_app: Open) -> None:
    async with open_app(Service(), SMALL) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.ROLE, "arn:aws:iam::111111111111:role/to-logs")
        assert "Required with a role" in note(ctui, Field.LOG_GROUP)
        await write(ctui, Field.ROLE, "")
        assert "Required with" not in note(ctui, Field.LOG_GROUP)
        await turn(ctui, Field.GLOBAL_EVENTS, False)
        await turn(ctui, Field.MULTI_REGION, True)
        assert "Turn it on: a multi-Region trail" in note(ctui, Field.GLOBAL_EVENTS)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_every_field_comes_into_sight_whole(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app(Service(), size) as ctui:
        await ctui.press("1", "n")
        for field in (spec.field for spec in SPECS):
            await go_to(ctui, field)
            place = row(ctui, field)
            assert place.region.height >= 2
            visible = ctui.app.screen.query_one("#fields").region
            assert visible.contains_region(place.region), field
            shown = "\n".join(ctui.screen())
            assert place.spec.label in shown
            assert place.spec.help in shown, field
            assert "esc cancel" in shown


async def test_the_keys_at_the_foot_can_be_clicked(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        await ctui.press("1", "n")
        lines = ctui.screen()
        y = next(number for number, text in enumerate(lines) if "space on/off" in text)
        await ctui.pilot.click(offset=(lines[y].index("tab next") + 5, y))
        await ctui.settle()
        assert ctui.focus() == f"in-{Field.BUCKET}"
        await ctui.pilot.click(offset=(lines[y].index("esc cancel") - 2, y))
        await ctui.settle()
        assert "New trail" in ctui.text()
        await ctui.pilot.click(offset=(lines[y].index("esc cancel"), y))
        await ctui.settle()
        assert "New trail" not in ctui.text()


# Hostile text


async def test_hostile_trails_and_refusals_stay_text(open_app: Open) -> None:
    trail = Trail("evil", "arn:aws:cloudtrail:eu-west-1:1:trail/evil", "eu-west-1", HOSTILE, HOSTILE, HOSTILE)
    async with open_app(Service([], [(trail, TrailStatus(True, EPOCH))])) as ctui:
        await ctui.press("1", "e")
        assert "No changes yet." in foot(ctui)
        assert row(ctui, Field.PREFIX).value == HOSTILE
        form = ctui.app.screen
        assert isinstance(form, TrailForm)
        form.refuse(FormError(Field.BUCKET, HOSTILE, HOSTILE, HOSTILE, (PolicyKind.BUCKET,)))
        await ctui.settle()
        shown = ctui.text()
        assert "[/x][red]" in shown
        assert not [each for each in shown if each in "\x1b\x07\u202e\x9b"]
        form.refuse(FormError(None, HOSTILE, HOSTILE, HOSTILE))
        await write(ctui, Field.PREFIX, HOSTILE)
        assert "⟨U+202E⟩" in typed(ctui, Field.PREFIX)
        await ctui.press("escape", "escape", "d")
        assert not [each for each in ctui.text() if each in "\x1b\x07\u202e\x9b"]


async def test_a_hostile_name_is_text_and_can_be_typed_as_it_is_shown(open_app: Open) -> None:
    trail = Trail(HOSTILE, "arn:aws:cloudtrail:eu-west-1:1:trail/evil", "eu-west-1")
    async with open_app(Service([], [(trail, TrailStatus(True, EPOCH))])) as ctui:
        await ctui.press("1", "d")
        assert "type the trail's name" in ctui.text()
        assert not [each for each in ctui.text() if each in "\x1b\x07\u202e\x9b"]
        screen = ctui.app.screen
        assert isinstance(screen, ByNameScreen)
        assert screen.why_not()
        ctui.app.post_message(Paste(HOSTILE))
        await ctui.settle()
        assert not screen.why_not()


# Words


def service_error(kind: type[ServiceError], code: str, words: str = "no") -> ServiceError:
    return kind("Title", "said", "Then press r.", code=code, status=400, service_message=words)


@pytest.mark.parametrize(
    ("error", "title", "step"),
    [
        (
            service_error(ServiceError, "MaximumNumberOfTrailsExceededException"),
            "Trail limit reached",
            "A Region can have 5 trails",
        ),
        (service_error(Throttled, "ThrottlingException"), "Throttled", "Wait a few"),
        (service_error(Throttled, "SlowDown"), "Throttled", "Wait a few"),
        (service_error(AccessDenied, "AccessDeniedException"), "Access denied", "Ask your administrator"),
        (service_error(ServiceError, "SomethingNewException"), "SomethingNewException", "Then press enter."),
        (ConnectionProblem("Not reachable", "no", "Press r."), "Not sent: Not reachable", "Nothing was changed. Press"),
        (ExpiredLogin("Login expired", "no", "Log in, then press r."), "Login expired", "Log in, then press enter."),
    ],
)
def test_what_is_about_no_field_has_words_of_its_own(error: CtuiError, title: str, step: str) -> None:
    told = describe_error(error)
    assert told.field is None
    assert told.title == title
    assert step in told.remedy
