"""The legend in help: it has every mark and every color that the screen can show."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ctui
from ctui.render.help.legend import COLORS, EVENT_MARKS, OTHER_MARKS, TRAIL_MARKS, WORDS
from ctui.render.help.sections import legend_lines
from ctui.render.roles import Role
from ctui.render.text.spans import width

ROWS = [row for rows in (EVENT_MARKS, TRAIL_MARKS, OTHER_MARKS, WORDS, COLORS) for row in rows]
PUNCTUATION = set("≤·…—–→←↑↓±•")
"""What is read as text."""
HEIGHTS = set("▂▄▅▆▇▀")
"""Between those heights of a bar that the legend shows; the last is the end of a scroll bar too."""


def glyphs(folder: str) -> Iterator[str]:
    """Characters beyond ASCII in the texts of a folder's code, without docstrings and box drawing."""
    for path in (Path(ctui.__file__).parent / folder).rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield from (each for each in node.value if not (each.isascii() or 0x2500 <= ord(each) < 0x2580))


@pytest.mark.parametrize("folder", ["render/panes", "render/record", "ui/widgets"])
def test_each_mark_on_the_screen_is_explained(folder: str) -> None:
    explained = {each for line, _ in ROWS for text, _ in line for each in text}
    assert set(glyphs(folder)) - explained - PUNCTUATION - HEIGHTS == set()


def test_each_color_is_explained() -> None:
    explained = {role for line, _ in ROWS for _, role in line}
    assert set(Role) - explained == set()


@pytest.mark.parametrize("cells", [30, 55, 75])
def test_a_mark_and_its_meaning_stand_in_one_row_each(cells: int) -> None:
    assert all(width(line) <= cells for line in legend_lines(cells))
    assert all(means and width(line) <= 12 for line, means in ROWS)
