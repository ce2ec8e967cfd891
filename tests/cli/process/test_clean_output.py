"""What the command line writes to a terminal holds nothing that acts on one, whatever names and keys hold."""

import io
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from ctui.__main__ import main
from ctui.cli.process.output import CleanOutput, for_terminal, printable

HOSTILE = ("\x1b[31mred", "\x1b]0;title\x07", "a\u202eb", "\x9b2J", "a\rb\x08", "zero\u200bwidth\u2066", "\x7f")


def active(text: str) -> list[str]:
    """Characters of controls and formats, but for line breaks: none may reach a terminal."""
    return [each for each in text if each != "\n" and unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """All that `ctui WORDS…` writes: run in this process, through the very `main` of the command."""
    for name in list(os.environ):
        if name.startswith("CTUI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*words: str) -> str:
        written = io.StringIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["ctui", *words])
            patch.setattr(sys, "stdout", written)
            patch.setattr(sys, "stderr", written)
            with pytest.raises(SystemExit) as ended:
                main()
        assert ended.value.code
        return written.getvalue()

    return run


ACCOUNT = "[[accounts]]\nid = '111111111111'\n"


def quoted(text: str) -> str:
    """As a TOML text."""
    return '"' + "".join(f"\\U{ord(each):08x}" for each in text) + '"'


PATHS: dict[str, Callable[[Path, str], list[str]]] = {
    "an option": lambda _, bad: [f"--{bad}"],
    "a command": lambda _, bad: [bad],
    "a range": lambda _, bad: ["--since", bad],
    "an endpoint": lambda _, bad: ["--endpoint-url", bad],
    "a size": lambda _, bad: ["--keep-size", bad],
    "a number": lambda _, bad: ["--keep-days", bad],
    "a fault": lambda _, bad: ["emulator", "--fault", bad],
    "a choice": lambda _, bad: ["emulator", "--edition", bad],
    "a length of time": lambda _, bad: ["emulator", "--delivery", bad],
    "a port": lambda _, bad: ["emulator", "--port", bad],
    "an account file's path": lambda folder, bad: ["emulator", "--account", str(folder / bad)],
    "a path to load": lambda folder, bad: ["emulator", "--no-traffic", "--load", str(folder / bad)],
    "an account": lambda _, bad: ["emulator", "--no-traffic", "--load", ".", "--load-account", bad],
    "an account file's key": lambda folder, bad: _account(folder, f"{ACCOUNT}{quoted(bad)} = 1"),
    "an account file's value": lambda folder, bad: _account(folder, f"{ACCOUNT}organization = {quoted(bad)}"),
    "an account file's name": lambda folder, bad: _account(
        folder, f"{ACCOUNT}buckets = [{{ name = {quoted(bad)} }}, {{ name = {quoted(bad)} }}]"
    ),
    "an account file's line": lambda folder, bad: _account(folder, f"{bad} = 1"),
}


def _account(folder: Path, text: str) -> list[str]:
    (folder / "account.toml").write_text(text)
    return ["emulator", "--account", str(folder / "account.toml")]


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", PATHS)
def test_no_error_of_the_command_line_acts_on_the_terminal(
    said: Callable[..., str], tmp_path: Path, path: str, bad: str
) -> None:
    words = said(*PATHS[path](tmp_path, bad))
    assert words
    assert active(words) == []


def test_a_real_process_is_as_clean_to_its_very_end(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from ctui.cli.process.output import clean_output\n"
        "clean_output()\n"
        "print('out \\x1b[2J')\n"
        "print('caf\\xe9', file=sys.stderr)\n"
        "raise ValueError('\\x1b[31m\\u202e')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert ended.returncode == 1
    words = (ended.stdout + ended.stderr).decode("ascii")
    assert active(words) == []
    assert "ValueError" in words
    assert "caf\\xe9" in words


def test_what_is_visible_stays_as_it_is() -> None:
    plain = "Usage: ctui [OPTIONS]\n\n  Größe · 東京 ▲ é\n"
    assert printable(plain) == plain
    assert printable("\x1b\u202e\t") == "␛⟨U+202E⟩␉"


def test_a_clean_stream_offers_no_way_around() -> None:
    stream = CleanOutput(io.TextIOWrapper(io.BytesIO(), "utf-8"))
    assert not hasattr(stream, "buffer")
    assert not stream.isatty()


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "● Zoë — Łukasz … ⟨U+202E⟩".encode()),
        ("iso8859-1", b"* Zo\xeb - \\u0141ukasz ~ <U+202E>"),
        ("ascii", b"* Zo\\xeb - \\u0141ukasz ~ <U+202E>"),
    ],
)
def test_a_locale_that_is_not_utf_8_gets_marks_in_ascii_and_the_rest_escaped(encoding: str, written: bytes) -> None:
    assert for_terminal("● Zoë — Łukasz … \u202e", encoding) == written
