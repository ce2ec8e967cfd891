"""Plain American English in docstrings, comments and texts on the screen."""

import tokenize
from pathlib import Path

import pytest
from support.plain_words import AVOIDED

CTUI = Path(__file__).parents[1] / "ctui"
ROOMS: tuple[str, ...] = (
    "aws",
    "cli",
    "config",
    "core",
    "emulator",
    "errors.py",
    "model",
    "parsing.py",
    "render",
    "store",
    "threads.py",
    "ui",
    "unpacking",
)
"""Folders and files of ctui that are held to plain words, with everything below a folder."""
KEPT = ('_FIRST_START = "begun"',)
"""Lines with a word that is data: a key in the state of an emulator's --data folder."""


def avoided_words(path: Path) -> list[str]:
    """Each avoided word in a string or a comment of a file, with its line."""
    with tokenize.open(path) as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    return [
        f"{path.relative_to(CTUI)}:{token.start[0]}: {found.group()}"
        for token in tokens
        if token.type in (tokenize.STRING, tokenize.COMMENT) and token.line.strip() not in KEPT
        for found in AVOIDED.finditer(token.string)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_written_in_plain_words(room: str) -> None:
    path = CTUI / room
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    assert files
    assert [found for path in files for found in avoided_words(path)] == []
