"""Options and fixtures that every room's tests share."""

import gc
import os
import sys
from pathlib import Path
from zlib import crc32

import pytest
from support.examples import QUICK, THOROUGH, USUAL, load_profile

STORIES = Path(__file__).parent / "stories"
SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
_TESTS_RUN = pytest.StashKey[int]()
QUICK_LOOP = "not story"
"""As `make fast` gives it to `-m`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--screenshots`: the stories draw the pictures that the README shows. `--thorough`: properties try all of their
    examples."""
    quarter = "of the stories, run the quarter that this word stands for; all others run"
    parser.addoption("--quarter-of-stories", metavar="WORD", help=quarter)
    parser.addoption("--thorough", action="store_true", help="try all examples of each property, not a fifth of them")
    parser.addoption("--screenshots", action="store_true", help="draw screenshots/*.svg from the stories")


def pytest_configure(config: pytest.Config) -> None:
    """Try as many examples as the run is for."""
    quick = config.option.markexpr == QUICK_LOOP
    load_profile(THOROUGH if config.option.thorough else QUICK if quick else USUAL)
    if sys.dont_write_bytecode:
        _keep_bytecode(config)


def _keep_bytecode(config: pytest.Config) -> None:
    """Where Python leaves no bytecode beside the code, keep it in pytest's own cache: without it, each process of a
    run and each program that a test starts compile everything again."""
    if config.cache is not None:
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(config.cache.mkdir("bytecode"))
        sys.dont_write_bytecode = False
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as stories what lies in tests/stories and what drives the whole screen: `pytest -m "not story"` is the quick
    loop."""
    stories = f"{STORIES}{os.sep}"
    for item in items:
        # Text is compared: to look for a folder among the parents of 12,000 paths takes each process of a run a second.
        if str(item.path).startswith(stories) or "open_app" in getattr(item, "fixturenames", ()):
            item.add_marker("story")
    if (word := config.option.quarter_of_stories) is not None:
        left = [
            item for item in items if item.get_closest_marker("story") and crc32(f"{word} {item.nodeid}".encode()) & 3
        ]
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def pytest_collection_finish() -> None:
    """Never search the 13,000 tests for garbage: a process of a run would spend as much time on that as on them."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Nor, again and again, what tests have imported and left in caches."""
    item.config.stash[_TESTS_RUN] = done = item.config.stash.get(_TESTS_RUN, 0) + 1
    if done % 100 == 0:
        gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes for each core: a test waits for nearly half of its time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * cores


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


@pytest.fixture
def empty_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty home folder; no AWS_* or proxy variable but the test's own, no instance to ask for credentials."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "BOTO")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path
