"""What goes where, and when: streaming, SIGINT, a closed pipe, hostile events on a terminal and in a pipe."""

import csv
import fcntl
import io
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import tty
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.shell import SECONDS, Shell
from support.stage import connector

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan

PAGES = 12
HOSTILE = "\x1b]52;c;cm0=\x07\x1b[2J\x1b[31m\r\x9b5n\x9d0;x\x9c\x7f\u202e\u2066evil\x00\x08\x85"


@pytest.fixture(scope="module")
def pages() -> Iterator[CloudTrail]:
    """An account with a dozen pages of one call."""
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False)) as service:
        now = service.clock.now()
        for number in range(50 * PAGES):
            service.add_event("RunInstances", eventTime=now - timedelta(hours=2, minutes=number))
        yield service


@pytest.fixture(scope="module")
def hostile() -> Iterator[CloudTrail]:
    """An account in which every text of an event tries to act on a terminal."""
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False)) as service:
        now = service.clock.now()
        for hours in range(2, 8):
            service.add_event(
                "RunInstances",
                eventTime=now - timedelta(hours=hours),
                userAgent=HOSTILE,
                userIdentity={"type": "IAMUser", "accountId": service.account, "userName": f"u{HOSTILE}"},
                errorCode=HOSTILE,
                errorMessage=HOSTILE,
                requestParameters={HOSTILE: HOSTILE},
            )
        yield service


def acting(text: str, *allowed: str) -> list[str]:
    """The characters of a text that can act on a terminal, but for those that are allowed."""
    return [each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") and each not in allowed]


def on_terminal(shell: Shell, *words: str, columns: int = 80, data: int | None = None) -> tuple[int, str]:
    """The exit code of a search on a terminal, and what is drawn there; the data goes elsewhere if `data` says so."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = shell.start("search", *words, stdout=theirs if data is None else data, stderr=theirs)
    os.close(theirs)
    drawn = b""
    try:
        while part := os.read(ours, 65536):
            drawn += part
    except OSError:
        pass  # The program has ended, and its terminal with it.
    os.close(ours)
    return process.wait(SECONDS), drawn.decode()


def slowly(service: CloudTrail, rate: float = 1.0) -> tuple[str, ...]:
    """So many lookups a second: however busy this machine is, the last page is far off."""
    return ("--endpoint-url", service.endpoint_url, "--region", service.region, "--lookup-rate", str(rate))


def read_line(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()


def test_rows_stream_while_the_scan_goes_on_and_an_interrupted_search_goes_on_where_it_stopped(
    pages: CloudTrail, tmp_path: Path
) -> None:
    shell, before = Shell(pages, tmp_path), pages.calls["LookupEvents"]
    words = ("search", "name:RunInstances", "-o", "ids", "--store", str(tmp_path / "events.db"))
    process = shell.start(*words, "--coverage", options=slowly(pages, 0.1))
    first = [read_line(process) for _ in range(40)]
    assert all(len(line) == 37 for line in first)
    assert pages.calls["LookupEvents"] - before <= PAGES / 2, "the scan goes on"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    assert process.returncode == 130
    assert not (b"".join(first) + out).rpartition(b"\n")[2], "no line is cut"
    assert b"Interrupted" in err
    said = json.loads(err.decode().rstrip("\n").split("\n")[-1])
    assert (said["complete"], said["matched"] >= 40) == (False, True)
    assert said["not_covered"][0]["from"] is None
    assert b"Traceback" not in err

    again = shell.run(*words)
    assert again.returncode == 0, again.stderr
    ids = again.stdout.split()
    assert len(ids) == len(set(ids)) == 50 * PAGES
    assert ids[:40] == [line.strip() for line in first]
    # Each page once. An interrupted call may be made again, and the last page says that there is no other.
    assert pages.calls["LookupEvents"] - before <= PAGES + 2
    # All of it is known now, but for what is too young to be certain.
    known = pages.calls["LookupEvents"]
    assert shell.run(*words).stdout == again.stdout
    assert pages.calls["LookupEvents"] - known <= 2


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="only Linux makes a pipe as small as that")
def test_interrupted_while_a_reader_is_slow_it_says_what_has_matched(pages: CloudTrail, tmp_path: Path) -> None:
    words = ("search", "name:RunInstances", "-o", "ndjson", "--coverage")
    with Shell(pages, tmp_path).start(*words, options=slowly(pages, 0.1)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        # More than the pipe takes is on its way, and waits.
        assert json.loads(read_line(process))["eventName"] == "RunInstances"
        process.send_signal(signal.SIGINT)
        said = json.loads(process.stderr.read().decode().rstrip("\n").split("\n")[-1])
        assert process.wait(SECONDS) == 130
    assert (said["complete"], said["matched"] >= 40) == (False, True)


def test_a_reader_that_leaves_ends_it_quietly(pages: CloudTrail, tmp_path: Path) -> None:
    shell, before = Shell(pages, tmp_path), pages.calls["LookupEvents"]
    with shell.start("search", "name:RunInstances", "-o", "ndjson", options=slowly(pages)) as process:
        assert json.loads(read_line(process))["eventName"] == "RunInstances"
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(SECONDS) == 141
    assert pages.calls["LookupEvents"] - before < PAGES


def test_a_reader_that_leaves_is_noticed_before_anything_matches(pages: CloudTrail, tmp_path: Path) -> None:
    shell, before = Shell(pages, tmp_path), pages.calls["LookupEvents"]
    with shell.start("search", "nothing-has-this-word", "-o", "ids", options=slowly(pages)) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(SECONDS) == 141
    assert pages.calls["LookupEvents"] - before < PAGES


def test_a_full_disk_is_said(pages: CloudTrail, tmp_path: Path) -> None:
    shell = Shell(pages, tmp_path)
    with Path("/dev/full").open("wb") as full:
        process = shell.start("search", "name:RunInstances", "--limit", "9", "-o", "ids", stdout=full)
        _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, b"Standard output cannot be written" in err, b"Traceback" in err) == (3, True, False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("search", "name:RunInstances", "--limit", "9"), 0),
        (("search", "region:af-south-1 name:RunInstances"), 4),
        (("search", "user:("), 2),
        (("search", "--no-such-option"), 2),
    ],
)
def test_words_that_cannot_be_written_change_no_code(
    pages: CloudTrail, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    with Path("/dev/full").open("wb") as full:
        process = Shell(pages, tmp_path).start(*words, stderr=full)
        process.communicate(timeout=SECONDS)
    assert process.returncode == code


@pytest.mark.parametrize("columns", ["0", "-1", "many", "99999999999", "9" * 40])
def test_no_width_that_the_environment_names_is_too_odd(
    pages: CloudTrail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    code, drawn = on_terminal(Shell(pages, tmp_path), "name:RunInstances", "--limit", "3")
    assert (code, len(drawn) < 100_000, "3 events match" in drawn) == (0, True, True)


def test_progress_fits_into_its_own_terminal(pages: CloudTrail, tmp_path: Path) -> None:
    code, drawn = on_terminal(
        Shell(pages, tmp_path), "name:NoSuchCall OR is:error", columns=30, data=subprocess.DEVNULL
    )
    lines = drawn.partition("\n")[0].split("\r")[:-1]
    assert code == 0
    assert any("scanned" in line for line in lines)
    assert max(map(len, lines)) < 30


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_stream_that_was_closed_before_the_start_is_no_mistake(
    pages: CloudTrail, tmp_path: Path, closed: int
) -> None:
    shell = Shell(pages, tmp_path)
    process = shell.start(
        "search", "name:RunInstances", "--limit", "9", "-o", "ids", preexec_fn=lambda: os.close(closed)
    )
    out, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert len(out.split()) == (0 if closed == 1 else 9)


def test_a_bound_on_what_is_scanned_ends_it_incomplete(pages: CloudTrail, tmp_path: Path) -> None:
    shell, before = Shell(pages, tmp_path), pages.calls["LookupEvents"]
    ended = shell.run("search", "is:error", "--scan-limit", "120", "--exit-code")
    assert ended.returncode == 4
    assert b"Stopped at --scan-limit.\nIncomplete, not covered: us-east-1" in ended.stderr
    assert pages.calls["LookupEvents"] - before == 3
    # Where AWS selects, all is loaded.
    assert shell.run("search", "name:RunInstances", "--scan-limit", "1", "--quiet").returncode == 0


@pytest.mark.parametrize("form", ["table", "ndjson", "json", "csv", "ids"])
def test_nothing_that_was_recorded_acts_on_a_terminal(hostile: CloudTrail, tmp_path: Path, form: str) -> None:
    code, text = on_terminal(Shell(hostile, tmp_path), "name:RunInstances", "-o", form)
    assert code == 0
    # Progress goes back to the start of its line; nothing else does more than end a line.
    assert acting(text, "\r", "\n") == []
    assert text.count("\r") <= 20
    assert "6 events match" in text


async def test_a_pipe_gets_what_the_service_said_byte_for_byte(hostile: CloudTrail, tmp_path: Path) -> None:
    gateway = await connector(hostile).connect()
    scan = Scan(Scope("x", hostile.account, hostile.region), None, int(hostile.clock.now().timestamp()))
    page = await gateway.lookup_events(scan, None)
    await gateway.close()
    records = [event.record for event in page.events if event.name == "RunInstances"]
    assert len(records) == 6
    shell = Shell(hostile, tmp_path)
    lines = shell.run("search", "name:RunInstances", "-o", "ndjson").stdout
    assert lines == "".join(f"{record}\n" for record in records).encode("utf-8", "backslashreplace")
    assert [json.loads(record) for record in records] == json.loads(
        shell.run("search", "name:RunInstances", "-o", "json").stdout
    )
    table = shell.run("search", "name:RunInstances").stdout.decode()
    assert len(table.splitlines()) == len(records) + 1
    assert acting(table, "\n") == []
    rows = list(csv.reader(io.StringIO(shell.run("search", "name:RunInstances", "-o", "csv").stdout.decode())))
    assert rows[0][:3] == ["time", "event", "user"]
    assert len(rows) == len(records) + 1


def closing(tmp_path: Path, what: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
    """A search in the demo, where this happens as its session closes."""
    program = f"""
import os, signal, sys
from ctui.core.session import Session
from ctui.errors import StoreError
before, gone = Session.close, StoreError('Event store', 'Gone.')
async def close(self):
    {what}
    await before(self)
Session.close = close
from ctui.__main__ import main
main()
"""
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", program, "search", "name:A name:B", "--demo", *words],
        capture_output=True,
        check=False,
        env=environment,
    )


def test_the_object_of_the_coverage_stands_behind_what_the_store_says_as_it_closes(tmp_path: Path) -> None:
    ended = closing(tmp_path, "self._change(notice=gone)", "--coverage")
    said, last = ended.stderr.decode().splitlines()
    assert (ended.returncode, said, json.loads(last)["complete"]) == (0, "Event store: Gone.", True)


def test_a_signal_while_it_closes_ends_it_without_a_word(tmp_path: Path) -> None:
    ended = closing(tmp_path, "os.kill(os.getpid(), signal.SIGINT)", "--quiet")
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")
