"""Programs that others wrote for the service, where they are installed. See CONTRIBUTING.md for how."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

CLIENTS = "CTUI_TEST_CLIENTS"
"""The variable that names the folder with a virtual environment for each client."""
_SECONDS = 300.0
"""How long a client may take. Some need a minute to start."""


def installed(client: str, program: str) -> Path:
    """The program in the client's virtual environment. Skips the test where it is not installed."""
    folder = os.environ.get(CLIENTS)
    if not folder:
        pytest.skip(f"{CLIENTS} names no folder (.ci/clients DIR all makes one)")
    path = Path(folder).resolve() / client / "bin" / program
    if not path.exists():
        pytest.skip(f"{path} is not installed")
    return path


def run_client(environment: Mapping[str, str], folder: Path, *line: str | Path, code: int = 0) -> str:
    """What a command line prints that runs in `folder`. Fails with that if it does not end with this exit code."""
    ended = subprocess.run(
        line, env=environment, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended.stdout
