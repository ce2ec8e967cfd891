"""Why an action is disabled: what it may look at, and the reasons in words."""

from collections.abc import Callable
from dataclasses import replace

from ctui.model.values import dataclass
from ctui.ui.panes import Pane


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What an action looks at to decide whether it is enabled. By default nothing is loaded."""

    pane: Pane = Pane.EVENTS
    connecting: bool = False
    connected: bool = False
    failed: bool = False
    loading: bool = False
    load_failed: bool = False
    more: bool = False
    """The service has, or may have, further pages."""
    loading_all: bool = False
    """All pages in range are being loaded, or as many as the bound allows."""
    bounded: bool = False
    """The load stops at its bound; loading everything is still possible."""
    rows: int = 0
    """Events in the list: loaded ones that match the filter."""
    event_selected: bool = False
    detail_open: bool = False
    record_as_json: bool = False
    """The record is shown as JSON and not as a tree."""
    on_value: bool = False
    """The cursor of the record is on a value."""
    trails: int = 0
    trail_selected: bool = False
    trail_nameless: bool = False
    """The selected entry has no name: it cannot be read or changed."""
    trails_loading: bool = False
    narrow: bool = False
    """Trails and Status are slid in only when asked for."""
    read_only: bool = False
    """ctui was started to look only."""
    trail_changing: bool = False
    """A change of the selected trail is under way."""
    trail_logging: bool | None = None
    """Whether the selected trail logs; None while that is not known."""
    trail_status_answered: bool = False
    """The selected trail's status has come, or could not be read; where `trail_logging` is None it stays unknown."""
    trail_multi_region: bool = False
    """The selected trail records in all Regions."""
    delivery_failed: bool = False
    """The selected trail's last delivery failed, and the service says when something was delivered or tried."""
    trail_stopped: bool = False
    """The selected trail was stopped, and the service says when."""
    login_needed: bool = False
    """A login that is made in a browser is missing or has run out, and it is known how it is made again."""
    stored: bool = False
    """Without a connection, what the store holds can be looked at."""
    unconfirmed: bool = False
    """Rows are those of the store until the service has said whose account this is."""
    loaded: int = 0
    """Loaded events, whether they match the filter or not."""
    any_marked: bool = False
    """There are marked events, in the list or not."""
    searching: bool = False
    """Some of them have not been filtered yet."""
    filter_empty: bool = True
    """The filter line holds no text."""
    filter_broken: bool = False
    """The filter line holds an incomplete or wrong filter."""
    remedies: int = 0
    """How many suggestions have a key now, in an empty list of events or next to its rows."""
    regions_not_searched: int = 0
    """How many Regions the filter names that are not searched."""
    views_behind: int = 0
    """How many views can be gone back to."""
    sources_behind: int = 0
    """Sources that can be gone back to."""
    opens_sources: bool = False
    """True if another source can be opened in this ctui."""
    views_ahead: int = 0
    """How many views can be gone forward to."""
    principal_known: bool = False
    """The service has said who we are."""
    own_in_line: bool = False
    """The filter line names own calls itself."""
    following: bool = False
    """New events are followed."""
    added: int = 0
    """How many Regions are searched besides the working one."""
    files_alone: bool = False
    """Log files alone are looked at."""
    global_region: bool = False
    """A Region was searched from the start for its global services alone."""


DisabledReason = Callable[[ActionContext], str | None]


def always(_: ActionContext) -> str | None:
    """Always enabled."""
    return None


def no_connection(now: ActionContext) -> str | None:
    """Actions that call the service."""
    if now.connecting:
        return "connecting"
    if now.failed:
        return "no connection; r retry"
    return None if now.connected else "not connected"


def no_next_page(now: ActionContext) -> str | None:
    """Loading further pages, from the service or the store; without a connection, once there is one."""
    if now.loading_all and not (now.connected or now.stored):
        return "the whole range loads once connected; esc cancel"
    if now.loading_all:
        return "already loading the whole range; esc stop"
    if not now.connected or now.load_failed or now.loading or now.more:
        return None
    if now.files_alone:
        return "all that is indexed is loaded; A shows what is not read"
    return "the whole range is loaded"


def not_everything(now: ActionContext) -> str | None:
    """Loading everything in range; a load with a bound can lose it."""
    return no_next_page(replace(now, loading_all=now.loading_all and not now.bounded))


def no_single_page(now: ActionContext) -> str | None:
    """Loading one page more."""
    if (why := no_next_page(now)) or not now.loading:
        return why
    return "already loading the next page"


def no_event(now: ActionContext) -> str | None:
    """Actions on the selected event."""
    if now.event_selected:
        return None
    if now.rows:
        return "no event selected"
    if now.filter_empty or not now.loaded:
        return "no events loaded"
    return "searching loaded events" if now.searching else "no event matches the filter"


def no_export(now: ActionContext) -> str | None:
    """Writing events into a file: those of the list, or the marked ones."""
    if now.filter_broken:
        return "incomplete filter"
    return None if now.rows or now.any_marked else no_event(now)


def no_refresh(now: ActionContext) -> str | None:
    """Refreshing everything."""
    return "connecting" if now.connecting else None


def no_login(now: ActionContext) -> str | None:
    """Making the login again."""
    if now.connecting or now.login_needed:
        return "connecting" if now.connecting else None
    return "no login is needed" if now.connected else "this login is not made in a browser; r retry"


def no_again(now: ActionContext) -> str | None:
    """Searching again for what is shown."""
    return no_connection(now) or ("the account of the stored events is not confirmed" if now.unconfirmed else None)


def no_detail(now: ActionContext) -> str | None:
    """Opening or closing the record."""
    if now.detail_open:
        return None
    return no_event(now)


def no_record(now: ActionContext) -> str | None:
    """Actions on the record that is shown."""
    return None if now.detail_open else no_event(now) or "the record is closed; enter detail"


def no_value(now: ActionContext) -> str | None:
    """Actions on the value under the cursor of the record."""
    if (why := no_record(now)) or now.on_value:
        return why
    return "shown as JSON; v tree" if now.record_as_json else "no value under the cursor"


def no_writing(now: ActionContext) -> str | None:
    """Actions that change something at the service."""
    if now.read_only:
        return "ctui was started with --read-only"
    return no_connection(now)


def no_trail(now: ActionContext) -> str | None:
    """Actions on the selected trail."""
    if now.trail_nameless:
        return "this trail could not be read; 2 details"
    if now.trail_selected:
        return None
    if now.trails_loading:
        return "trails are loading"
    return "no trail selected" if now.trails else "no trails; n new trail"


def no_trail_regions(now: ActionContext) -> str | None:
    """Reading the selected trail's status in each Region."""
    if why := no_connection(now) or no_trail(now):
        return why
    return None if now.trail_multi_region else "this trail records in its home Region only"


def no_status(now: ActionContext) -> str | None:
    """Looking closer at the selected trail's status."""
    return None if now.trail_selected else no_connection(now) or no_trail(now)


def no_change(now: ActionContext) -> str | None:
    """Changing the selected trail."""
    if why := no_writing(now) or no_trail(now):
        return why
    return "another change to this trail is in progress" if now.trail_changing else None


def no_start_or_stop(now: ActionContext) -> str | None:
    """Starting or stopping the selected trail."""
    if why := no_change(now):
        return why
    # If the state is unknown, the person chooses.
    return None if now.trail_status_answered else "the trail's status is loading"


def no_following(now: ActionContext) -> str | None:
    """Following new events; to stop that is always possible."""
    return None if now.following else no_connection(now)


def no_trail_call(now: ActionContext) -> str | None:
    """Asking the service about what the selected trail covers."""
    return no_connection(now) or no_trail(now)


def no_delivery_error(now: ActionContext) -> str | None:
    """Going to the time of the selected trail's delivery error."""
    if why := no_trail_call(now):
        return why
    if now.delivery_failed:
        return None
    if not now.trail_status_answered:
        return "the trail's status is loading"
    return "no delivery of this trail failed at a known time"


def no_stop_event(now: ActionContext) -> str | None:
    """Going to the call that stopped the selected trail."""
    if why := no_connection(now) or no_trail(now):
        return why
    if now.trail_logging:
        return "this trail is logging"
    if now.trail_stopped:
        return None
    if not now.trail_status_answered:
        return "the trail's status is loading"
    return "its status could not be read; 2 details" if now.trail_logging is None else "this trail was never started"


def no_readable_line(now: ActionContext) -> str | None:
    """Actions that use the filter line as it is."""
    return "incomplete filter" if now.filter_broken else None


def no_line(now: ActionContext) -> str | None:
    """Clearing the filter line."""
    return "the filter is empty" if now.filter_empty else None


def no_own_calls(now: ActionContext) -> str | None:
    """Showing or hiding the reads that ctui makes by itself."""
    if now.own_in_line:
        return "the filter names own calls itself: none is hidden"
    return None if now.principal_known else "the service has not said who you are: no own call is hidden"


def no_unasked(now: ActionContext) -> str | None:
    """Asking the Regions that the line names."""
    return no_connection(now) or (
        None if now.regions_not_searched else "all Regions in the filter are already searched"
    )


def no_added(now: ActionContext) -> str | None:
    """Leaving out the Regions that were added."""
    return None if now.added else "only this Region is searched"


def no_global_region(now: ActionContext) -> str | None:
    """Leaving out the Region of global services, or searching it again."""
    return None if now.global_region else "no Region is searched for global services alone"


def no_previous_view(now: ActionContext) -> str | None:
    """Going back to the previous view, or to the source below."""
    return None if now.views_behind or now.sources_behind else "this is the first view"


def no_sources(now: ActionContext) -> str | None:
    """Opening another source."""
    return None if now.opens_sources else "this ctui shows one source"


def no_source_below(now: ActionContext) -> str | None:
    """Going back to the source that was open before."""
    return None if now.sources_behind else "this is the first source"


def no_next_view(now: ActionContext) -> str | None:
    """Going forward to the view that was left."""
    return None if now.views_ahead else "this is the latest view"


def no_remedy(number: int) -> DisabledReason:
    """Taking the offer of that number, from 1, of an empty list of events."""

    def disabled_reason(now: ActionContext) -> str | None:
        if now.remedies >= number:
            return None
        return "no suggestion on this key"

    return disabled_reason
