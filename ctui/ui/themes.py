"""Colors: house themes and a person's own from TOML files, and how each role of text looks in whatever theme is on.

A theme file has `name` and `dark`, a table `[colors]` with Textual's base colors (`primary` is needed, the others are
derived where absent), and, if wanted, `[variables]` with further theme variables of Textual. Textual registers a theme
with a bad color without a word and dies when it is used, so everything is parsed here.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

import ctui
from ctui.errors import SettingsError
from ctui.parsing import Unreadable, read_toml, shortened, shown
from ctui.render.roles import Role

DEFAULT_THEME = "ctui-dark"

ROLE_STYLES: Mapping[Role, str] = {
    Role.PLAIN: "$foreground",
    Role.STRONG: "bold $foreground",
    Role.DIM: "$foreground-muted",
    Role.LABEL: "$foreground-muted",
    Role.TIME: "$foreground",
    Role.EVENT: "bold $foreground",
    Role.USER: "$text-secondary",
    # With 16 colors, or none, only this sets keys apart from what they do.
    Role.ACCENT: "bold $text-primary",
    Role.GOOD: "$text-success",
    Role.WARNING: "$text-warning",
    Role.ERROR: "bold $text-error",
    Role.VISIBLE_CONTROL: "reverse $text-warning",
    Role.JSON_KEY: "$text-secondary",
    Role.JSON_TEXT: "$foreground",
    Role.JSON_NUMBER: "$text-primary",
    Role.JSON_WORD: "$text-primary",
    Role.HIT: "bold underline $text-warning",
    Role.FOUND: "bold reverse $text-primary",
}
"""The one home of role colors: Textual style strings over variables every theme has."""

BASE_COLORS = (
    "primary", "secondary", "warning", "error", "success", "accent", "foreground", "background", "surface", "panel",
    "boost",
)  # fmt: skip

_KEYS = ("name", "dark", "colors", "variables")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HOUSE_FILE = f"{DEFAULT_THEME}.toml"
_TEXT_STYLES = frozenset(("bold", "dim", "italic", "underline", "underline2", "reverse", "strike", "blink"))
_LONGEST_KEY = 60
"""Characters of an unknown key that a message repeats, and that are compared with those there are."""
_PERCENT = re.compile(r" +[0-9]{1,3}%$")


def house_folder() -> Path:
    """Where the house themes lie: inside the installed package, or at the top of a checkout."""
    package = Path(ctui.__file__).parent
    inside = package / "themes"
    return inside if (inside / _HOUSE_FILE).is_file() else package.parent / "themes"


def load_themes(extra: Sequence[Path] = ()) -> tuple[tuple[Theme, ...], tuple[SettingsError, ...]]:
    """House themes, then those of `extra` folders, a later one of the same name in place of the earlier; and errors.

    An error names file and key. A theme is kept without its bad color if it can do without it. Folders that do not
    exist are passed over, the house's excepted.
    """
    themes: dict[str, Theme] = {}
    problems: list[SettingsError] = []
    house = house_folder()
    if not house.is_dir():
        problems.append(_problem(house, "does not exist: the built-in themes are missing"))
    for folder in (house, *extra):
        for path in sorted(folder.glob("*.toml")):
            theme, errors = read_theme(path)
            problems += errors
            if theme is not None:
                themes[theme.name] = theme
    return tuple(themes.values()), tuple(problems)


def read_theme(path: Path) -> tuple[Theme | None, tuple[SettingsError, ...]]:
    """The theme in one file, or None if it is unusable, and its errors."""
    try:
        settings = read_toml(path)
    except FileNotFoundError:
        return None, (_problem(path, "cannot be read: no such file"),)
    except Unreadable as error:
        return None, (_problem(path, f"cannot be read: {error.reason}"),)
    problems = [_unknown(path, key, _KEYS) for key in settings if key not in _KEYS]
    name = settings.get("name", path.stem)
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        return None, (*problems, _problem(path, f"name: {shown(name)} must be lower-case letters, digits and dashes"))
    dark = settings.get("dark", True)
    if not isinstance(dark, bool):
        problems.append(_problem(path, f"dark: {shown(dark)} must be true or false"))
        dark = True
    colors, errors = _colors(path, settings.get("colors", {}))
    problems += errors
    variables, errors = _variables(path, settings.get("variables", {}), colors, dark)
    problems += errors
    if "primary" not in colors:
        return None, (*problems, _problem(path, "colors.primary: is required"))
    return Theme(name=name, dark=dark, variables=variables, **colors), tuple(problems)


def _colors(path: Path, table: object) -> tuple[dict[str, Any], list[SettingsError]]:
    colors: dict[str, Any] = {}
    problems: list[SettingsError] = []
    for key, value in _pairs(table):
        if key not in BASE_COLORS:
            problems.append(_unknown(path, f"colors.{key}", [f"colors.{each}" for each in BASE_COLORS]))
        elif _is_color(value):
            colors[key] = value
        else:
            problems.append(_problem(path, f"colors.{key}: {shown(value)} is not a color"))
    if not isinstance(table, dict):
        problems.append(_problem(path, "colors: must be a table"))
    return colors, problems


def _variables(
    path: Path, table: object, colors: dict[str, Any], dark: bool
) -> tuple[dict[str, str], list[SettingsError]]:
    variables: dict[str, str] = {}
    problems: list[SettingsError] = []
    base = {**colors, "primary": colors.get("primary", "#808080")}
    known = Theme(name="known", dark=dark, **base).to_color_system().generate()
    for key, value in _pairs(table):
        if key not in known:
            problems.append(_unknown(path, f"variables.{key}", [f"variables.{each}" for each in known]))
        elif isinstance(value, str) and _fits(key, value):
            variables[key] = value
        else:
            problems.append(_problem(path, f"variables.{key}: {shown(value)} cannot be used there"))
    if not isinstance(table, dict):
        problems.append(_problem(path, "variables: must be a table"))
    return variables, problems


def _fits(key: str, value: str) -> bool:
    if key.endswith("-style") or "-style-" in key:
        return value == "none" or all(word in _TEXT_STYLES for word in value.split())
    return value == "transparent" or _is_color(_PERCENT.sub("", value)) or _PERCENT.sub("", value) == "auto"


def _is_color(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        Color.parse(value)
    except (ColorParseError, ValueError, ArithmeticError):
        return False
    return True


def _pairs(table: object) -> Iterable[tuple[str, object]]:
    return table.items() if isinstance(table, dict) else ()


def _unknown(path: Path, key: str, known: Iterable[str]) -> SettingsError:
    key = shortened(key, _LONGEST_KEY)
    near = difflib.get_close_matches(key, list(known), 1)
    return _problem(path, f"{key}: is unknown" + (f"; did you mean {near[0]}?" if near else ""))


def _problem(path: Path, what: str) -> SettingsError:
    sentence = what if what.endswith(("?", ".")) else f"{what}."
    return SettingsError("Theme", f"{path}: {sentence}", "The other themes and colors are in use.")
