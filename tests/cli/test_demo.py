"""The demo's emulator: it starts with its connection, ends with it, and says why where it cannot start."""

import asyncio
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ctui.cli import demo
from ctui.cli.demo import Demo
from ctui.errors import ConnectionProblem
from ctui.model.trail.health import Level, health_of


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A temporary folder of the test's own, to see what is left in it."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def test_it_connects_whatever_lies_around_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    # What lies in the current folder must not be taken for a part of Python, nor settings for the demo's.
    (temporary.parent / "json.py").write_text("raise SystemExit('a stranger was imported')")
    monkeypatch.chdir(temporary.parent)
    for name, value in {
        "AWS_PROFILE": "nobody", "AWS_CA_BUNDLE": "/nonexistent", "AWS_CONFIG_FILE": "/nonexistent",
        "HTTP_PROXY": "http://127.0.0.1:9", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "CTUI_REGION": "mars",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    emulated = Demo()
    gateway = await emulated.connect(lambda _: None)
    assert (gateway.connection.profile, gateway.connection.region) == ("demo", "us-east-1")
    assert (await gateway.identify()).account == "111111111111"
    assert {"org-audit", "legacy"} <= {trail.name for trail in await gateway.describe_trails("us-east-1")}
    assert names_in(temporary)

    again = await emulated.connect(lambda _: None)
    assert again.connection == gateway.connection, "trying again finds the same emulator"
    await again.close()
    await gateway.close()
    await emulated.close()
    assert names_in(temporary) == []
    await emulated.close()


async def test_a_healthy_trail_is_healthy_from_the_first_second() -> None:
    emulated = Demo()
    gateway = await emulated.connect(lambda _: None)
    signs = {}
    for trail in await gateway.describe_trails("us-east-1"):
        status = await gateway.get_trail_status("us-east-1", trail.key)
        signs[trail.name] = health_of(trail, status, datetime.now(UTC)).worst
    await gateway.close()
    await emulated.close()
    assert signs["org-audit"].level is Level.GOOD, signs["org-audit"]
    assert (signs["vendor-feed"].level, signs["vendor-feed"].text) == (Level.ERROR, "AccessDenied")
    assert signs["legacy"].level is Level.OFF


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit('no room for a database')", "no room for a database"),
        ("print('hello')", "hello"),
        ("pass", "printed nothing"),
        ("import sys; sys.stderr.write('x' * 1_000_000); sys.exit('the end')", "the end"),
    ],
)
async def test_an_emulator_that_does_not_start_is_quoted(
    monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    monkeypatch.setattr(demo, "_CHILD", program)
    emulated = Demo()
    with pytest.raises(ConnectionProblem, match=words) as caught:
        await emulated.connect(lambda _: None)
    assert caught.value.remedy
    await emulated.close()


async def test_cancelling_the_start_ends_the_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # The child opens the pipe, says nothing, and holds the pipe open for as long as it lives.
    monkeypatch.setattr(demo, "_CHILD", f"import sys; held = open({str(pipe)!r}, 'w'); sys.stdin.read()")
    emulated = Demo()
    connecting = asyncio.create_task(emulated.connect(lambda _: None))
    descriptor = await asyncio.to_thread(os.open, pipe, os.O_RDONLY)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await emulated.close()
    assert await asyncio.to_thread(os.read, descriptor, 1) == b"", "the child is gone"
    os.close(descriptor)
