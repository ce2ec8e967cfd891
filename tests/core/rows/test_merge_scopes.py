"""An event is listed once, by whichever id it was listed first."""

from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import event
from support.stored import insert

from ctui.core.rows.merge_scopes import merge_rows
from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.store.events import EventStore
from ctui.store.search import Rows

SECOND = int(EPOCH.timestamp())


async def test_a_row_listed_under_one_id_is_not_listed_again_under_the_other(store: EventStore) -> None:
    account, provisional = Scope("aws", "111111111111", "eu-west-1"), Scope("aws", "?x", "eu-west-1")
    known = await insert(store, account, [event("a", EPOCH)])
    given = await insert(store, provisional, [event("a", EPOCH), event("b", EPOCH)])
    await store.alias_account(provisional, account.account)
    for first, then in ((known, given), (given[:1], [known[0], given[1]])):
        rows = RowIndex()
        assert await merge_rows(store, rows, [account], Rows.of([(row_id, SECOND) for row_id in first])) == 1
        assert await merge_rows(store, rows, [account], Rows.of([(row_id, SECOND) for row_id in then])) == 1
        assert list(rows.ids) == [first[0], given[1]]
    assert await merge_rows(store, rows, [account], Rows.of([])) == 0
