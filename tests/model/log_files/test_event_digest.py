"""The digest of an event's ID."""

import uuid

import pytest

from ctui.model.connection import files_scope
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW, tree_of


@pytest.mark.parametrize(
    ("event_id", "digest"),
    [
        ("01234567-89ab-cdef-0123-456789abcdef", 0x0123456789ABCDEF),
        ("FFFFFFFF-FFFF-FFFF-0000-000000000000", 2**64 - 1),
    ],
)
def test_uuid(event_id: str, digest: int) -> None:
    assert event_digest(event_id) == digest


@pytest.mark.parametrize("event_id", ["", "x", "shared-\ud800", "0123456g-89ab-cdef-0123-456789abcdef", "-" * 36])
def test_other_texts(event_id: str) -> None:
    assert 0 <= event_digest(event_id) < 2**64
    assert event_digest(event_id) != event_digest(f"{event_id}a")


def test_digests_of_uuids_are_their_first_bytes() -> None:
    event_id = uuid.UUID(int=2**127 + 12345)
    assert event_digest(str(event_id)) == int.from_bytes(event_id.bytes[:8])


def test_row_ids_name_their_tree() -> None:
    assert [tree_of(row) for row in (1, FIRST_ROW - 1, FIRST_ROW, 3 * FIRST_ROW + 70_000)] == [0, 0, 1, 3]


def test_scope_of_files() -> None:
    scope = files_scope("/logs/a")
    assert (scope.in_files, scope.provisional) == (True, False)
