"""Remedies name keys of the screen; a command without one says what to do instead."""

import ast
import re
from pathlib import Path

import pytest

import ctui
from ctui.cli.headless.remedies import without_keys

PACKAGE = Path(ctui.__file__).parent
KEY = re.compile(r"\b[Pp]ress\b|\bthen r\b|\bm continues\b")


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Check network, VPN and proxy, then press r.", "Check network, VPN and proxy, then run it again."),
        ("Press r to try again.", "Run it again."),
        ("Press r in a moment; if it stays, check it.", "Run it again in a moment; if it stays, check it."),
        ("It is gone. Press esc, then r to refresh the trails.", "It is gone. Run it again."),
        ("m continues from here; nothing counts", "Run it again to continue from here; nothing counts"),
        ("It is empty. m continues from here.", "It is empty. Run it again to continue from here."),
        ("It is empty: m continues from here.", "It is empty: run it again to continue from here."),
        ("express r and press releases", "express r and press releases"),
        (
            "Press L to run `aws sso login` here, or run it in another terminal: ctui goes on by itself.",
            "Run `aws sso login`, then run this again.",
        ),
    ],
)  # fmt: skip
def test_a_key_becomes_running_it_again(text: str, instead: str) -> None:
    assert without_keys(text) == instead


def test_no_text_outside_the_screen_names_a_key_after_that() -> None:
    folders = ("aws", "model", "core", "store")
    files = [path for folder in folders for path in (PACKAGE / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text("utf-8")) for path in (*files, PACKAGE / "errors.py")]
    texts = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value
    ]
    keyed = [text for text in texts if KEY.search(text) and "presses" not in text]
    assert len(keyed) > 30
    assert [text for text in keyed if KEY.search(without_keys(text))] == []


def test_a_key_behind_what_it_does_is_left_out() -> None:
    assert without_keys("choose another (e)") == "choose another"
    assert without_keys("refresh (r); the field is shown") == "refresh; the field is shown"
    assert without_keys("a value (or two) of (x) y") == "a value (or two) of (x) y"
