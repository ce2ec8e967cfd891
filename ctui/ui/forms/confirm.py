"""Deleting, stopping and starting a trail: what it means is said first, and deleting asks for the name."""

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from ctui.core.trails.changes import ChangeResult, TrailChanges
from ctui.core.trails.verification import TrailChange, Verb
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.roles import Line, Role
from ctui.ui.forms.change_screen import ChangeScreen
from ctui.ui.forms.parts import Lines, TextInput, key_line, line


class DeleteScreen(ChangeScreen):
    """Deletes a trail once its name has been typed."""

    def __init__(self, changes: TrailChanges, trail: Trail, status: TrailStatus | None, region: str) -> None:
        """`region` is the working Region."""
        super().__init__(changes, f"Delete trail {trail.name}", dangerous=True)
        self._trail = trail
        self._status = status
        self._region = region
        self._typed_name = TextInput(placeholder=trail.name, id="name")

    def body(self) -> ComposeResult:
        """What it means, and the line for the name."""
        yield Lines(*delete_facts(self._trail, self._status, self._region))
        yield Lines((), line(f"Type the trail's name, {self._trail.name}, to delete it:", Role.STRONG))
        yield self._typed_name

    def opened(self) -> None:
        """The name can be typed at once."""
        super().opened()
        self._typed_name.focus()

    def wanted(self) -> TrailChange:
        """DeleteTrail, in the home Region."""
        return TrailChange.of(Verb.DELETE, self._trail, self._region)

    def why_not(self) -> str:
        """The name must be typed as it is."""
        return (
            ""
            if self._typed_name.value == self._trail.name
            else f"That is not {self._trail.name}: type the whole name."
        )

    def keys(self) -> Line:
        """Enter deletes once the name stands there."""
        typed = self._typed_name.value == self._trail.name
        return key_line("enter deletes it", "esc keeps it") if typed else key_line("esc keeps it")

    def unsure(self, result: ChangeResult) -> None:
        """Letters are keys now."""
        self._typed_name.disabled = True
        super().unsure(result)

    @on(Input.Changed)
    def _typed(self) -> None:
        self.ready()

    @on(Input.Submitted)
    def _sent(self) -> None:
        self.action_go()


class StopScreen(ChangeScreen):
    """Stops a trail's logging, having said what will not be recorded."""

    def __init__(self, changes: TrailChanges, trail: Trail, region: str) -> None:
        super().__init__(changes, f"Stop logging of {trail.name}", dangerous=True)
        self._trail = trail
        self._region = region

    def body(self) -> ComposeResult:
        """What it means."""
        yield Lines(*stop_facts(self._trail, self._region))

    def wanted(self) -> TrailChange:
        """StopLogging, in the home Region."""
        return TrailChange.of(Verb.STOP, self._trail, self._region)

    def keys(self) -> Line:
        """Enter stops."""
        return key_line("enter stops it", "esc lets it log")


class StartScreen(ChangeScreen):
    """Offers to start a trail; and stays where a start may or may not have happened."""

    def __init__(
        self, changes: TrailChanges, request: TrailChange, *, made: bool = False, result: ChangeResult | None = None
    ) -> None:
        """`made`: the trail is new; `result`: an unsure one of a start that has been sent already."""
        super().__init__(changes, f"Start logging of {request.name}")
        self._request = request
        self._made = made
        self._before = result

    def body(self) -> ComposeResult:
        """That a trail does not log by itself."""
        if self._made:
            yield Lines(
                line(f"Trail {self._request.name} is there, and does not log yet: a new trail never does by itself."),
                line("From the start on, calls are recorded and log files delivered about every five minutes."),
            )
        else:
            yield Lines(line(f"Trail {self._request.name}, home {self._request.region}."))

    def opened(self) -> None:
        """Go on where the start before left off."""
        super().opened()
        if self._before is not None:
            self.unsure(self._before)

    def wanted(self) -> TrailChange:
        """StartLogging, in the home Region."""
        return self._request

    def keys(self) -> Line:
        """Enter starts."""
        return key_line("enter starts logging now", "esc leaves it, s starts it later")


def delete_facts(trail: Trail, status: TrailStatus | None, region: str) -> list[Line]:
    """What deleting this trail means."""
    facts = [f"The bucket {trail.s3_bucket_name or ''} and every log file in it stay; delete them in S3 if you must."]
    if status is not None and status.is_logging:
        facts.append("It is logging now: from then on it records nothing more.")
    return _bullets([*facts, *_reach(trail, "it goes"), *_home(trail, region), _HISTORY])


def stop_facts(trail: Trail, region: str) -> list[Line]:
    """What stopping this trail's logging means."""
    lost = ["log files"]
    lost += ["digests that prove them whole"] if trail.log_file_validation_enabled else []
    lost += ["SNS notices"] if trail.sns_topic_name or trail.sns_topic_arn else []
    lost += ["events in CloudWatch Logs"] if trail.cloud_watch_logs_log_group_arn else []
    where = "every Region" if trail.is_multi_region_trail else trail.home_region or region
    facts = [
        f"Until it is started again, calls in {where} are not recorded by it: no {', no '.join(lost)}.",
        "What happens meanwhile is never delivered later: the gap stays.",
    ]
    if trail.include_global_service_events:
        facts.append("That includes IAM, STS and sign-ins, which have no Region.")
    return _bullets([*facts, *_reach(trail, "it stops"), *_home(trail, region), _HISTORY])


_HISTORY = "Event history goes on without it: 90 days of management events can still be looked up here."


def _reach(trail: Trail, happens: str) -> Iterator[str]:
    if trail.is_multi_region_trail:
        yield f"It is a multi-Region trail: {happens} in every Region, not only in this one."
    if trail.is_organization_trail:
        yield (
            f"It is an organisation trail: {happens} for every account of the organisation; only the management account"
            " or its delegate may do this."
        )


def _home(trail: Trail, region: str) -> Iterator[str]:
    if trail.is_shadow_in(region):
        yield f"You see it from {region}; its home is {trail.home_region}, and the call goes there."


def _bullets(facts: list[str]) -> list[Line]:
    return [(("• ", Role.DIM), *line(fact)) for fact in facts]
