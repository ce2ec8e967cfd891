"""The README names every option and every field of the filter line."""

import re
from pathlib import Path

from ctui.config.settings import NAMES as SETTINGS
from ctui.model.filter.fields import NAMES as FIELDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_of_options() -> None:
    options = set(re.findall(r"--[a-z-]+", "".join(line for line in README.splitlines() if line.startswith("| `--"))))
    assert {f"--{name.replace('_', '-')}" for name in SETTINGS} - options == set()


def test_every_field_of_the_filter_line_is_named() -> None:
    named = set(re.findall(r"`([a-z]+)(?::[^`]*)?`", README))
    assert set(FIELDS) - named == set()
