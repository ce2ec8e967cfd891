"""AccountNames: what accounts are called, and what asking for it costs."""

from collections.abc import Mapping

import pytest
from support.core_driver import StartSession
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, denied

from ctui.core.account_names import AccountNames
from ctui.core.logins import OtherLogin
from ctui.core.tasks import Tasks
from ctui.model.clock import Clock
from ctui.model.connection import Identity

ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"
ORGANIZATION = {ONE: "dev", TWO: "management", THREE: "production"}


def login(clock: Clock, names: Mapping[str, str] | None) -> FakeCloudTrail:
    """A login that may list these accounts; None: that may not."""
    gateway = FakeCloudTrail(clock, names=dict(names or {}))
    if names is None:
        gateway.fail["account_names"] = denied("ListAccounts")
    return gateway


async def test_one_account_needs_no_name_and_two_ask_each_login_until_all_have_one(clock: AutoClock) -> None:
    tasks = Tasks()
    told: list[Mapping[str, str]] = []
    names = AccountNames({}, tasks)
    names.changed.subscribe(lambda _: told.append(names.names))
    member, management, other = login(clock, None), login(clock, ORGANIZATION), login(clock, ORGANIZATION)
    names.joined(member, ONE)
    await tasks.idle()
    assert not member.calls
    names.joined(management, TWO)
    names.joined(other, THREE)
    await tasks.idle()
    assert [each.calls["ListAccounts"] for each in (member, management, other)] == [1, 1, 0]
    assert told == [ORGANIZATION]
    assert names.error is None


async def test_where_the_settings_name_them_all_nothing_is_asked(clock: AutoClock) -> None:
    tasks = Tasks()
    names = AccountNames({ONE: "mine", TWO: "yours"}, tasks)
    logins = [login(clock, ORGANIZATION) for _ in range(2)]
    for gateway, account in zip(logins, (ONE, TWO), strict=True):
        names.joined(gateway, account)
    await tasks.idle()
    assert not any(gateway.calls for gateway in logins)


async def test_the_settings_count_more_than_the_organization(clock: AutoClock) -> None:
    tasks = Tasks()
    names = AccountNames({ONE: "mine"}, tasks)
    names.joined(login(clock, None), ONE)
    names.joined(login(clock, ORGANIZATION), TWO)
    await tasks.idle()
    assert names.names == {**ORGANIZATION, ONE: "mine"}


@pytest.mark.parametrize("later", [None, ORGANIZATION])
async def test_a_login_that_may_not_list_them_is_asked_once_and_the_reason_is_kept(
    clock: AutoClock, later: Mapping[str, str] | None
) -> None:
    tasks = Tasks()
    names = AccountNames({}, tasks)
    first, second, third = login(clock, None), login(clock, None), login(clock, later)
    names.joined(first, ONE)
    names.joined(second, TWO)
    await tasks.idle()
    assert names.error is first.fail["account_names"] or names.error is second.fail["account_names"]
    names.joined(third, THREE)
    await tasks.idle()
    assert [each.calls["ListAccounts"] for each in (first, second, third)] == [1, 1, 1]
    assert names.names == (later or {})


async def test_a_session_names_the_accounts_of_its_logins(start: StartSession, service: FakeCloudTrail) -> None:
    async def second() -> Identity:
        return Identity(TWO, f"arn:aws:iam::{TWO}:user/bob")

    other = login(service.clock, ORGANIZATION)
    other.identity = second
    service.fail["account_names"] = denied("ListAccounts")
    logins = [OtherLogin("two", FakeConnector(other, resolved=None))]
    session = await start(other_logins=logins, account_names={THREE: "prod"})
    assert session.state.accounts == (ONE, TWO)
    assert session.state.account_names == {**ORGANIZATION, THREE: "prod"}
    assert (service.calls["ListAccounts"], other.calls["ListAccounts"]) in ((1, 1), (0, 1))


async def test_a_session_of_one_account_asks_for_no_name(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start(account_names={ONE: "mine"})
    assert session.state.account_names == {ONE: "mine"}
    assert service.calls["ListAccounts"] == 0
