"""The digest of an event's ID."""

import uuid

import pytest

from ctui.model.connection import files_scope
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW, tree_of


@pytest.mark.parametrize(
    ("event_id", "digest"),
    [
        ("00000000-0000-0000-0123-456789abcdef", 0x0123456789ABCDEF),
        ("00000000-0000-0001-0000-000000000000", 4_417_276_706_812_531_889),
        ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", (2**128 - 1) % 14_029_467_366_897_019_727),
    ],
)
def test_uuid(event_id: str, digest: int) -> None:
    assert event_digest(event_id) == event_digest(event_id.lower()) == digest


@pytest.mark.parametrize("event_id", ["", "x", "shared-\ud800", "0123456g-89ab-cdef-0123-456789abcdef", "-" * 36])
def test_other_texts(event_id: str) -> None:
    assert 0 <= event_digest(event_id) < 2**64
    assert event_digest(event_id) != event_digest(f"{event_id}a")


def test_ids_that_somebody_counted_up_differ() -> None:
    counted = [str(uuid.UUID(int=number)) for number in range(1000)]
    counted += [f"{number:08x}-0000-4000-8000-0000000000{number % 100:02}" for number in range(1000)]
    counted += [str(uuid.UUID(int=number << 64)) for number in range(1, 1000)]
    assert len(set(map(event_digest, counted))) == len(set(counted))


def test_row_ids_name_their_tree() -> None:
    assert [tree_of(row) for row in (1, FIRST_ROW - 1, FIRST_ROW, 3 * FIRST_ROW + 70_000)] == [0, 0, 1, 3]


def test_scope_of_files() -> None:
    scope = files_scope("/logs/a")
    assert (scope.in_files, scope.provisional) == (True, False)
