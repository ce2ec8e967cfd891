"""The README names every field of the filter line. Options: tests/cli/test_settings_table.py."""

import re
from pathlib import Path

from ctui.model.filter.fields import FIELDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_field_of_the_filter_line_is_named() -> None:
    named = set(re.findall(r"`([a-z]+)(?::[^`]*)?`", README))
    assert set(FIELDS) - named == set()
