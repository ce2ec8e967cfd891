"""The usual name of a file: what it is of, in characters that mean nothing to a shell or a file system."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctui.render.export.file_name import file_name

FIRST, LAST = datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 28, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("account", "regions", "stretch", "name"),
    [
        ("111111111111", ["eu-west-1"], (FIRST, LAST), "ctui-111111111111-eu-west-1-20261121-20261128.csv"),
        ("111111111111", ["eu-west-1"], (LAST, LAST), "ctui-111111111111-eu-west-1-20261128.csv"),
        ("111111111111", ["eu-west-1"], (None, LAST), "ctui-111111111111-eu-west-1-all-20261128.csv"),
        ("111111111111", ["eu-west-1", "us-east-1"], None, "ctui-111111111111-2-regions-marked.csv"),
        (None, [], (FIRST, LAST), "ctui-20261121-20261128.csv"),
    ],
)
def test_a_name_says_whose_events_where_and_when(
    account: str | None, regions: Sequence[str], stretch: tuple[datetime | None, datetime] | None, name: str
) -> None:
    assert file_name(account, regions, stretch, ".csv") == name


@given(st.text(), st.lists(st.text(), max_size=2))
def test_a_name_has_plain_characters_whatever_it_is_made_of(account: str, regions: list[str]) -> None:
    name = file_name(account, regions, (FIRST, LAST), ".ndjson")
    assert re.fullmatch(r"ctui(-[A-Za-z0-9]+)+\.ndjson", name)
    assert len(name) <= 120
