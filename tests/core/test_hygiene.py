"""Core runs without a screen: importing it loads nothing that draws, and nothing that talks to AWS."""

import subprocess
import sys

import pytest

_PROGRAM = """
import importlib, pkgutil, sys
import ctui.core
for module in pkgutil.walk_packages(ctui.core.__path__, "ctui.core."):
    importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Top-level names of everything that is loaded with core."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


def test_the_whole_of_core_was_loaded(loaded: set[str]) -> None:
    assert {"ctui", "sqlite3", "asyncio"} <= loaded


@pytest.mark.parametrize("name", ["textual", "rich", "boto3", "botocore", "aiobotocore", "aiohttp", "click"])
def test_core_loads_no(name: str, loaded: set[str]) -> None:
    assert name not in loaded
