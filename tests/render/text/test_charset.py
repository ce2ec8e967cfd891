"""What is drawn in a locale that is not UTF-8: the same cells, frame and marks in ASCII."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual._border import BORDER_CHARS

import ctui
from ctui.render.help.legend import EVENT_MARKS, TRAIL_MARKS
from ctui.render.roles import Line
from ctui.render.text.charset import encoder
from ctui.render.text.safe import text_cells

LATIN, KOREAN = "iso8859-1", "euc_kr"
NO_ASCII_OF_ONE_CELL = frozenset("␛␡")
"""Stand-ins for characters that may not be drawn, which are shown in exchanged colors."""


def drawn_characters() -> Iterator[str]:
    """Every character beyond ASCII in a text that ctui draws."""
    root = Path(ctui.__file__).parent
    for path in (*(root / "ui").rglob("*.py"), *(root / "render").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield from (each for each in node.value if not each.isascii() and each.isprintable())


@pytest.mark.parametrize("encoding", [LATIN, KOREAN, "koi8_r", "ascii"])
def test_all_that_ctui_and_its_borders_draw_has_an_ascii_form(encoding: str) -> None:
    borders = {
        character for rows in BORDER_CHARS.values() for row in rows for character in row if character.isprintable()
    }
    encode = encoder(encoding)
    own = {character for character in drawn_characters() if text_cells(character) == 1} - NO_ASCII_OF_ONE_CELL
    # What hints and exports know of foreign writing is compared, not drawn.
    lost = {character for character in own | borders if encode(character) == b"?"}
    assert lost == set()
    assert all(encode(character).isascii() for character in borders)


def marks_of(legend: tuple[tuple[Line, str], ...]) -> list[str]:
    return [line[0][0] for line, _ in legend]


@pytest.mark.parametrize("legend", [EVENT_MARKS, TRAIL_MARKS])
def test_marks_that_differ_still_differ(legend: tuple[tuple[Line, str], ...]) -> None:
    marks = marks_of(legend)
    assert len({encoder(LATIN)(mark) for mark in marks}) == len(marks)


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("╭─ ● 3 Events ─╮", LATIN, b"+- * 3 Events -+"),
        ("Zoë · Łukasz", LATIN, b"Zo\xeb . ?ukasz"),
        ("日本", LATIN, b"????"),
        ("한국 ±", KOREAN, "한국 ~".encode(KOREAN)),
        ("д", KOREAN, b"?"),
        ("e\u0301", LATIN, b"e"),
        ("⟨U+202E⟩", LATIN, b"<U+202E>"),
        ("\x1b[2;3H\x1b]52;c;YQ==\x07", LATIN, b"\x1b[2;3H\x1b]52;c;YQ==\x07"),
    ],
)
def test_a_text_keeps_its_cells(text: str, encoding: str, written: bytes) -> None:
    assert encoder(encoding)(text) == written
