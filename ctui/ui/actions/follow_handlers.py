"""FollowHandlers: what the keys do that show new events as they become available, of an account or of a trail."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from ctui.core.session import Session
from ctui.model.filter.editing.pivots import AROUND
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import ends_around, parse_timespan
from ctui.model.trail.trail import failed_around
from ctui.render.text import times
from ctui.ui.messages import FollowChanged
from ctui.ui.notifier import Notifier
from ctui.ui.panes import Pane
from ctui.ui.session_facts import region_of
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    from ctui.core.follow.follow_state import FollowState

LOOK_SECONDS = 5
"""How often ctui looks whether a call is due."""
_NAMED_REGIONS = 4
"""Regions that a message names; more are counted."""


class FollowHandlers:
    """Starts and stops following. A question, a pivot or a step back leaves it as it is."""

    def __init__(
        self, screen: Screen[None], session: Session, panes: PaneArea, *, notifier: Callable[[], Notifier]
    ) -> None:
        """`notifier` returns the notifier once the screen is up."""
        self._screen = screen
        self._session = session
        self._panes = panes
        self._notifier = notifier
        self._timer: Timer | None = None

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {"follow": self._toggle, "follow-trail": self._follow_trail, "around-error": self._around_error}

    def _keep_looking(self) -> None:
        """From now on look every few seconds what is due, and show what has changed."""
        if self._timer is None:
            self._session.follow.changed.subscribe(self._changed)
            self._timer = self._screen.set_interval(LOOK_SECONDS, self._session.follow.look)

    def _changed(self, _: "FollowState") -> None:
        self._screen.post_message(FollowChanged())

    def _toggle(self) -> None:
        self._keep_looking()
        if self._session.follow.toggle():
            self._say(f"Following {self._regions()}: each call is an event in your own trails. F: stop")
        else:
            self._say("Following stopped. F: go on from here, and miss nothing")

    def _follow_trail(self) -> None:
        """Follow the Regions that the selected trail covers, as far as they can be searched here."""
        entry = self._panes.trails.chosen
        assert entry is not None, "the action is off while no trail is selected"
        trail, working = entry.trail, region_of(self._session)
        home = trail.home_region or working
        if trail.is_multi_region_trail:
            self._session.search_every_region()
        else:
            self._session.explorer.search_only(*(region for region in (home,) if region != working))
        self._keep_looking()
        self._session.follow.start()
        self._panes.go(Pane.EVENTS)
        if trail.is_multi_region_trail:
            self._say(f"{trail.name} covers every Region. Following those that are enabled. F: stop")
        else:
            self._say(f"{trail.name} covers {home}. Following {self._regions()}. F: stop")

    def _regions(self) -> str:
        """Where new events are followed, in words."""
        regions, state = self._session.state.regions, self._session.following
        named = ", ".join(regions) if len(regions) <= _NAMED_REGIONS else f"{len(regions)} Regions"
        accounts = state is not None and state.scopes > len(regions)
        return f"{named} in several accounts" if accounts else named

    def _around_error(self) -> None:
        """Ask for what happened around the time of the selected trail's delivery error."""
        entry = self._panes.trails.chosen
        assert entry is not None
        assert entry.status is not None
        failed = failed_around(entry.status)
        assert failed is not None, "the action is off while no delivery failed"
        home = entry.trail.home_region or region_of(self._session)
        span = parse_timespan("..".join(ends_around(failed, AROUND)))
        self._session.explorer.ask_lookup(Lookup(span), region="" if home == region_of(self._session) else home)
        self._panes.go(Pane.EVENTS)
        at = times.to_the_second(failed, self._session.server_now())
        minutes = int(AROUND.total_seconds() // 60)
        self._say(f"±{minutes} minutes around {at}, when a delivery of {entry.trail.name} failed. esc: back")

    def _say(self, text: str) -> None:
        self._notifier().toast(text, kind="follow")
