"""Sizes as people write them."""

import pytest

from ctui.model.byte_size import parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2GiB", 2 * 1024**3),
        ("2g", 2 * 1024**3),
        ("2 GB", 2 * 1000**3),
        ("500MB", 500 * 1000**2),
        ("1.5MiB", 1_572_864),
        ("10k", 10_240),
        (" 1TiB ", 1024**4),
        ("0.5kb", 500),
    ],
)
def test_a_size(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "2", "GiB", "-2GiB", "2PiB", "2GiBs", "1e3M", "2 G B", "٢GiB", "1.GiB", "9999999G", "2  G"]
)
def test_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)
