"""The README names every field of the filter line and every key. Options: tests/cli/test_settings_table.py."""

import re
from datetime import UTC, datetime
from pathlib import Path

from ctui.core.explorer.typed_line import TypedLine
from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import FIELDS
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.selection import asked_first
from ctui.model.filter.terms import Filter
from ctui.model.lookup.timespan import ALL_HISTORY
from ctui.render.help.changed_keys import CHANGED_KEYS, EVERYWHERE
from ctui.render.help.grammar import FORMS, QUESTIONS
from ctui.render.panes.filter_notes import EXAMPLE
from ctui.ui.actions.registry import ACTIONS, REMEDY_KEYS
from ctui.ui.panes import Pane

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_field_of_the_filter_line_is_named() -> None:
    named = set(re.findall(r"`([a-z]+)(?::[^`]*)?`", README))
    assert set(FIELDS) - named == set(), "name it in the README's list of fields"


def test_the_grammar_and_the_questions_of_the_help_are_there() -> None:
    rows = dict(re.findall(r"^\| (.+?) \| `(.+?)` \|", README, re.MULTILINE))
    written = re.findall(r"^\| `(.+?)` \|", README, re.MULTILINE)
    assert [form for form, _ in FORMS if form not in written] == []
    assert [(question, line) for question, line in QUESTIONS if rows.get(question) != line] == []
    assert f"    {EXAMPLE}\n" in README


def test_what_aws_selects_by_is_true_of_each_question() -> None:
    selects = dict(re.findall(r"^\| .+? \| `(.+?)` \| (.+?) \|$", README, re.MULTILINE))
    for _, line in QUESTIONS:
        lookup = (
            TypedLine("", Filter(), ALL_HISTORY, ALL_HISTORY).typed(line, datetime(2026, 11, 28, tzinfo=UTC)).lookup()
        )
        clauses = (*lookup.all_clauses, asked_first(parse_filter(line)))
        keys = {attribute.key.value for clause in clauses for attribute in clause}
        assert {word for word in re.findall(r"\w+", selects[line]) if word in set(AttributeKey)} == keys, line


def test_every_key_of_an_action_is_named() -> None:
    keys = {each.label.split()[0] for each in ACTIONS if each.label} - set(REMEDY_KEYS[1:-1])
    assert keys - set(re.findall(r"`([^`\n]+)`", README)) == set(), "name it in the README's table of keys"


KEYS_BEFORE = frozenset(
    re.findall(
        r"\S+",
        "/ enter tab t c m M f w x ctrl+l [ ] R 5 6 7 8 9 n e s d l r 1 2 3 4 shift+tab k j g G ctrl+d ctrl+u pgdn "
        "pgup esc ? ctrl+p q ↑ ↓ home end f1",
    )
)
"""The keys that ctui had before its keys changed."""


def test_every_key_that_changed_is_in_the_one_table() -> None:
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| (.+?) \| (.+?) \|$", README, re.MULTILINE)
    assert rows == [(each.pane, each.keys, each.before, each.now) for each in CHANGED_KEYS]
    changed = {key for each in CHANGED_KEYS for key in each.keys.split()}
    new = {key for each in ACTIONS if each.label for key in each.label.split()} - KEYS_BEFORE
    assert new - changed == set(), "say in CHANGED_KEYS what it did before"
    headings = {each.pane for each in CHANGED_KEYS}
    for each in (one for one in ACTIONS if one.label and not set(one.label.split()) <= KEYS_BEFORE):
        panes = {pane.value.title() for pane in each.panes} or {EVERYWHERE}
        rows_of_key = {row.pane for row in CHANGED_KEYS if set(each.label.split()) & set(row.keys.split())}
        assert panes & headings <= rows_of_key, f"{each.label} is said for other panes than it works in"
    in_detail = {key for each in ACTIONS if each.panes == (Pane.DETAIL,) for key in each.label.split()}
    assert in_detail - {key for each in CHANGED_KEYS if each.pane == "Detail" for key in each.keys.split()} == set()
