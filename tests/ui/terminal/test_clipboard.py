"""Copying, with real programs of the right names on the path."""

import re
import sys
from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.copied import decoded

from ctui.errors import CtuiError
from ctui.ui.terminal.clipboard import OSC52_LIMIT, SCREEN_PIECE, Clipboard

WHAT = "StopLogging 14:01:12"
TEXT = '{\n  "eventName": "StopLogging"\n}'


class Desk:
    """A folder of programs, what they were given, and a terminal that keeps what is sent to it."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.taken = folder / "taken"
        self.files = folder / "files"
        self.sent: list[str] = []
        for each in (self.programs, self.taken, self.files):
            each.mkdir()

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def clipboard(self, *environs: Mapping[str, str], limit: float = 60) -> Clipboard:
        path = f"{self.programs}:/usr/bin:/bin"
        return Clipboard(
            self.sent.append, ChainMap({"PATH": path}, *map(dict, environs)), folder=self.files, limit=limit
        )

    @property
    def written(self) -> list[Path]:
        return list(self.files.iterdir())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """No clipboard and no terminal multiplexer but those a test puts there. pyperclip reads the process's own."""
    made = Desk(tmp_path)
    monkeypatch.setenv("PATH", str(made.programs))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    return made


TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}
SCREEN = {"STY": "4711.pts-0.host"}
SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
linux = pytest.mark.skipif(sys.platform != "linux", reason="xclip is the clipboard of X11")


def takes(desk: Desk, name: str) -> str:
    return f'echo "$@" > {desk.taken}/{name}.args; /bin/cat > {desk.taken}/{name}'


@pytest.fixture
def x11(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop whose clipboard works."""
    if sys.platform != "linux":
        pytest.skip("xclip is the clipboard of X11")
    monkeypatch.setenv("DISPLAY", ":7")
    desk.program("xclip", f'case "$*" in *-o*) /bin/cat {desk.taken}/xclip;; *) {takes(desk, "xclip")};; esac')
    desk.program("which", f"echo {desk.programs}/xclip")


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("bpaste,clipboard,title", "StopLogging 14:01:12 → tmux buffer, sent to the terminal"),
        ("bpaste,focus,title", "StopLogging 14:01:12 → tmux buffer"),
        ("", "StopLogging 14:01:12 → tmux buffer"),
    ],
)
async def test_in_tmux_the_buffer_is_loaded_and_handed_on_to_a_terminal_that_takes_it(
    desk: Desk, features: str, said: str
) -> None:
    desk.program("tmux", f"{takes(desk, 'tmux')}; echo '{features}'")
    assert await desk.clipboard(TMUX, SSH).copy(TEXT, WHAT) == said
    assert (desk.taken / "tmux").read_text() == TEXT
    assert (desk.taken / "tmux.args").read_text().startswith("load-buffer -w - ;")
    assert desk.sent == []


OLD_TMUX = 'case "$*" in *-w*) exit 1;; esac'


async def test_a_tmux_that_hands_nothing_on_passes_it_through(desk: Desk) -> None:
    desk.program("tmux", f"{OLD_TMUX}; {takes(desk, 'tmux')}")
    said = await desk.clipboard(TMUX, SSH).copy(TEXT, WHAT)
    assert said == "StopLogging 14:01:12 → tmux buffer, sent to the terminal"
    assert (desk.taken / "tmux.args").read_text() == "load-buffer -\n"
    [passed] = desk.sent
    whole = re.fullmatch(r"\x1bPtmux;(.*)\x1b\\", passed, re.DOTALL)
    assert whole is not None
    assert decoded(whole[1].replace("\x1b\x1b", "\x1b")) == TEXT


async def test_in_tmux_on_ones_own_machine_the_desktop_is_asked_too(desk: Desk, x11: None) -> None:
    desk.program("tmux", takes(desk, "tmux"))
    assert await desk.clipboard(TMUX).copy(TEXT, WHAT) == "StopLogging 14:01:12 → tmux buffer and clipboard"
    assert (desk.taken / "tmux").read_text() == (desk.taken / "xclip").read_text() == TEXT


async def test_what_no_terminal_takes_tmux_keeps_to_itself(desk: Desk) -> None:
    desk.program("tmux", f"{takes(desk, 'tmux')}; echo clipboard")
    assert await desk.clipboard(TMUX, SSH).copy("x" * 1_000_000, WHAT) == "StopLogging 14:01:12 → tmux buffer"
    assert (desk.taken / "tmux.args").read_text() == "load-buffer -\n"
    assert (desk.taken / "tmux").stat().st_size == 1_000_000
    assert desk.sent == []


@pytest.mark.parametrize("environ", [SSH, {}], ids=["ssh", "own machine without a desktop"])
async def test_in_gnu_screen_the_terminal_outside_gets_it_in_pieces(desk: Desk, environ: Mapping[str, str]) -> None:
    said = await desk.clipboard(SCREEN, environ).copy(TEXT * 1_000, WHAT)
    assert said == "StopLogging 14:01:12 sent to the terminal through GNU screen"
    [written] = desk.sent
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", written, re.DOTALL)
    assert written == "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    assert max(map(len, pieces)) <= SCREEN_PIECE
    assert decoded("".join(pieces)) == TEXT * 1_000


async def test_in_gnu_screen_on_a_desktop_its_clipboard_takes_it(desk: Desk, x11: None) -> None:
    assert await desk.clipboard(SCREEN).copy(TEXT, WHAT) == "StopLogging 14:01:12 → clipboard"
    assert desk.sent == []


@pytest.mark.parametrize("script", ["exit 1", "exec /bin/sleep 60"])
async def test_where_tmux_fails_over_ssh_a_file_is_written(desk: Desk, script: str) -> None:
    desk.program("tmux", script)
    said = await desk.clipboard(TMUX, SSH, limit=0.3).copy(TEXT, WHAT)
    [file] = desk.written
    assert str(file) in said
    # tmux swallows OSC 52, so that it was sent would say nothing.
    assert desk.sent == []


async def test_over_ssh_the_terminal_is_told_and_nothing_more_is_claimed(desk: Desk) -> None:
    said = await desk.clipboard(SSH).copy(TEXT, WHAT)
    assert list(map(decoded, desk.sent)) == [TEXT]
    assert said == "StopLogging 14:01:12 sent to the terminal"
    assert "copied" not in said


@pytest.mark.parametrize("length", [OSC52_LIMIT // 4 * 3, OSC52_LIMIT // 4 * 3 + 1])
async def test_what_terminals_would_refuse_goes_to_a_file(desk: Desk, length: int) -> None:
    said = await desk.clipboard(SSH).copy("x" * length, WHAT)
    fits = length <= OSC52_LIMIT // 4 * 3
    assert (len(desk.sent), len(desk.written)) == ((1, 0) if fits else (0, 1))
    assert ("sent to the terminal" in said, "characters are too many" in said) == (fits, not fits)


async def test_the_desktops_clipboard_takes_it(desk: Desk, x11: None) -> None:
    said = await desk.clipboard().copy(TEXT, "Command")
    assert (desk.taken / "xclip").read_text() == TEXT
    assert said == "Command → clipboard"
    assert desk.written == []


@linux
@pytest.mark.parametrize("script", ["exit 1", "exec /bin/sleep 60"])
async def test_a_desktop_that_fails_or_hangs_leads_to_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    desk.program("xclip", script)
    desk.program("which", f"echo {desk.programs}/xclip")
    said = await desk.clipboard(limit=0.5).copy(TEXT, WHAT)
    assert "saved to" in said
    assert len(desk.written) == 1


@linux
async def test_what_a_clipboard_program_says_does_not_reach_the_screen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    desk.program("xclip", 'case "$*" in *-o*) ;; *) echo no display; echo no display >&2;; esac; exit 1')
    desk.program("which", f"echo {desk.programs}/xclip")
    assert "saved to" in await desk.clipboard().copy(TEXT, WHAT)
    assert capfd.readouterr() == ("", "")


async def test_the_last_resort_is_a_file_for_the_persons_eyes_only(desk: Desk) -> None:
    said = await desk.clipboard().copy(TEXT, WHAT)
    [file] = desk.written
    assert file.read_text() == TEXT
    assert file.stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(rf"{WHAT} saved to {re.escape(str(file))}: no clipboard is available", said)


async def test_without_a_way_to_the_terminal_it_is_not_the_length_that_is_wrong(desk: Desk) -> None:
    assert (await desk.clipboard().copy("x" * 1_000_000, WHAT)).endswith(": no clipboard is available")


async def test_where_every_way_fails_the_reason_is_told(desk: Desk) -> None:
    desk.files.rmdir()
    with pytest.raises(CtuiError, match="no file could be written"):
        await desk.clipboard().copy(TEXT, WHAT)


async def test_tmux_that_is_gone_is_passed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    clipboard = Clipboard(desk.sent.append, {"PATH": str(desk.programs), **TMUX}, folder=desk.files)
    assert "saved to" in await clipboard.copy(TEXT, WHAT)
