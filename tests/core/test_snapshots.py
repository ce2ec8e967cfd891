"""What is read as a state says what is so: it is replaced whenever something that it shows has changed."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from support.core_driver import CoreDriver, StartSession
from support.examples import examples
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, denied, event, internal, throttled, unreachable

from ctui.core.lookup.load_goal import Outstanding
from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.lookup.timespan import parse_timespan

LINES = ("user:bob", "user:(", "", "since:2h", "zzz", "user:alice is:read", "since:1d user:bob")
QUESTIONS = ("user:bob", "name:ListUsers", "")
RANGES = ("1h", "6h", "2026-11-20..2026-11-21")
FAILURES = (denied("LookupEvents"), throttled(), internal(), None)


@pytest.fixture
def service(service: FakeCloudTrail) -> FakeCloudTrail:
    """300 events, one each minute: every tenth is bob's."""
    for n in range(300):
        user = "bob" if n % 10 == 9 else "alice"
        time = EPOCH - timedelta(minutes=n + 30)
        service.events.append(event(f"e{n}", time, username=user, read_only="true", name="ListUsers"))
    return service


def old_facts(session: CoreDriver) -> dict[str, tuple[object, object]]:
    """Fields of the states that differ from what they would be if they were made now."""
    explorer, queue = session.explorer, session.queue
    explorer.update_age(session.time())
    pairs: list[tuple[Any, Any]] = [
        (explorer.state, explorer._snapshot()),
        (explorer.query.state, explorer.query._snapshot()),
        (queue.state, queue._snapshot()),
    ]
    return {
        f"{type(state).__name__}.{name}": (getattr(state, name), getattr(now, name))
        for state, now in pairs
        for name in type(state).__dataclass_fields__
        if getattr(state, name) != getattr(now, name)
    }


@pytest.mark.parametrize("seed", range(examples(20)))
async def test_whatever_is_done_no_state_is_left_as_it_was(
    start: StartSession, service: FakeCloudTrail, seed: int
) -> None:
    dice = Random(seed)
    session = await start(FakeConnector(service, [unreachable()] if seed % 3 == 0 else []))
    explorer = session.explorer
    acts: dict[str, Callable[[], object]] = {
        "idle": lambda: None,
        "more": explorer.more,
        "everything": explorer.everything,
        "stop": explorer.stop,
        "type": lambda: explorer.type(dice.choice(LINES)),
        "toggle": lambda: explorer.toggle(EventKind.WRITE),
        "ask": explorer.ask,
        "range": lambda: explorer.ask_range(parse_timespan(dice.choice(RANGES))),
        "form": lambda: explorer.ask_line(parse_filter(dice.choice(QUESTIONS))),
        "search also": lambda: explorer.search_also("eu-west-1"),
        "search only": explorer.search_only,
        "add region": lambda: explorer.add_region("eu-west-1"),
        "back": explorer.back,
        "forward": explorer.forward,
        "refresh": session.refresh,
        "ask again": session.ask_again,
        "near end": explorer.near_end,
        "fail": lambda: service.failures.append(dice.choice(FAILURES)),
    }
    done: list[str] = []
    for _ in range(40):
        done.append(dice.choice(list(acts)))
        acts[done[-1]]()
        assert not old_facts(session), done
        if dice.random() < 0.3:
            await session.idle()
            assert not old_facts(session), done


async def test_a_load_that_failed_and_is_given_up_is_not_said_to_go_on(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start()
    service.failures.append(denied("LookupEvents"))
    await session.load_all()
    assert session.explorer.state.outstanding.everything
    assert not session.explorer.stop()
    assert not session.explorer.state.outstanding.everything


async def test_pages_that_are_taken_over_without_a_connection_are_said_to_follow(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start(FakeConnector(service, [unreachable()]))
    assert session.explorer.state.outstanding.pages == 0
    session.explorer.query.take_over(Outstanding(everything=False, scan_to=None, pages=3))
    assert session.explorer.state.outstanding.pages == 3
