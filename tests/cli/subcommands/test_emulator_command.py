"""`ctui emulator` as a process of its own: it says where it listens, and ends when told to, leaving nothing."""

import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.story
"""Each test starts a program."""
Emulator = subprocess.Popen[str]


@contextmanager
def running(*flags: str) -> Iterator[tuple[Emulator, str]]:
    """An emulator and its first line, which it says when it accepts calls."""
    command = [sys.executable, "-m", "ctui", "emulator", "--port", "0", "--no-traffic", *flags]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        assert child.stdout is not None
        yield child, child.stdout.readline()
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A temporary folder of the test's own, to see what is left in it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def _hang_up(child: Emulator) -> None:
    assert child.stdin is not None
    child.stdin.close()


@pytest.mark.parametrize(
    ("flags", "end"),
    [
        ((), lambda child: child.send_signal(signal.SIGTERM)),
        ((), lambda child: child.send_signal(signal.SIGINT)),
        (("--until-stdin-closes",), _hang_up),
    ],
    ids=["SIGTERM", "SIGINT", "end of input"],
)
def test_it_serves_until_it_is_told_to_end(
    temporary: Path, flags: tuple[str, ...], end: Callable[[Emulator], None]
) -> None:
    with running(*flags) as (child, line):
        assert line.startswith("ctui emulator: http://127.0.0.1:")
        url = line.removeprefix("ctui emulator: ").strip()
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url)
        assert caught.value.code >= 400
        caught.value.close()
        assert list(temporary.iterdir())
        end(child)
        assert child.wait(120) == 0
        assert child.stderr is not None
        assert url in child.stderr.read()
    assert list(temporary.iterdir()) == []


def refused(*flags: str) -> tuple[int, str]:
    """Exit code and standard error of an emulator that cannot start."""
    command = [sys.executable, "-m", "ctui", "emulator", "--no-traffic", *flags]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert said.stdout == ""
    assert "Traceback" not in said.stderr
    return said.returncode, said.stderr


def test_a_port_that_is_taken_is_named() -> None:
    with running() as (_, line):
        port = line.strip().rpartition(":")[2]
        code, words = refused("--port", port)
    assert code == 1
    assert "in use" in words


@pytest.mark.parametrize("flag", ["--account", "--load"])
def test_a_file_that_is_missing_is_named(flag: str) -> None:
    code, words = refused(flag, "/nonexistent.toml")
    assert code == 2
    assert "/nonexistent.toml" in words
