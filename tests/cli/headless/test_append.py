"""`ctui search --append`: each event once, however late it came and whatever ended a run before."""

import json
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.shell import Shell

from ctui.cli.headless.event_file import EventFile
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.errors import ExportError, SettingsError


@pytest.fixture
def service() -> Iterator[CloudTrail]:
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, trails=False)) as emulator:
        yield emulator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "writes.ndjson"


def ids(file: Path) -> list[str]:
    return [json.loads(line)["eventID"] for line in file.read_text().splitlines()]


def test_what_is_new_is_appended_once_and_oldest_first(service: CloudTrail, tmp_path: Path, file: Path) -> None:
    shell = Shell(service, tmp_path)
    shell.variables = {"CTUI_STORE": str(tmp_path / "events.db")}
    now = service.clock.now()

    def add(minutes: int, late: float | None = None) -> str:
        return service.add_event("RunInstances", eventTime=now - timedelta(minutes=minutes), late=late)

    def run(said: str) -> None:
        ended = shell.run("search", "name:RunInstances", "--append", str(file))
        assert (ended.returncode, ended.stdout) == (0, b""), ended.stderr
        assert said in ended.stderr.decode()

    written = [add(40), add(30), add(5)]
    run(f"3 appended to {file}, which has 3.")
    assert ids(file) == written
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    run("0 appended")
    # One that happened before the last of these and arrives now; and one that is newer. What is later than a quarter of
    # an hour is found when it is asked for once more (tests/core/lookup/test_late.py).
    late = add(13, late=13 * 60 + 1)
    newest = add(1)
    service.move(2)
    run("2 appended")
    assert ids(file) == [*written, late, newest]
    run("0 appended")


def test_a_line_that_a_killed_run_left_is_written_again(tmp_path: Path, few_events: CloudTrail, file: Path) -> None:
    shell = Shell(few_events, tmp_path)
    assert shell.run("search", "name:*Instances", "--append", str(file)).returncode == 0
    whole, size = file.read_bytes(), file.stat().st_size
    for cut in (1, 2, 100, len(whole.splitlines()[-1])):
        os.truncate(file, size - cut)
        assert shell.run("search", "name:*Instances", "--append", str(file)).returncode == 0
        assert file.read_bytes() == whole


def test_a_file_of_something_else_is_left_alone(shell: Shell, file: Path, few_events: CloudTrail) -> None:
    before = few_events.calls["LookupEvents"]
    for text in ("notes\n", '{"eventID":"x"}\n[]\n', '["a"]', "\x00\x01"):
        file.write_text(text)
        ended = shell.run("search", "", "--append", str(file))
        assert (ended.returncode, ended.stdout, file.read_text()) == (2, b"", text)
        assert f"of {file} is no event of CloudTrail" in ended.stderr.decode()
    assert shell.run("search", "", "--append", str(file.parent)).returncode == 3
    assert few_events.calls["LookupEvents"] == before, "nothing was asked"


def test_a_whole_line_without_its_end_is_kept(file: Path) -> None:
    file.write_text('{"eventID":"one"}\n{"eventID":"two"}')
    opened = EventFile(file)
    assert (len(opened), opened.append([b'{"eventID":"two"}', b'{"eventId":"three"}'])) == (2, 1)
    opened.close()
    assert file.read_text() == '{"eventID":"one"}\n{"eventID":"two"}\n{"eventId":"three"}\n'


def test_one_ctui_appends_at_a_time(shell: Shell, file: Path) -> None:
    held = EventFile(file)
    ended = shell.run("search", "", "--append", str(file))
    assert ended.returncode == 3
    assert f"Another ctui appends to {file}" in ended.stderr.decode()
    held.close()
    assert shell.run("search", "", "--append", str(file)).returncode == 0


@pytest.mark.parametrize("words", [("--limit", "3"), ("--format", "csv"), ("-o", "ids")])
def test_what_would_lose_events_is_refused(shell: Shell, file: Path, words: tuple[str, ...]) -> None:
    assert shell.run("search", "", "--append", str(file), *words).returncode == 2
    assert not file.exists()


def test_explaining_creates_no_file(shell: Shell, file: Path) -> None:
    assert shell.run("search", "", "--append", str(file), "--explain").returncode == 0
    assert not file.exists()


def test_records_of_every_kind_are_known_again(file: Path) -> None:
    deep = b'{"eventID":"deep","a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    lines = [
        b'{"eventID":"one"}', b'{"EventId":"two","CloudTrailEvent":"no JSON"}', b'{"no":"id"}', b'{"eventID":5}',
        b'{"eventID":"half \\ud800 pair"}', b'{"text":"\\ud800","eventID":"three"}', deep,
    ]  # fmt: skip
    first = EventFile(file)
    assert first.append([*lines, lines[0]]) == len(lines)
    first.close()
    again = EventFile(file)
    assert (len(again), again.append(lines)) == (len(lines), 0)
    again.close()


def test_what_the_system_refuses_is_said(file: Path) -> None:
    os.mkfifo(file)
    with pytest.raises(SettingsError, match="no regular file"):
        EventFile(file)
    with pytest.raises(ExportError, match="folder is gone"):
        EventFile(file.parent / "no" / "such")
