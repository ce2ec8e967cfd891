"""Event history while its past is being added: no page skips an event of it, or says that there are no more."""

from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.emulator.records.event_history import EventHistory, Position, Query, StillFilling
from ctui.emulator.records.recorded import Origin, Recorded

ACCOUNT, REGION, NOW = 111111111111, "us-east-1", 1000
PLAIN = Recorded(
    account=str(ACCOUNT),
    region=REGION,
    event_id="",
    time=0,
    available=0.0,
    name="Made",
    source=None,
    username=None,
    read_only=None,
    access_key_id=None,
    resources=(),
    record="{}",
    origin=Origin.SEEDED,
)
EXAMPLES = count()


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> EventHistory:
    """One history for all examples, each of which has an account of its own."""
    return EventHistory(tmp_path_factory.mktemp("past") / "state.db")


def past(account: str, ages: list[int]) -> list[Recorded]:
    """Events that happened so many seconds ago, newest first, of two names."""
    return [
        replace(PLAIN, account=account, event_id=f"past-{place}", time=NOW - age, name=("Made", "Other")[age % 2])
        for place, age in enumerate(sorted(ages))
    ]


@settings(max_examples=examples(80), deadline=None)
@given(
    ages=st.lists(st.integers(1, 30), max_size=25),
    later=st.lists(st.integers(0, 3), max_size=6),
    batch=st.integers(1, 8),
    limit=st.integers(1, 10),
    name=st.sampled_from([None, "Made"]),
    oldest=st.integers(NOW - 35, NOW + 1),
)
def test_a_walk_sees_every_event_once_however_far_the_past_is(
    history: EventHistory,
    *,
    ages: list[int],
    later: list[int],
    batch: int,
    limit: int,
    name: str | None,
    oldest: int,
) -> None:
    account = str(ACCOUNT + next(EXAMPLES))
    history.expect_past(account, NOW)
    events = past(account, ages)
    live = [
        replace(PLAIN, account=account, event_id=f"live-{place}", time=NOW + second, origin=Origin.LIVE)
        for place, second in enumerate(later)
    ]
    history.add(live)
    query = Query(account, REGION, oldest, NOW + 9, NOW + 9, history.top(), ("EventName", name) if name else None)
    adding, added = iter(events), 0
    walked: list[Recorded] = []
    position: Position | None = None
    while True:
        try:
            page, position = history.page(query, position, limit)
        except StillFilling:
            # What is newer than all that is being added can be answered.
            assert added <= len(events)
            portion = list(islice(adding, batch))
            history.add_past(account, portion, added)
            added += len(portion)
            if not portion:
                history.past_is_complete(account)
            continue
        walked += page
        if position is None:
            break
    wanted = sorted([(event.time, place) for place, event in enumerate(live)], reverse=True)
    expected = [live[place] for _, place in wanted] + events
    assert walked == [event for event in expected if event.time >= oldest and (name is None or event.name == name)]


def test_a_page_of_what_is_there_does_not_wait(tmp_path: Path) -> None:
    account = str(ACCOUNT)
    history = EventHistory(tmp_path / "state.db")
    history.expect_past(account, NOW)
    history.add_past(account, past(account, list(range(1, 11))), 0)
    query = Query(account, REGION, 0, NOW, NOW, history.top())
    # There may be more events of the oldest second, and after nine others a tenth one says that more follow.
    page, position = history.page(query, None, 8)
    assert [event.time for event in page] == list(range(NOW - 1, NOW - 9, -1))
    with pytest.raises(StillFilling):
        history.page(query, position, 8)
    assert len(history.page(replace(query, start=NOW - 9), None, 50)[0]) == 9
    with pytest.raises(StillFilling):
        history.page(replace(query, attribute=("EventName", "Nobody")), None, 50)
    elsewhere = replace(query, account="222222222222")
    assert history.page(elsewhere, None, 50) == ([], None), "another account's past is not expected"
    history.close()


def test_adding_that_begins_again_changes_nothing(tmp_path: Path) -> None:
    account = str(ACCOUNT)
    events = past(account, list(range(1, 21)))
    history = EventHistory(tmp_path / "state.db")
    history.expect_past(account, NOW)
    history.add_past(account, events[:7], 0)
    history.close()
    history = EventHistory(tmp_path / "state.db")
    history.expect_past(account, NOW)
    history.add([replace(PLAIN, event_id="live", time=NOW, origin=Origin.LIVE)])
    for begin in range(0, 20, 6):
        history.add_past(account, events[begin : begin + 6], begin)
    history.past_is_complete(account)
    page, _ = history.page(Query(account, REGION, 0, NOW, NOW, history.top()), None, 50)
    assert [event.event_id for event in page] == ["live", *(event.event_id for event in events)]
    history.close()
