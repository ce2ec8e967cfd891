"""The table of settings: flags, variables, the settings file, --help and the README are made from it or held to it."""

from dataclasses import fields
from pathlib import Path

import click
import pytest

from ctui.cli.commands import cli
from ctui.config.load_settings import load_settings
from ctui.config.settings import SETTINGS, Setting, Settings

README = Path(__file__).parents[2] / "README.md"
NO_SETTINGS = {"files_alone", "problems", "origins", "questions", "accounts", "account_names"}


def test_every_field_is_a_setting_but_the_tables_of_the_file_and_what_tells_of_reading() -> None:
    assert {field.name for field in fields(Settings)} == SETTINGS.keys() | NO_SETTINGS


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_each_setting_is_a_flag_with_its_help_and_a_line_of_the_readme(setting: Setting) -> None:
    (option,) = [each for each in cli.params if setting.flag in each.opts]
    assert isinstance(option, click.Option)
    assert option.name == setting.name
    assert option.help == setting.help
    assert option.is_flag is (not setting.metavar)
    usage = f"{setting.flag} {setting.metavar}".strip()
    assert [line for line in README.read_text("utf-8").splitlines() if line.startswith("| ") and f"`{usage}`" in line]


def test_a_flag_that_is_no_setting_belongs_to_one_run() -> None:
    flags = {option for each in cli.params for option in each.opts} - {each.flag for each in SETTINGS.values()}
    assert flags == {"--demo", "--version"}


def test_where_each_value_came_from_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "nord"\nregion = "from-the-file"\n')
    settings = load_settings({"region": "eu-west-1"}, {"CTUI_SINCE": "3h"}, file)
    assert settings.origins == {"region": "--region", "since": "CTUI_SINCE", "theme": f"{file}: theme"}
