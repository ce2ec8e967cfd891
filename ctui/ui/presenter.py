"""Draws the states of core into the panes: each function reads one state and updates the widgets that show it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from ctui.core.explorer.explorer import Explorer
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.core.session import Session, SessionPhase
from ctui.core.trails.trail_book import TrailEntry
from ctui.errors import StoreError
from ctui.model.connection import scope_names
from ctui.model.empty_result.evidence import Reason, time_text
from ctui.model.empty_result.regions import unsearched_regions
from ctui.model.event.summary import Summary
from ctui.model.filter.write import write_filter
from ctui.render.panes.empty_result import incomplete_filter_lines
from ctui.render.panes.filter_notes import term_words
from ctui.render.panes.first_asked import FirstFacts
from ctui.render.panes.header import header_line, queue_forms
from ctui.render.panes.pane_title import (
    connecting_lines,
    events_count,
    events_empty,
    events_title,
    new_above,
    own_calls_note,
    trails_empty,
)
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.panes.trail_list import trail_counts, trail_mark
from ctui.render.panes.trail_status import read_words, status_lines, status_summary
from ctui.render.record.detail import EventDetail
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.ranges import range_words
from ctui.render.text.spans import count
from ctui.ui.panes import Pane, files_heading, pane_heading, pane_key
from ctui.ui.scope_facts import horizons_of
from ctui.ui.session_facts import (
    account_names,
    from_store,
    is_confirmed,
    is_loading_all,
    is_unasked,
    problem_of,
    query_error,
    region_of,
    rest_eta,
    seconds_waited,
    unreached,
)
from ctui.ui.tree_facts import TreeFacts
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.line_label import LineLabel
from ctui.ui.widgets.text_pane import TextPane
from ctui.ui.widgets.trail_list import TrailList

if TYPE_CHECKING:
    from ctui.core.trails.trail_regions import RegionsState
    from ctui.model.log_files.tree_state import Deliveries
    from ctui.model.trail.trail import Trail
    from ctui.render.panes.following import FollowFacts
    from ctui.render.panes.outage import OutageFacts


def header(session: Session, explored: ExplorerState, files: TreeFacts) -> Callable[[int], Line]:
    """The header: account and Region, and the queue; or the paths of log files, and what those have."""
    state, queue = session.state, session.queue.state
    problem = problem_of(session)
    if files.alone:
        from ctui.render.panes.files_header import files_forms, files_header  # noqa: PLC0415 - most sessions have none

        some, said = files.facts(explored), problem.title if problem else ""
        forms = ((),) if some is None else files_forms(some.events, some.files)
        return lambda width: files_header(files.paths, said, forms, width)
    right = queue_forms(
        rate=queue.lowest.in_force,
        queued=queue.queued,
        in_flight=queue.in_flight,
        throttled=queue.throttled,
        calls_to_full=queue.lowest.calls_to_full,
        uneven=queue.lowest.uneven,
        others=queue.lowest.others,
        region=queue.region,
        silence=queue.silence(session.clock.monotonic()),
        eta=rest_eta(session, explored.query) if explored.query.loading_all and queue.outage is None else None,
    )
    title = problem.title if problem else ""
    waits = seconds_waited(session)
    return lambda width: header_line(
        state.connection,
        state.account,
        title,
        right,
        width,
        also=state.added_regions,
        other_accounts=[account for account in state.accounts if account != state.account],
        names=state.account_names,
        global_region=session.regions.global_region,
        waits=waits,
        files=files.paths,
    )


def query_status(
    session: Session, state: ExplorerState, files: TreeFacts, offered: Sequence[tuple[str, Reason]] = ()
) -> Callable[[int], Line]:
    """What is searched and loaded, and whether there is more. `offered`: the suggestions, each with its key."""
    query = state.query
    now = session.server_now()
    problem = problem_of(session) or query_error(session, query) or (state.first.error if state.first else None)
    missing = unsearched_regions(state.line, session.state.regions)
    facts = QueryFacts(
        timespan=_query_range(query, session),
        scanned=query.scanned,
        loaded=query.loaded,
        more=query.more,
        loading=query.phase is QueryPhase.LOADING and not state.passive,
        started=not is_unasked(state),
        loading_all=is_loading_all(session, state),
        oldest=query.oldest,
        pages=query.pages,
        unreadable=query.unreadable,
        server_filter=[(attribute.key.value, attribute.value) for attribute in query.server_filter],
        client_filter=list(dict.fromkeys(map(term_words, state.client_filter))) if state.line.terms else None,
        eta=rest_eta(session, query),
        store_only=from_store(query),
        needs_service=query.needs_service,
        impossible=query.lookup.impossible,
        marked=query.lookup.marked,
        categories=[category for category, _ in query.lookup.by_category],
        waiting=query.phase is QueryPhase.WAITING,
        now=now,
        problem=problem.title if problem else "",
        login_needed=problem is not None and session.login_needed is not None,
        then=_outstanding(state),
        regions=session.state.regions,
        unsearched=missing,
        unreached=() if query.phase is QueryPhase.WAITING else unreached(state),
        add_region=next(((key, one.add_region) for key, one in offered if one.add_region in missing), None),
        rechecking=query.rechecking,
        rechecked_to=query.rechecked_to,
        late=query.late,
        remove_region=next(
            ((key, one.remove_region if len(query.refused) > 1 else "it") for key, one in offered if one.remove_region),
            None,
        ),
        matching=state.shown if state.line.terms else None,
        first=_first_facts(state),
        complete_at=time_text(query.pinned_at, now) if query.pinned_at and state.stale else "",
        filtering=state.filtering,
        scan_to=query.scan_to,
        halted=query.halt is not None,
        pages_without_progress=query.pages_without_progress,
        hides_nothing=next(((key, one.hides_nothing) for key, one in offered if one.hides_nothing), None),
        # Where no row is in sight, the pane says it.
        hides_services=next(((key, number) for key, one in offered if (number := one.hides_services)), None)
        if state.shown
        else None,
        narrows_to=next(((key, term) for key, one in offered if (term := one.narrows_to)), None)
        if state.shown
        else None,
        unfinished=session.unfinished is not None and session.unfinished.is_offered,
        outage=_outage_facts(session, query),
        following=_follow_facts(session),
        files=files.facts(state),
        files_alone=files.alone,
    )
    return lambda width: query_line(facts, width)


def _follow_facts(session: Session) -> "FollowFacts | None":
    """How following stands; None if it is off."""
    if (state := session.following) is None:
        return None
    from ctui.render.panes.following import FollowFacts  # noqa: PLC0415 - the first frame follows nothing

    problem = "" if state.error is None else state.error.title
    return FollowFacts(
        behind=state.behind,
        behind_scope=state.behind_scope,
        calls_an_hour=state.calls_an_hour,
        lag=None if state.lag is None else (state.lag.p50, state.lag.p95),
        waits=state.waits,
        shows=state.shows,
        problem=f"{state.error_scope}: {problem}" if state.error_scope else problem,
        login_needed=state.error is not None and session.login_needed is not None,
    )


def _outage_facts(session: Session, query: QueryState) -> "OutageFacts | None":
    """What a load or following waits for, if an endpoint fails; the Region is named if several are searched."""
    loads = query.phase is QueryPhase.LOADING or query.rechecking
    if (outage := session.queue.state.outage) is None or not (loads or session.following is not None):
        return None
    from ctui.render.panes.outage import OutageFacts  # noqa: PLC0415 - the first frame waits for nothing

    several = len(session.state.regions) > 1
    title = f"{outage.region}: {outage.error.title}" if several else outage.error.title
    left = outage.next_attempt - session.clock.monotonic()
    return OutageFacts(title, outage.since, left if left > 0 else None, "esc" if loads else "F")


def _first_facts(state: ExplorerState) -> FirstFacts | None:
    """What was asked first, as long as the rest of the question is to be scanned."""
    if (first := state.first) is None or state.query.phase is QueryPhase.COMPLETE or state.query.store_only:
        return None
    selected = [(attribute.key.value, attribute.value) for attribute in first.clause]
    return FirstFacts(selected, first.found, loading=first.loading, complete=first.complete)


def _query_range(query: QueryState, session: Session) -> str:
    """The range that a query loads, in words."""
    span, scan = query.lookup.timespan, query.scan
    return range_words(span, span.pin(session.server_now()) if scan is None else (scan.start, scan.end))


def _outstanding(state: ExplorerState) -> str:
    """What a connection will load besides the first rows, as it follows "then"; "" for nothing."""
    waits = state.outstanding
    if waits.everything:
        return "load all" if waits.scan_to is None else "continue searching"
    return "load more" if waits.pages else ""


def _phase(state: ExplorerState) -> str:
    return QueryPhase.WAITING.value if is_unasked(state) else state.query.phase.value


def events(
    table: EventTable,
    session: Session,
    explorer: Explorer,
    asked: ExplorerState,
    explain: Callable[[int], tuple[Line, ...]],
    *,
    files: TreeFacts,
    reset: bool = False,
    typing: bool = False,
) -> None:
    """The rows, or why there are none, and the pane's title. `explain` returns the lines for an empty answer.

    `asked` is the explorer's state; `typing`: the filter line is open.
    """
    query, state = asked.query, session.state
    words = range_words(asked.timespan, asked.pinned)
    problem = problem_of(session) or query_error(session, query)
    phase = "failed" if problem else _phase(asked)
    connected = state.phase is SessionPhase.READY
    has_answer = query.pages or query.phase in (QueryPhase.COMPLETE, QueryPhase.PAUSED) or query.loaded or query.refused
    # Of an account that is not confirmed, the store having nothing says nothing yet. And where nothing was asked for by
    # name, why there is no connection matters more than that the store has nothing either.
    empty = not is_confirmed(session) or (problem_of(session) is not None and not asked.line.terms)
    alone = query.store_only and (query.loaded > 0 or not empty)
    answered = (connected or alone) and (has_answer or is_unasked(asked))
    unread = explorer.error
    if unread is not None:
        # Counts and offers would be about another line than the one that stands there.
        line = write_filter(asked.line)
        explain = partial(incomplete_filter_lines, str(unread), line, unfinished=unread.unfinished)
    waits = connecting_lines(state.waiting, seconds_waited(session), state.converting)
    if files.alone and state.converting is None:
        waits = ((("Opening log files …", Role.DIM),),)
    missing(table, session, asked, files)
    table.search(_searched_regions(session), account_names(session))
    if reset and explorer.returned_to is not None:
        table.return_to(explorer.rows, explorer.returned_to)
    else:
        table.show(explorer.rows, reset=reset, typing=typing)
    table.explain(
        explain
        if answered
        else lambda width: events_empty(
            connected=state.phase is SessionPhase.READY,
            connecting=state.phase is SessionPhase.CONNECTING,
            phase=phase,
            more=query.more,
            timespan=words,
            error=problem,
            width=width,
            waits=waits,
        )
    )
    events_position(table, session, asked, readable=unread is None)


def events_position(table: EventTable, session: Session, state: ExplorerState, *, readable: bool) -> None:
    """The pane's title: the time range, the state, and the cursor's row among how many.

    `readable`: what stands in the filter line can be read.
    """
    query = state.query
    phase = "failed" if problem_of(session) or (query.error and not query.refused) else _phase(state)
    stored = from_store(query)
    words = range_words(state.timespan, state.pinned)
    left, *shorter = (
        (
            *pane_key(Pane.EVENTS),
            *events_title(
                timespan=timespan,
                phase=phase,
                stored=stored,
                confirmed=is_confirmed(session),
                since=None
                if not query.rows_beyond
                else times.near(query.oldest, session.server_now())
                if query.oldest
                else "",
                by_resource=state.first is not None,
                unread=not readable,
                ordered=ordered,
                region=region,
                following=session.following is not None,
            ),
        )
        for timespan, region, ordered in (
            (words, _one_region(table, session), True),
            (words, "", True),
            (words, "", False),
            (times.shortened(words, session.server_now()), "", False),
        )
    )
    position: Line = ()
    if table.row is not None:
        position = ((f"{count(table.row + 1)} of ", Role.DIM),)
    # What the store lacks, or an account that is not reached, it cannot tell.
    total = events_count(loaded=query.loaded, more=query.more or stored or bool(unreached(state)))
    if not query.loaded and query.phase is not QueryPhase.COMPLETE:
        # Nothing has come yet, so there is nothing to count.
        position = ()
    elif state.unmatched:
        position = (("0 yet", Role.WARNING), (" in ", Role.DIM), *total)
    elif state.line.terms or not state.asked:
        position = (*position, (count(state.shown), Role.PLAIN), (" in ", Role.DIM), *total)
    elif position:
        position = (*position, *total)
    if fresh := new_above(table.new_above):
        position = (*fresh, (" · ", Role.DIM), *position)
    own, own_brief = own_calls_note(state.own_hidden, shown=state.own_shown)
    parts = position and own and (*position, (" · ", Role.DIM))
    table.set_title(
        left, (*(parts or position), *own), shorter=tuple(shorter), brief=(*(parts or position), *own_brief)
    )


def missing(table: EventTable, session: Session, state: ExplorerState, files: TreeFacts) -> None:
    """Where between the rows the knowledge of some accounts and Regions ends, and where log files may be missing."""
    table.show_missing(horizons_of(session, state), files.holes(state))


def _one_region(table: EventTable, session: Session) -> str:
    """The Region that all rows are of, "" if they differ. Where others are searched too, only the rows are of it."""
    region = table.one_region
    return region if not region or _searched_regions(session) == {region} else f"rows in {region}"


def _searched_regions(session: Session) -> set[str]:
    """The Regions that rows may be of, whatever was read of them, as far as it is known: not of several Regions of the
    API, which may have no event, and with "" for log files whose names do not tell theirs."""
    trees, regions = session.state.trees, () if session.state.files_alone else session.state.regions
    of_files = {one.region for tree in trees for one in tree.deliveries}
    return of_files.union(regions if len(regions) == 1 or of_files else ())


def deliveries(view: TrailList, session: Session, files: TreeFacts) -> None:
    """The accounts and Regions that have log files, in place of trails."""
    some, problem = files.facts(session.explorer.state), problem_of(session)
    view.show_deliveries(files.deliveries, account_names(session), session.server_now())
    looking = problem is None and (some is None or some.indexing)
    why: Line = (("Looking for log files …" if looking else "No log files.", Role.DIM),)
    view.explain(lambda _width: (why,))
    view.set_title(files_heading(), ((count(some.files), Role.DIM),) if some else ())


def tree_status(
    pane: TextPane, summary: LineLabel, chosen: "Deliveries | None", session: Session, files: TreeFacts
) -> None:
    """What is known of the trees of log files, and of the account and Region under the cursor."""
    from ctui.render.panes.tree_list import tree_lines, tree_summary  # noqa: PLC0415 - most sessions have no log files

    trees, names, now = files.trees, account_names(session), session.server_now()
    pane.set_title(pane_heading(Pane.STATUS))
    pane.set_foot(())
    pane.show(
        lambda width: tree_lines(trees, chosen, names, now, width),
        about="" if chosen is None else f"{chosen.account} {chosen.region}",
    )
    summary.show(lambda width: tree_summary(trees, width))


def trails(view: TrailList, session: Session, *, rows: bool) -> None:
    """The trails, or why there are none. `rows`: whether events are shown."""
    book, state = session.trails.state, session.state
    region = region_of(session)
    # Why there is no connection stands in Events.
    problem = None if problem_of(session) else book.error
    phase = "failed" if problem else book.phase.value
    # What a login waits for stands in Events, unless stored rows do.
    waits = connecting_lines(
        state.waiting if rows else None, seconds_waited(session), state.converting if rows else None
    )
    view.show(book.entries, region, session.server_now())
    view.explain(
        lambda width: trails_empty(
            connected=state.phase is SessionPhase.READY,
            connecting=state.phase is SessionPhase.CONNECTING,
            phase=phase,
            error=problem,
            region=region,
            width=width,
            waits=waits,
        )
    )
    right: Line = ()
    if phase == "failed" and book.entries:
        right = (("refresh failed", Role.WARNING),)
    elif book.entries:
        right = ((str(len(book.entries)), Role.DIM),)
    view.set_title(pane_heading(Pane.TRAILS), right)


def status(
    pane: TextPane,
    summary: LineLabel,
    entry: TrailEntry | None,
    session: Session,
    *,
    retired: bool = False,
    regions: "RegionsState | None" = None,
) -> None:
    """The selected trail's status: in full in the pane, a summary in the line, with the marks of all trails counted.

    `retired`: show retired fields. `regions`: the status in each Region stands above it.
    """
    now, region = session.server_now(), region_of(session)
    if entry is None:
        pane.set_title(pane_heading(Pane.STATUS))
        pane.set_foot(())
        why = "No connection." if problem_of(session) else "No trail selected."
        pane.show(lambda _width: (((why, Role.DIM),),))
        summary.show(lambda _width: ())
        return
    trail, state, error, stale = entry.trail, entry.status, entry.error, entry.stale
    read = None if entry.reading is None else (entry.reading.at, entry.reading.region)
    pane.set_title(pane_heading(Pane.STATUS, trail.name))
    pane.set_foot(((read_words(read[0]), Role.DIM if stale is None else Role.WARNING),) if read else ())
    pane.show(
        lambda width: (
            *(() if regions is None else _in_each_region(trail, regions, now, width)),
            *status_lines(
                trail, state, error, now=now, region=region, width=width, retired=retired, read=read, stale=stale
            ),
        ),
        # A table that comes is shown from its top.
        about=trail.key if regions is None else f"{trail.key} in each Region",
    )
    all_trails = session.trails.state.entries
    counts = trail_counts(trail_mark(one.trail, one.status, one.error, now) for one in all_trails)
    old = read[0] if read and stale is not None else None
    summary.show(
        lambda width: status_summary(trail, state, error, now=now, region=region, width=width, counts=counts, stale=old)
    )


def _in_each_region(trail: "Trail", regions: "RegionsState", now: datetime, width: int) -> tuple[Line, ...]:
    from ctui.render.panes.trail_regions import region_lines  # noqa: PLC0415 - few ask for it

    return region_lines(
        trail,
        [(each.region, each.status, each.error) for each in regions.readings],
        at=regions.at,
        not_enabled=regions.not_enabled,
        unlisted=regions.unlisted,
        error=regions.error,
        now=now,
        width=width,
    )


def detail(session: Session, row_id: int, zone: tzinfo | None) -> EventDetail:
    """The event of a row, to show and to copy. Raises StoreError if the store does not hold it, and
    FilesError if its log file is gone or has changed."""
    event, found = session.event(row_id), session.summaries([row_id])
    if not found:
        raise StoreError("Event store", "This event is no longer in the store.", "Press r to load it again.")
    mark = session.marks.of([row_id]).get(row_id)
    marked = None if mark is None else (datetime.fromtimestamp(mark.made, UTC), mark.note)
    return EventDetail(
        row_id,
        event,
        found[0].summary,
        zone,
        marked,
        session.sightings.of(row_id),
        session.insight_pairs.of(row_id),
        tuple(scope_names(session.scopes_of_record.of(row_id) or ()).values()),
        session.file_of(row_id),
    )


def summaries(session: Session, ids: Sequence[int]) -> dict[int, Summary]:
    """The table's lines for these rows, by row id. Those whose records are far away are read in the background."""
    lines = session.summaries(ids)
    if far := tuple(stored.row_id for stored in lines if stored.far):
        session.far_lines.ask(far)
    return {stored.row_id: stored.summary for stored in lines}
