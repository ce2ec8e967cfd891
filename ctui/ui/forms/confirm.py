"""Deleting, stopping and starting a trail: what it means is said first; deleting and stopping ask for the name."""

from collections.abc import Iterator, Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from ctui.core.trails.changes import ChangeResult, TrailChanges
from ctui.core.trails.verification import TrailChange, Verb
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean_text
from ctui.ui.forms.change_screen import ChangeScreen
from ctui.ui.forms.parts import Lines, key_line, line
from ctui.ui.widgets.text_input import TextInput


class ByNameScreen(ChangeScreen):
    """A change that loses something, sent once the trail's name has been typed: a key too many stops no trail."""

    def __init__(
        self, changes: TrailChanges, title: str, facts: Sequence[Line], request: TrailChange, verb: str
    ) -> None:
        """`facts` is what the change means; `verb` is what enter does with it, as "delete"."""
        super().__init__(changes, title, dangerous=True)
        self._facts = facts
        self._request = request
        self._verb = verb
        self._shown_name = clean_text(request.name)
        """As it is shown, and as it is typed: a line makes visible what would not be."""
        self._typed_name = TextInput(placeholder=self._shown_name, id="name")

    def body(self) -> ComposeResult:
        """What it means, and the line for the name."""
        yield Lines(*self._facts)
        yield Lines((), line(f"To {self._verb}, type the trail's name: {self._shown_name}", Role.STRONG))
        yield self._typed_name

    def opened(self) -> None:
        """The name can be typed at once."""
        super().opened()
        self._typed_name.focus()

    def wanted(self) -> TrailChange:
        """The change, in the home Region."""
        return self._request

    def why_not(self) -> str:
        """The name must be typed as it is."""
        return "" if self._is_typed else f"The name does not match {self._shown_name}."

    @property
    def _is_typed(self) -> bool:
        return self._typed_name.value == self._shown_name

    def keys(self) -> Line:
        """Enter sends it once the name is typed."""
        return key_line(f"enter {self._verb}", "esc cancel") if self._is_typed else key_line("esc cancel")

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


def delete_screen(changes: TrailChanges, trail: Trail, status: TrailStatus | None, region: str) -> ByNameScreen:
    """Asks before a trail is deleted; `region` is the working Region."""
    facts, request = delete_facts(trail, status, region), TrailChange.of(Verb.DELETE, trail, region)
    return ByNameScreen(changes, f"Delete trail {trail.name}", facts, request, "delete")


def stop_screen(changes: TrailChanges, trail: Trail, region: str) -> ByNameScreen:
    """Asks before a trail's logging is stopped; `region` is the working Region."""
    facts, request = stop_facts(trail, region), TrailChange.of(Verb.STOP, trail, region)
    return ByNameScreen(changes, f"Stop logging: {trail.name}", facts, request, "stop logging")


class StartScreen(ChangeScreen):
    """Offers to start a trail; stays open while it is unknown whether a start happened."""

    def __init__(
        self, changes: TrailChanges, request: TrailChange, *, made: bool = False, result: ChangeResult | None = None
    ) -> None:
        """`made`: the trail is new; `result`: an unsure one of a start that has been sent already."""
        super().__init__(changes, f"Start logging: {request.name}")
        self._request = request
        self._made = made
        self._before = result

    def body(self) -> ComposeResult:
        """That a trail does not log by itself."""
        if self._made:
            yield Lines(
                line(f"{self._request.name} created. It is not logging yet."),
                line("Once started, it records calls and delivers log files about every 5 minutes."),
            )
        else:
            yield Lines(line(f"Trail {self._request.name}, home Region {self._request.region}."))

    def opened(self) -> None:
        """Continue from an earlier start with an unknown result."""
        super().opened()
        if self._before is not None:
            self.unsure(self._before)

    def wanted(self) -> TrailChange:
        """StartLogging, in the home Region."""
        return self._request

    def keys(self) -> Line:
        """Enter starts."""
        return key_line("enter start logging", "esc cancel")


def delete_facts(trail: Trail, status: TrailStatus | None, region: str) -> list[Line]:
    """What deleting this trail means."""
    facts = [f"The log files in {trail.s3_bucket_name or 'the bucket'} stay: they are not deleted."]
    if status is not None and status.is_logging:
        facts.append("It is logging now. After that it records nothing.")
    return _bullets([*facts, *_reach(trail, "deletes it"), *_home(trail, region), _HISTORY])


def stop_facts(trail: Trail, region: str) -> list[Line]:
    """What stopping this trail's logging means."""
    lost = ["log files"]
    lost += ["digest files"] if trail.log_file_validation_enabled else []
    lost += ["SNS notifications"] if trail.sns_topic_name or trail.sns_topic_arn else []
    lost += ["events in CloudWatch Logs"] if trail.cloud_watch_logs_log_group_arn else []
    lost += ["Insights events"] if trail.has_insight_selectors else []
    where = "any Region" if trail.is_multi_region_trail else trail.home_region or region
    facts = [
        f"Until you start it again, it records no calls in {where}: no {', no '.join(lost)}.",
        "The gap stays: calls made meanwhile are never delivered.",
    ]
    if trail.include_global_service_events:
        facts.append("This includes global services: IAM, STS and sign-ins.")
    return _bullets([*facts, *_reach(trail, "stops it"), *_home(trail, region), _HISTORY])


_HISTORY = "Event history keeps 90 days of management events without it."


def _reach(trail: Trail, happens: str) -> Iterator[str]:
    if trail.is_multi_region_trail:
        yield f"It is a multi-Region trail: this {happens} in every Region."
    if trail.is_organization_trail:
        yield (
            f"It is an organization trail: this {happens} for every account. Only the management account or a"
            " delegated administrator can do this."
        )


def _home(trail: Trail, region: str) -> Iterator[str]:
    if trail.is_shadow_in(region):
        yield f"Its home Region is {trail.home_region}: the call goes there, not to {region}."


def _bullets(facts: list[str]) -> list[Line]:
    return [(("• ", Role.DIM), *line(fact)) for fact in facts]
