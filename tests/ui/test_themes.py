"""Themes: found, read, and named by file and key where they are wrong."""

import shutil
from pathlib import Path

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from ctui.render.roles import Role
from ctui.ui.themes import DEFAULT_THEME, ROLE_STYLES, house_folder, load_themes, read_theme

GOOD = '[colors]\nprimary = "#112233"\n'


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_the_house_themes_load_without_a_word() -> None:
    themes, problems = load_themes()
    assert problems == ()
    assert {(each.name, each.dark) for each in themes} == {("ctui-dark", True), ("ctui-light", False)}
    assert DEFAULT_THEME in {each.name for each in themes}


def test_a_persons_theme_takes_the_place_of_a_house_theme(tmp_path: Path) -> None:
    write(tmp_path, f'name = "ctui-dark"\n{GOOD}')
    themes, problems = load_themes([tmp_path, tmp_path / "absent"])
    assert problems == ()
    assert {each.name: each.primary for each in themes}["ctui-dark"] == "#112233"


def test_a_theme_without_a_name_has_that_of_its_file(tmp_path: Path) -> None:
    theme, problems = read_theme(write(tmp_path, GOOD))
    assert problems == ()
    assert theme is not None
    assert (theme.name, theme.dark) == ("mine", True)


@pytest.mark.parametrize(
    ("text", "says", "kept"),
    [
        (GOOD + 'error = "#12345"', "colors.error: '#12345' is not a color", True),
        (GOOD + 'error = "#zzzzzz"', "colors.error: '#zzzzzz' is not a color", True),
        (GOOD + "error = 7", "colors.error: 7 is not a color", True),
        (GOOD + 'eror = "#112233"', "colors.eror: is unknown; did you mean colors.error?", True),
        ('[colors]\nprimary = "nope"', "colors.primary: 'nope' is not a color", False),
        ("", "colors.primary: is required", False),
        ("colors = 3", "colors: must be a table", False),
        ("variables = 3\n" + GOOD, "variables: must be a table", True),
        ("[colors", "cannot be read", False),
        ('name = "[red]x"\n' + GOOD, "name: '[red]x' must be", False),
        ('dark = "yes"\n' + GOOD, "dark: 'yes' must be true or false", True),
        ("drak = true\n" + GOOD, "drak: is unknown; did you mean dark?", True),
        (GOOD + '[variables]\nborder = "#12"', "variables.border: '#12' cannot be used there", True),
        (GOOD + '[variables]\nbordr = "#123456"', "variables.bordr: is unknown; did you mean variables.border?", True),
        (GOOD + '[variables]\nblock-cursor-text-style = "fat"', "variables.block-cursor-text-style: 'fat'", True),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(tmp_path: Path, text: str, says: str, kept: bool) -> None:
    path = write(tmp_path, text)
    theme, problems = read_theme(path)
    assert any(str(path) in each.message and says in each.message for each in problems)
    assert (theme is not None) == kept
    themes, _ = load_themes([tmp_path])
    assert "ctui-dark" in {each.name for each in themes}


@pytest.mark.parametrize("value", ["#5ba7e6 35%", "auto 87%", "transparent", "rgb(1,2,3)", "ansi_red"])
def test_variables_take_what_textual_takes(tmp_path: Path, value: str) -> None:
    theme, problems = read_theme(write(tmp_path, f'{GOOD}[variables]\nborder = "{value}"'))
    assert problems == ()
    assert theme is not None
    assert theme.variables == {"border": value}


def test_a_file_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    themes, problems = load_themes([tmp_path])
    assert len(problems) == 1
    assert len(themes) == 2


def test_a_wheel_carries_the_themes_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "ctui"
    shutil.copytree(house_folder(), package / "themes")
    monkeypatch.setattr("ctui.__file__", str(package / "__init__.py"))
    assert house_folder() == package / "themes"
    assert load_themes()[1] == ()


def all_themes() -> list[Theme]:
    return [*load_themes()[0], *BUILTIN_THEMES.values()]


@pytest.mark.parametrize("theme", all_themes(), ids=lambda each: each.name)
async def test_every_role_has_a_style_in_every_theme(theme: Theme) -> None:
    app: App[None] = App()
    async with app.run_test():
        app.register_theme(theme)
        app.theme = theme.name
        assert set(ROLE_STYLES) == set(Role)
        for text in ROLE_STYLES.values():
            assert app.stylesheet.parse_style(text).foreground is not None


def luminance(color: Color) -> float:
    parts = [value / 255 for value in color.rgb]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", load_themes()[0], ids=lambda each: each.name)
def test_house_themes_are_legible(theme: Theme) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2, AA) on each of the backgrounds text stands on."""
    colors = theme.to_color_system().generate()
    for ground in ("background", "surface", "panel", "block-cursor-background", "block-cursor-blurred-background"):
        back = Color.parse(colors[ground])
        for style in ROLE_STYLES.values():
            text = Color.parse(colors[style.split("$")[1]])
            light, dark = sorted((luminance(text), luminance(back)), reverse=True)[:2]
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ground, style)


@pytest.mark.parametrize("theme", load_themes()[0], ids=lambda each: each.name)
def test_house_themes_stay_apart_from_the_ground_in_sixteen_colours(theme: Theme) -> None:
    from rich.color import Color as RichColor
    from rich.color import ColorSystem

    def sixteen(value: str) -> int | None:
        return RichColor.parse(Color.parse(value).hex6).downgrade(ColorSystem.STANDARD).number

    colors = theme.to_color_system().generate()
    ground = sixteen(colors["background"])
    for style in ROLE_STYLES.values():
        assert sixteen(colors[style.split("$")[1]]) != ground, style
    assert sixteen(colors["error"]) != sixteen(colors["success"])
    assert sixteen(colors["border"]) != sixteen(colors["border-blurred"])
