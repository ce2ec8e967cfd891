"""What is saved to a terminal that is gone, or takes nothing, never keeps the program waiting."""

import os
import pty
import threading
from collections.abc import Iterator
from typing import TextIO, cast

import pytest
from textual.app import App
from textual.drivers._writer_thread import WriterThread

from ctui.ui.terminal.driver import TerminalDriver, TerminalOutput

MORE_THAN_FITS = "x" * 1_000_000


class Pty:
    """A terminal with nobody at it who reads."""

    def __init__(self) -> None:
        self.reader, slave = pty.openpty()
        self.file: TextIO = os.fdopen(slave, "w", encoding="utf-8")
        self.output = TerminalOutput(self.file)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self.reader)
        self.reader = -1

    def close(self) -> None:
        """Give back what is open."""
        self.output.close()
        self.file.close()
        if self.reader >= 0:
            self.hang_up()


@pytest.fixture
def terminal() -> Iterator[Pty]:
    terminal = Pty()
    yield terminal
    terminal.close()


def test_what_is_written_arrives_as_it_is(terminal: Pty) -> None:
    assert terminal.output.write("Zürich ✗") == 8
    assert os.read(terminal.reader, 100).decode() == "Zürich ✗"
    assert not terminal.output.gone
    assert os.get_blocking(terminal.file.fileno()), "the shell shares it, and must find it as it was"


def test_once_it_is_gone_writes_are_dropped(terminal: Pty) -> None:
    terminal.hang_up()
    assert terminal.output.write(MORE_THAN_FITS) == len(MORE_THAN_FITS)
    assert terminal.output.gone


def test_a_write_waits_for_room_until_it_is_hurried(terminal: Pty) -> None:
    writing = threading.Thread(target=terminal.output.write, args=(MORE_THAN_FITS,))
    writing.start()
    heard = 0
    while heard < 100_000:
        heard += len(os.read(terminal.reader, 4096))
    assert writing.is_alive()
    assert not terminal.output.gone
    terminal.output.hurry()
    writing.join(120)
    assert not writing.is_alive()
    assert terminal.output.gone


def test_a_terminal_that_is_read_loses_nothing_by_the_hurry(terminal: Pty) -> None:
    terminal.output.hurry()
    writing = threading.Thread(target=terminal.output.write, args=("x" * 50_000,))
    writing.start()
    heard = b""
    while len(heard) < 50_000:
        heard += os.read(terminal.reader, 4096)
    writing.join(120)
    assert not terminal.output.gone


def test_one_that_took_nothing_is_left_as_a_shell_has_it(terminal: Pty) -> None:
    terminal.output.hurry()
    terminal.output.write(MORE_THAN_FITS)
    terminal.output.close()
    heard = b""
    while not heard.endswith(b"\x1b[?25h"):
        heard += os.read(terminal.reader, 65536)
    for mode in (b"?1049l", b"?1000l", b"?1003l", b"?1006l", b"?1004l", b"?2004l"):
        assert b"\x1b[" + mode in heard


async def test_textuals_writer_writes_to_our_output(monkeypatch: pytest.MonkeyPatch, terminal: Pty) -> None:
    """`_file` of the driver and what its writer does with it are private to Textual."""
    monkeypatch.setattr("sys.__stderr__", terminal.file)
    monkeypatch.setattr("sys.__stdin__", terminal.file)
    driver = TerminalDriver(cast("App[None]", None))
    assert cast(object, driver._file) is driver.output
    terminal.hang_up()
    writer = WriterThread(driver.output)  # type: ignore[arg-type]
    writer.start()
    for _ in range(100):
        writer.write("more than its queue holds")
    writer.stop()
    assert not writer.is_alive()
    driver.output.close()
