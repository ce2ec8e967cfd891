"""Options and fixtures that every room's tests share."""

from pathlib import Path

import pytest

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--screenshots`: the stories draw the pictures that the README shows."""
    parser.addoption("--screenshots", action="store_true", help="draw screenshots/*.svg from the stories")


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where stories put pictures of the screen; None where none are wanted."""
    if not request.config.getoption("--screenshots"):
        return None
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(autouse=True)
def one_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same terminal for everybody: all colours, no animation, no theme of the developer's own."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
