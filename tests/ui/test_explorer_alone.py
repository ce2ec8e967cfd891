"""The screen asks the explorer, and reads its state: it never touches a query itself."""

import ast
from pathlib import Path

import pytest

import ctui.ui

FILES = sorted(Path(ctui.ui.__file__).parent.rglob("*.py"))
HIDDEN = ("ctui.core.explorer.queries", "ctui.core.explorer.filtered_rows", "ctui.core.lookup.event_query")
"""Modules that only core may know."""


def reaches_past(tree: ast.AST) -> list[str]:
    """What a file uses beyond the explorer: `….queries`, `explorer.query`, `session.feed`, a hidden module."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            of_explorer = owner.strip("_") == "explorer" and node.attr == "query"
            of_session = owner.strip("_") == "session" and node.attr in ("feed", "query")
            if of_explorer or of_session or node.attr == "queries":
                found.append(f"{node.lineno}: {owner}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and node.module in HIDDEN:
            found.append(f"{node.lineno}: {node.module}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_the_screen_talks_to_the_explorer_alone(path: Path) -> None:
    assert reaches_past(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_what_reaches_past_the_explorer_is_found() -> None:
    imported = "from ctui.core.explorer.queries import Queries"
    source = f"{imported}\nself._session.explorer.query.more()\nself._session.queries.ask(x)"
    assert len(reaches_past(ast.parse(source))) == 3
