"""Every text that a person sees, listed from the source, and its rules: the fact, then the key, in plain words."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from support.plain_words import AVOIDED

import ctui
from ctui import errors
from ctui.render.help.grammar import FORMS, QUESTIONS, field_rows
from ctui.render.text.spans import cells
from ctui.ui.actions.registry import ACTIONS, REMEDY_KEYS, footer_actions
from ctui.ui.forms.specs import SPECS
from ctui.ui.panes import Pane

HOME = Path(ctui.__file__).parent
KEY = r"(?:enter|esc|tab|space|ctrl\+[a-z]|[b-zB-Z0-9?])"
HINT = re.compile(rf"(?:^|[·:;,.] |   ){KEY} (?P<verb>[a-z]+)")
"""A key and what it does, as it stands at the end of a text or in a footer."""
WORDS = re.compile(r"[a-z]{2,} [a-z]|[a-z]\. ", re.IGNORECASE)
NOUNS = frozenset(("status", "details", "trails"))
"""Words behind a key that end with s and are no verbs."""
ESC = frozenset(("cancel", "stop", "close", "back", "discard"))
"""What esc does, one word for each: cancel a form, stop a load, close a box, go back, discard what was typed."""
ERRORS = frozenset(name for name, kind in vars(errors).items() if isinstance(kind, type))


def literal(node: ast.expr) -> str | None:
    """The text of a string or an f-string, with {} for each value; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """Strings that stand as statements: docstrings of modules, classes, functions and attributes."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def texts_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of each string that reads like words: not a docstring, a style sheet, a pattern or an id."""
    skipped = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.FormattedValue):
            skipped.update(child for child in ast.walk(node) if isinstance(child, ast.expr) and child is not node)
        if isinstance(node, ast.Assert) and node.msg is not None:
            skipped.add(node.msg)
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or node in skipped:
            continue
        text = literal(node)
        if text is not None and WORDS.search(text) and "{ " not in text and "\n    " not in text:
            yield node.lineno, text


@cache
def files() -> dict[str, ast.Module]:
    """Every file of the source, parsed, by its name. Tests read it: each process of a run imports this file."""
    return {str(path.relative_to(HOME)): ast.parse(path.read_text()) for path in sorted(HOME.rglob("*.py"))}


@cache
def shown() -> list[tuple[str, str]]:
    """(file and line, text) of what the screen is made of: toasts, footers, placeholders, titles, notes, boxes."""
    trees = {name: tree for name, tree in files().items() if Path(name).parts[0] in {"ui", "render"}}
    return [(f"{name}:{line}", text) for name, tree in trees.items() for line, text in texts_of(tree)]


@cache
def error_texts() -> list[tuple[str, str, tuple[str, ...]]]:
    """(file and line, class, title and message and remedy) of each error that is written out where it is raised."""
    found = []
    # What the emulator raises is read by who runs it, not on the screen.
    for name, tree in files().items():
        for node in ast.walk(tree) if "emulator" not in Path(name).parts else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                words = tuple(text for argument in node.args if (text := literal(argument)) is not None)
                if words:
                    found.append((f"{name}:{node.lineno}", node.func.id, words))
    return found


def reasons() -> list[tuple[str, str]]:
    """(place, text) of each reason why an action is disabled."""
    return [text for text in shown() if text[0].startswith("ui/actions/disabled_reason.py")]


def hints(text: str) -> list[str]:
    """What the keys named in a text do."""
    return [match["verb"] for match in HINT.finditer(text)]


@cache
def every() -> list[tuple[str, str]]:
    """(place, text) of all that a person sees."""
    texts_of_specs = ((spec, (spec.section, spec.label, spec.help, spec.example)) for spec in SPECS)
    return [
        *shown(),
        *((f"action {each.id}", text) for each in ACTIONS for text in (each.title, each.help)),
        *((f"field {spec.field}", text) for spec, texts in texts_of_specs for text in texts),
        *((f"filter {written}", means) for written, means in (*FORMS, *field_rows(), *QUESTIONS)),
        *((place, text) for place, _, words in error_texts() for text in words),
    ]


def test_the_list_holds_what_people_see() -> None:
    texts = {text for _, text in every()}
    assert len(shown()) > 200
    assert len(error_texts()) > 50
    assert len(reasons()) > 25
    assert {
        "incomplete filter",
        "Canceled. Nothing was sent.",
        "No connection.",
        "already loading the next page",
    } <= texts


def test_texts_are_plain_american_words() -> None:
    assert [(place, text) for place, text in every() if AVOIDED.search(text)] == []


def test_texts_end_with_one_sign_and_hold_single_blanks() -> None:
    bad = [(place, text) for place, text in every() if re.search(r"[.!?;:,]{2,}$|[^.]\.\.(?!\.)$", text)]
    assert [each for each in bad if "..all" not in each[1]] == []


def test_a_key_stands_before_a_bare_verb() -> None:
    """`r retry`, `esc cancel`: never `r tries again` here and `esc cancel` there."""
    bad = [(place, text) for place, text in every() for verb in hints(text) if verb.endswith("s") and verb not in NOUNS]
    assert bad == []


def test_esc_has_one_word_for_each_thing_it_does() -> None:
    words = {word: place for place, text in shown() for word in re.findall(r"\besc ([a-z]+)", text)}
    assert {word: place for word, place in words.items() if word not in {*ESC, "left"}} == {}
    assert set(words) >= ESC


def test_hints_are_found_where_they_stand() -> None:
    assert hints("already loading the whole range; esc stop") == ["stop"]
    assert hints("enter review") == ["review"]
    assert hints("no connection; r tries again") == ["tries"]
    assert hints("A trail is a thing") == []


@pytest.mark.parametrize("each", ACTIONS, ids=lambda each: each.id)
def test_an_action_fits_into_footer_palette_and_help(each: object) -> None:
    action = next(known for known in ACTIONS if known is each)
    assert 0 < cells(action.title) <= 16
    assert action.help[0].isupper()
    assert action.help.endswith(".")
    assert cells(action.help) <= 72
    assert cells(action.label) <= 10


@pytest.mark.parametrize("pane", Pane)
def test_the_keys_that_matter_most_fit_into_80_columns(pane: Pane) -> None:
    """Those that a person needs in a pane, without the ones that give way in the middle."""
    first, *others = (f"{each.label.split()[0]} {each.title}" for each in footer_actions(pane))
    assert cells("  ".join((first, *others[:4], "? help", "q quit"))) <= 80


def test_a_reason_is_a_short_phrase() -> None:
    for place, reason in reasons():
        assert reason[0].islower(), place
        assert not reason.endswith("."), place
        assert cells(reason) <= 60, place


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.field))
def test_a_field_of_the_form_fits_into_80_columns(spec: object) -> None:
    field = next(known for known in SPECS if known is spec)
    assert cells(field.label) <= 17
    assert cells(field.help) <= 50
    assert field.help.endswith(".")


def test_an_error_has_a_short_title_and_whole_sentences() -> None:
    for place, _, (title, *sentences) in error_texts():
        if sentences:
            assert cells(title) <= 60, place
            assert not title.endswith("."), place


def test_each_suggestion_has_its_own_key() -> None:
    assert [each.label for each in ACTIONS if each.id.startswith("remedy-")] == list(REMEDY_KEYS)
