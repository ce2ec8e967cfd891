"""Requests of several scopes: which of them were made since a person last asked for more."""

import pytest

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.page_requests import PageRequests
from ctui.core.lookup.planner import ScopeQuery
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.core.tasks import Tasks
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan

SCOPE = Scope("aws", "111111111111", "eu-west-1")


@pytest.mark.parametrize("asked_for_more", [False, True])
async def test_the_next_request_of_a_scope_is_a_new_one(asked_for_more: bool) -> None:
    requests, scan, gap = PageRequests(Tasks()), ScopeScan(ScopeQuery(SCOPE, 0, 10)), GapScan(Scan(SCOPE, 0, 10))

    async def page() -> Page | None:
        return None

    requests.add(scan, gap, page)
    if asked_for_more:
        requests.ask_for_more()
    assert requests.awaited is not asked_for_more
    while scan in requests:
        await requests.arrivals()
    requests.add(scan, gap, page)
    assert requests.awaited, "the person has not asked for more since then"
    while scan in requests:
        await requests.arrivals()
