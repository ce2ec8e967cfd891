"""Whatever is asked, typed, left and returned to: each row answers the line, and what is called complete is so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from support.core_driver import CoreDriver, StartSession
from support.examples import examples
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import (
    REGION,
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    internal,
    throttled,
    unreachable,
)
from support.sessions import OpenStore

from ctui.core.lookup.query_state import QueryPhase
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.timespan import parse_timespan

OTHER = "us-east-1"
USERS = ("alice", "bob", "carol")
LINES = (
    "user:bob", "user:(", "", "since:5h", "zzz", "user:alice is:read", "since:9h until:2h user:bob",
    f"region:{OTHER}", "name:PutObject", "user:bob OR name:PutObject", "user:bob user:carol",
    "(user:bob OR user:carol) is:write", "-user:alice OR is:read", "(user:bob is:read) OR (user:carol name:PutObject)",
)  # fmt: skip
QUESTIONS = (
    "user:bob", "name:ListUsers", "", "user:carol since:4h", "user:bob OR name:PutObject", "name:ListUsers name:X",
)  # fmt: skip
RANGES = ("3h", "6h", "1d", "all", "2026-11-20..2026-11-21")
FAILURES = (denied("LookupEvents"), throttled(), internal(), None)


@pytest.fixture
def service(service: FakeCloudTrail) -> FakeCloudTrail:
    """280 events in two Regions, none within minutes of a bound."""
    for n in range(200):
        time, read_only = EPOCH - timedelta(minutes=7 * n + 93), "true" if n % 2 else "false"
        service.events.append(event(f"e{n}", time, username=USERS[n % 3], read_only=read_only, name="ListUsers"))
    service.elsewhere[OTHER] = [
        event(f"x{n}", EPOCH - timedelta(minutes=11 * n + 95), username=USERS[n % 3], name="PutObject")
        for n in range(80)
    ]
    return service


def matching(session: CoreDriver, service: FakeCloudTrail) -> set[str]:
    """The events that answer the line, in the time range and the Regions that stand on the screen."""
    state, time = session.explorer.state, session.time()
    first, last = state.timespan.pin(time.earliest, time.latest)
    matches = compile_filter(replace(state.line, since=None, until=None), time.likely)
    there = {REGION: service.events, **service.elsewhere}
    return {
        found.event_id
        for region in (REGION, *session.state.added_regions)
        for found in there[region]
        if (first or 0) <= found.time.timestamp() <= last and matches(found, region)
    }


def check(session: CoreDriver, service: FakeCloudTrail, done: list[str]) -> None:
    explorer, state = session.explorer, session.explorer.state
    assert not state.filtering
    if explorer.error is not None or explorer.read_error is not None:
        return
    rows = [session.event(row).event_id for row in explorer.rows.ids]
    answer = matching(session, service)
    assert len(rows) == len(set(rows)), done
    assert set(rows) <= answer, done
    if state.query.phase is QueryPhase.COMPLETE and state.covered and not state.query.store_only:
        assert set(rows) == answer, done


@pytest.mark.parametrize("seed", range(examples(20)))
async def test_rows_answer_the_line_and_going_back_makes_no_call(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore, seed: int
) -> None:
    dice = Random(seed)
    if seed % 4 == 1:
        service.identity = denied("GetCallerIdentity")
    failures = [unreachable()] if seed % 3 == 0 else []
    session = await start(FakeConnector(service, failures), open_store=lasting)
    explorer = session.explorer

    def region() -> str:
        return dice.choice(("", "", "", OTHER))

    quiet: dict[str, Callable[[], object]] = {
        "type": lambda: explorer.type(dice.choice(LINES)),
        "toggle": lambda: explorer.toggle(EventKind.WRITE),
        "back": explorer.back,
        "back twice": lambda: (explorer.back(), explorer.back()),
        "forward": explorer.forward,
    }
    acts: dict[str, Callable[[], object]] = {
        **quiet,
        "more": explorer.more,
        "everything": explorer.everything,
        "stop": explorer.stop,
        "near end": explorer.near_end,
        "ask": lambda: explorer.ask() if explorer.error is None else None,
        "range": lambda: explorer.ask_range(parse_timespan(dice.choice(RANGES))),
        "form": lambda: explorer.ask_line(parse_filter(dice.choice(QUESTIONS)), region=region()),
        "search also": lambda: explorer.search_also(OTHER),
        "search only": explorer.search_only,
        "refresh": session.refresh,
        "ask again": session.ask_again,
        "fail": lambda: service.failures.append(dice.choice(FAILURES)),
    }
    done, idle = list[str](), True
    for _ in range(40):
        done.append(dice.choice(list(acts)))
        before, was_idle, idle = service.lookups, idle, dice.random() < 0.7
        acts[done[-1]]()
        if idle:
            await session.idle()
            assert not (was_idle and done[-1] in quiet) or service.lookups == before, done
            check(session, service, done)
