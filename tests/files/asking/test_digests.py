"""Rows are found by the digests of their events' IDs, in every segment and only where they are alive."""

from random import Random

from support.real_records import event_of
from support.segments import MadeSegments

from ctui.files.asking.digests import Digests
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.model.lookup.interval import Stretch


def test_rows_by_digest() -> None:
    random = Random(3)
    events = [event_of({"n": n}, event_id=f"id {n % 40}") for n in range(60)]
    index = MadeSegments()
    index.scatter(events, random)
    index.leave(random.sample(index.ids().tolist(), 7))
    digests, ids = Digests(index, 1), index.ids()
    of_rows = digests.of_rows(ids)
    assert list(of_rows) == [event_digest(index.event(row).event_id) for row in ids]
    found = digests.rows_with([*of_rows, 12345])
    assert {digest: sorted(rows) for digest, rows in found.items()} == {
        digest: sorted(row for row, other in zip(ids, of_rows, strict=True) if other == digest) for digest in of_rows
    }
    second = int(events[0].time.timestamp())
    assert digests.rows_with(of_rows, Stretch(second, second + 1)) == found
    assert digests.rows_with(of_rows, Stretch(second + 1, second + 2)) == {}
    assert digests.rows_with([]) == {}


def test_a_row_that_is_not_here_has_no_digest() -> None:
    index = MadeSegments()
    index.add([event_of({}, event_id="one")])
    (row,) = index.ids()
    assert list(Digests(index, 1).of_rows([row, row + 1, FIRST_ROW * 2 - 1])) == [event_digest("one"), 0, 0]
    assert list(Digests(index, 1).of_rows([])) == []
