"""Whatever events the service and log files have, the list has each that matches once, newest first."""

from datetime import timedelta

from core.files.conftest import NEWEST, store_with_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.core_driver import driving_core
from support.examples import examples
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, event
from support.fakes.log_files import FakeTree

from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter

LINES = ("", "name:RunTask", "-name:RunTask", "user:eve OR name:RunTask", "alice", "user:eve alice")
SOURCES = ("service", "a", "b")

events = st.dictionaries(
    st.integers(0, 40),
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(("RunTask", "RunInstances")),
        st.sampled_from(("eve", "alice")),
        st.sets(st.sampled_from(SOURCES), min_size=1),
    ),
    max_size=24,
)
"""By number: minutes before now, name, user, and who has the event."""


def made(number: int, minutes: int, name: str, user: str) -> Event:
    """An event."""
    record = f'{{"userIdentity":{{"type":"IAMUser","userName":"{user}"}}}}'
    time = NEWEST - timedelta(minutes=minutes)
    return event(f"{number:08x}-0000-4000-8000-000000000000", time, name=name, username=user, record=record)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events, st.sampled_from(LINES), st.integers(0, 3))
async def test_each_event_that_matches_is_listed_once(
    drawn: dict[int, tuple[int, str, str, set[str]]], line: str, later: int
) -> None:
    of_source: dict[str, list[Event]] = {source: [] for source in SOURCES}
    for number, (minutes, name, user, sources) in drawn.items():
        for source in sources:
            of_source[source].append(made(number, minutes, name, user))
    bugs: list[Exception] = []
    service = FakeCloudTrail(AutoClock(), of_source["service"])
    trees = [FakeTree("/a", of_source["a"][later:]), FakeTree("/b", of_source["b"])]
    async with driving_core(bugs, service) as start:
        session = await start(open_store=store_with_files, trees=trees)
        if later and of_source["a"]:
            trees[0].add(of_source["a"][:later])
        await session.ask(line)
        await session.load_all()
        listed = [session.event(row) for row in session.explorer.rows.ids]
        predicate = compile_filter(parse_filter(line), session.server_now())
        every = {one.event_id: one for of_one in of_source.values() for one in of_one}
        assert sorted(one.event_id for one in listed) == sorted(
            event_id for event_id, one in every.items() if predicate(one, "eu-west-1")
        )
        assert [one.time for one in listed] == sorted((one.time for one in listed), reverse=True)
    assert not bugs
