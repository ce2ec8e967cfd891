"""TrailHandlers: what the keys for trails do on the main screen, and what makes them possible or not.

A form is imported when it is opened: the first frame needs none.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ctui.core.session import Session
from ctui.core.trails.changes import ChangeOutcome, ChangeResult, ChangeRun
from ctui.core.trails.trail_book import TrailEntry
from ctui.core.trails.verification import TrailChange, Verb
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import ends_around, parse_timespan
from ctui.model.trail.trail import Trail
from ctui.render.text.spans import clean_text
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.messages import TrailsChanged
from ctui.ui.panes import Pane
from ctui.ui.terminal.clipboard import Clipboard
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    from ctui.core.trails.trail_regions import RegionsState, TrailRegions

_AROUND = timedelta(minutes=2)
"""How far the StopLogging event's time may lie from the trail's StopLoggingTime."""


class TrailHandlers:
    """New, edit, delete, start or stop, the event that stopped a trail, and its status in each Region."""

    def __init__(self, screen: ShownAtRest, session: Session, clipboard: Clipboard, panes: PaneArea) -> None:
        self._screen = screen
        self._session = session
        self._clipboard = clipboard
        self._panes = panes
        self._starting: list[ChangeRun] = []
        self._regions: TrailRegions | None = None
        """None until it is asked for."""

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        run = self._screen.run_worker
        return {
            "new-trail": lambda: run(self._form(None), group="trail-form", exclusive=True),
            "edit-trail": lambda: run(self._form(self._trail), group="trail-form", exclusive=True),
            "delete-trail": lambda: run(self._delete(), group="trail-form", exclusive=True),
            # Several trails can start at the same time: each result is reported.
            "start-stop": lambda: run(self._start_or_stop(), group="start-stop"),
            "stop-event": lambda: run(self._stop_event(), group="stop-event", exclusive=True),
            "trail-regions": self._in_each_region,
        }

    def regions_of(self, entry: TrailEntry | None) -> "RegionsState | None":
        """What was read of a trail in each Region, if that was asked for."""
        return None if entry is None or self._regions is None else self._regions.of(entry.trail)

    def cancel_start(self) -> bool:
        """Stop waiting for the latest start in progress; returns False if there is none."""
        if not self._starting:
            return False
        self._starting[-1].cancel()
        return True

    @property
    def _region(self) -> str:
        connection = self._session.state.connection
        return connection.region if connection is not None else ""

    @property
    def _entry(self) -> TrailEntry:
        entry = self._panes.trails.chosen
        assert entry is not None, "the action is off while no trail is selected"
        return entry

    @property
    def _trail(self) -> Trail:
        return self._entry.trail

    # Handlers.

    async def _form(self, trail: Trail | None) -> None:
        from ctui.ui.forms.confirm import StartScreen  # noqa: PLC0415
        from ctui.ui.forms.trail_form import TrailForm  # noqa: PLC0415

        form = TrailForm(self._session, self._clipboard, trail)
        result = await self._screen.app.push_screen_wait(form)
        if result is None:
            return
        self._report(result)
        if trail is None and result.happened:
            made = self._start_of(result)
            started = await self._screen.app.push_screen_wait(StartScreen(self._session.changes, made, made=True))
            if started is not None:
                self._report(started)

    def _start_of(self, result: ChangeResult) -> TrailChange:
        """The start of a new trail; selects it if it could be read after it was made."""
        request = result.change
        if result.verification is None or result.verification.trail is None:
            return TrailChange(Verb.START, request.name, request.key, request.region)
        self._panes.trails.choose(result.verification.trail.key)
        return TrailChange.of(Verb.START, result.verification.trail, self._region)

    async def _delete(self) -> None:
        from ctui.ui.forms.confirm import delete_screen  # noqa: PLC0415

        entry = self._entry
        screen = delete_screen(self._session.changes, entry.trail, entry.status, self._region)
        if (result := await self._screen.app.push_screen_wait(screen)) is not None:
            self._report(result, entry.trail)

    async def _start_or_stop(self) -> None:
        from ctui.ui.forms.confirm import stop_screen  # noqa: PLC0415
        from ctui.ui.forms.logging_unknown import LoggingUnknownScreen  # noqa: PLC0415

        entry = self._entry
        logs = entry.status.is_logging if entry.status is not None else None
        verb: Verb | None = Verb.STOP if logs else Verb.START
        if logs is None:
            verb = await self._screen.app.push_screen_wait(LoggingUnknownScreen(entry.trail, entry.error))
        result = None
        if verb is Verb.STOP:
            screen = stop_screen(self._session.changes, entry.trail, self._region)
            result = await self._screen.app.push_screen_wait(screen)
        elif verb is Verb.START:
            result = await self._start(TrailChange.of(Verb.START, entry.trail, self._region))
        if result is not None:
            self._report(result)

    async def _start(self, request: TrailChange) -> ChangeResult | None:
        """Start without asking; only an end that is not known brings a box, unless another one has the keys."""
        from ctui.ui.forms.confirm import StartScreen  # noqa: PLC0415

        changes = self._session.changes
        change = changes.begin(request)
        self._starting.append(change)
        try:
            result = await change.result()
        finally:
            self._starting.remove(change)
        if result.outcome is ChangeOutcome.UNKNOWN and self._screen.app.screen is self._screen:
            return await self._screen.app.push_screen_wait(StartScreen(changes, request, result=result))
        return result

    def _in_each_region(self) -> None:
        if self._regions is None:
            self._regions = self._session.trail_regions
            self._regions.changed.subscribe(self._regions_changed)
        self._panes.go(Pane.STATUS)
        self._regions.toggle(self._trail)

    def _regions_changed(self, _: None) -> None:
        self._screen.post_message(TrailsChanged())

    async def _stop_event(self) -> None:
        """Ask for the call that stopped the trail, in the Region that recorded it, and go to it."""
        entry = self._entry
        assert entry.status is not None
        assert entry.status.stop_logging_time is not None
        home = entry.trail.home_region or self._region
        stopped = entry.status.stop_logging_time
        explorer = self._session.explorer
        explorer.ask_lookup(_stop_lookup(stopped), region=home)
        asked = explorer.replacements
        found = [row for row in await explorer.loaded() if self._stops(row, entry.trail)]
        if explorer.state.query.error is not None or explorer.replacements != asked:
            return
        if not found:
            self._toast(
                f"No StopLogging event for {entry.trail.name} around {stopped:%Y-%m-%d %H:%M:%S} UTC in {home}."
                " It may be older than event history, or not delivered yet. esc: back"
            )
            return
        # The table may still be about to show the row.
        self._screen.latest.catch_up()
        self._panes.events.choose(found[0])
        self._screen.call_after_refresh(self._open_record)
        also = f" Now also searching {home}, its home Region." if home != self._region else ""
        self._toast(f"Who stopped {entry.trail.name}. esc: back.{also}")

    def _open_record(self) -> None:
        self._panes.show_detail()

    def _stops(self, row: int, trail: Trail) -> bool:
        """True for a StopLogging event that names this trail, by name or ARN, and that worked."""
        try:
            record = json.loads(self._session.event(row).record)
        except (ValueError, RecursionError):
            return False
        asked = record.get("requestParameters") if isinstance(record, dict) else None
        named = asked.get("name") if isinstance(asked, dict) else None
        # A trail of that name may have another Region for its home.
        elsewhere = trail.home_region is not None and record.get("awsRegion") != trail.home_region
        return named in (trail.name, trail.arn) and not elsewhere and not record.get("errorCode")

    # Notifications.

    def _report(self, result: ChangeResult, trail: Trail | None = None) -> None:
        """One notification for how it ended."""
        from ctui.ui.forms.error_text import describe_error  # noqa: PLC0415

        if result.happened:
            home, also = result.change.region, ""
            if home not in (self._region, *self._session.state.added_regions):
                self._session.explorer.add_region(home)
                also = f" The call is recorded in {home}, now searched too."
            self._toast(_sentence(result, trail) + also)
        elif result.error is not None:
            form_error = describe_error(result.error)
            self._screen.notify(
                clean_text(f"{form_error.message} {form_error.remedy}"),
                title=clean_text(f"{result.change.verb} {result.change.name}: {form_error.title}"),
                severity="error",
                timeout=10,
                markup=False,
            )

    def _toast(self, text: str) -> None:
        self._screen.notify(clean_text(text), markup=False)


def _stop_lookup(stopped: datetime) -> Lookup:
    first, last = ends_around(stopped, _AROUND)
    attribute = LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging")
    return Lookup(timespan=parse_timespan(f"{first}..{last}"), attribute=attribute)


def _sentence(result: ChangeResult, trail: Trail | None) -> str:
    """What has happened, in a sentence."""
    from ctui.ui.forms.specs import spec_of  # noqa: PLC0415

    request = result.change
    if request.verb is Verb.CREATE:
        return f"{request.name} created in {request.region}. It is not logging yet."
    if request.verb is Verb.DELETE:
        bucket = trail.s3_bucket_name if trail is not None else None
        return f"{request.name} deleted. Its log files stay{f' in {bucket}' if bucket else ''}."
    if request.verb is Verb.UPDATE:
        assert request.draft is not None
        names = ", ".join(spec_of(change.field).label for change in request.draft.changes())
        return f"{request.name} changed: {names}."
    return f"{request.name} started logging." if request.verb is Verb.START else f"{request.name} stopped logging."
