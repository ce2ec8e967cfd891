"""The README names every field of the filter line and every key. Options: tests/cli/test_settings_table.py."""

import re
from pathlib import Path

from ctui.model.filter.fields import FIELDS
from ctui.ui.actions.registry import ACTIONS, REMEDY_KEYS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_field_of_the_filter_line_is_named() -> None:
    named = set(re.findall(r"`([a-z]+)(?::[^`]*)?`", README))
    assert set(FIELDS) - named == set(), "name it in the README's list of fields"


def test_every_key_of_an_action_is_named() -> None:
    keys = {each.label.split()[0] for each in ACTIONS if each.label} - set(REMEDY_KEYS[1:-1])
    assert keys - set(re.findall(r"`([^`\n]+)`", README)) == set(), "name it in the README's table of keys"
