"""A line that no event can match is answered at once, by nothing: no call, no claim, and nothing that grows stale."""

from datetime import timedelta

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    ACCOUNT,
    REGION,
    FakeCloudTrail,
    FakeConnector,
    denied,
    event,
    unreachable,
)
from support.sessions import OpenStore

from ctui.core.lookup.query_state import QueryPhase
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.lookup import LookupAttribute

LINE = "name:A name:B"


@pytest.fixture
def service(service: FakeCloudTrail) -> FakeCloudTrail:
    """120 events, one a minute until now."""
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n), name="A") for n in range(120)]
    return service


def coverage(session: CoreDriver) -> list[object]:
    """All that is claimed of what the line names."""
    store = session.queries.stored.store
    assert store is not None
    scope = session.queries.stored.scopes()[0]
    attributes = (None, *(LookupAttribute(AttributeKey.EVENT_NAME, name) for name in "AB"))
    return [store.coverage(scope, attribute).settled for attribute in attributes]


def check_nothing(session: CoreDriver) -> None:
    """The answer is complete, and nothing."""
    state = session.explorer.state
    assert (state.query.phase, state.query.pages, state.query.more) == (QueryPhase.COMPLETE, 0, False)
    assert (list(session.explorer.rows.ids), state.query.loaded, state.query.needs_service) == ([], 0, False)
    assert (state.impossible, state.asked, state.query.server_filter, state.query.error) == (True, True, (), None)


async def test_it_is_complete_without_a_call_and_claims_nothing(
    service: FakeCloudTrail, start: StartSession, clock: AutoClock
) -> None:
    session = await start()
    before, claimed = service.lookups, coverage(session)
    await session.ask(LINE)
    check_nothing(session)
    for act in (
        session.explorer.ask,
        session.explorer.more,
        session.explorer.everything,
        session.explorer.near_end,
        session.ask_again,
        session.refresh,
        lambda: clock.advance(86_400),
        lambda: session.explorer.update_age(session.time()),
        session.explorer.ask,
        lambda: session.explorer.search_also("us-east-1"),
    ):
        act()
        await session.idle()
        check_nothing(session)
    assert (service.lookups, coverage(session)) == (before, claimed)


async def test_typed_alone_it_filters_what_is_here_and_is_no_reason_to_load(
    service: FakeCloudTrail, start: StartSession
) -> None:
    session = await start()
    rows, before = list(session.explorer.rows.ids), service.lookups
    await session.type(LINE)
    session.explorer.near_end()
    await session.idle()
    state = session.explorer.state
    assert (state.impossible, state.asked, state.shown, state.query.loaded) == (True, True, 0, len(rows))
    await session.type("name:A")
    assert list(session.explorer.rows.ids) == rows
    assert service.lookups == before


async def test_after_it_the_next_question_is_asked_as_ever_and_back_leads_to_the_rows_before(
    service: FakeCloudTrail, start: StartSession
) -> None:
    session = await start()
    rows = list(session.explorer.rows.ids)
    await session.ask(LINE)
    before = service.lookups
    assert session.explorer.back()
    await session.idle()
    assert list(session.explorer.rows.ids) == rows
    assert session.explorer.forward()
    await session.idle()
    check_nothing(session)
    assert service.lookups == before
    await session.ask("name:A")
    assert len(session.explorer.rows.ids) == 120
    await session.ask(f"({LINE}) OR name:A")
    assert len(session.explorer.rows.ids) == 120


async def test_while_everything_is_here_it_is_asked_without_a_recheck(
    service: FakeCloudTrail, start: StartSession, clock: AutoClock
) -> None:
    session = await start()
    await session.load_all()
    clock.advance(7200)
    before = service.lookups
    await session.ask(LINE)
    check_nothing(session)
    assert service.lookups == before


async def test_without_a_connection_it_is_answered_from_nothing_as_well(
    service: FakeCloudTrail, start: StartSession, lasting: OpenStore
) -> None:
    first = await start(open_store=lasting)
    await first.close()
    session = await start(FakeConnector(service, [unreachable()]), open_store=lasting)
    before = service.lookups
    await session.ask(LINE)
    assert session.explorer.state.query.phase is QueryPhase.COMPLETE
    assert (list(session.explorer.rows.ids), service.lookups) == ([], before)
    await session.reload()
    check_nothing(session)
    assert service.lookups == before
    await session.ask("name:A")
    assert len(session.explorer.rows.ids) == 120


async def test_asked_before_there_is_a_connection_it_is_answered_with_it(
    service: FakeCloudTrail, start: StartSession
) -> None:
    session = await start(FakeConnector(service, [unreachable()]))
    await session.ask(LINE)
    assert session.explorer.state.query.phase is QueryPhase.WAITING
    await session.reload()
    check_nothing(session)
    assert service.lookups == 0


async def test_an_account_that_is_not_known_yet_is_learned_from_the_next_question(
    service: FakeCloudTrail, start: StartSession, lasting: OpenStore
) -> None:
    """The page that names the account would not come for a line that asks for none."""
    record = f'{{"recipientAccountId":"{ACCOUNT}","awsRegion":"{REGION}"}}'
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=n), name="A", record=record) for n in range(120)]
    first = await start(open_store=lasting)
    await first.close()
    service.identity = denied("GetCallerIdentity")
    service.failures.append(denied("LookupEvents"))
    session = await start(open_store=lasting)
    assert session.queries.stored.assumed == ACCOUNT
    before = service.lookups
    await session.ask(LINE)
    assert (list(session.explorer.rows.ids), service.lookups) == ([], before)
    await session.reload()
    assert (list(session.explorer.rows.ids), service.lookups) == ([], before)
    await session.ask("name:A")
    await session.reload()
    await session.load_all()
    assert len(session.explorer.rows.ids) == 120
    assert [scope.account for scope in session.queries.stored.scopes()] == [ACCOUNT]
