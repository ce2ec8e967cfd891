"""Sizes as people write them."""

import pytest

from ctui.model.byte_size import parse_size, size_text


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


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (9_949, "9.9 KB"),
        (9_951, "10 KB"),
        (999_499, "999 KB"),
        (999_600, "1.0 MB"),
        (18_000_000, "18 MB"),
        (2_500_000_000, "2.5 GB"),
        (7_000_000_000_000_000, "7000 TB"),
    ],
)
def test_a_size_is_written_in_three_digits(size: int, text: str) -> None:
    assert size_text(size) == text
