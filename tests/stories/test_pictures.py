"""The README's pictures: each is there, and drawn by a story; no other lies beside them."""

import ast
import re
from pathlib import Path

HOME = Path(__file__).parents[2]


def drawn() -> set[str]:
    """Names that the stories give to `ctui.shot`."""
    calls = (node for story in Path(__file__).parent.glob("*.py") for node in ast.walk(ast.parse(story.read_text())))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "shot"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_each_picture_that_the_readme_shows_is_drawn_by_a_story() -> None:
    shown = set(re.findall(r"\]\(screenshots/([^)]*)\.svg\)", (HOME / "README.md").read_text()))
    assert shown
    assert shown <= drawn()


def test_no_picture_is_left_of_a_story_that_is_gone() -> None:
    assert {path.stem for path in (HOME / "screenshots").glob("*.svg")} <= drawn()
