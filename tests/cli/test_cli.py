"""The command line: what it takes, and what it says when it cannot."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from ctui import __version__
from ctui.cli.commands import COMMANDS, cli


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("CTUI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words, prog_name="ctui")


def test_the_version() -> None:
    assert run("--version").output == f"ctui, version {__version__}\n"


def test_python_m_is_the_same_command() -> None:
    said = subprocess.run([sys.executable, "-m", "ctui", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"ctui, version {__version__}\n"
    assert said.stderr == ""


def test_a_command_that_is_imported_when_it_is_called_says_what_the_list_of_commands_says() -> None:
    context = click.Context(cli)
    for name, words in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert (command.help or "").split("\n")[0] == words
    assert cli.get_command(context, "no-such-command") is None


@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_help_names_every_option(words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 0
    for option in (
        "--profile", "--region", "--endpoint-url", "--since", "--store", "--no-store", "--theme", "--lookup-rate",
        "--keep-days", "--keep-size",
        "--demo", "--version", "emulator",
    ):  # fmt: skip
        assert option in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--since", "soon"], "--since: 'soon'"),
        (["--endpoint-url", "localhost"], "--endpoint-url: 'localhost'"),
        (["--lookup-rate", "0"], "--lookup-rate"),
        (["--store", "x", "--no-store"], "contradict"),
        (["--keep-size", "5"], "--keep-size: '5' is not a size"),
        (["--keep-days", "0"], "--keep-days"),
        (["--prfile", "x"], "--profile"),
        (["emulater"], "emulater"),
        (["--demo", "--profile", "x"], "--profile"),
        (["--demo", "--endpoint-url", "http://localhost"], "--endpoint-url"),
        (["--demo", "--store", "x"], "--store"),
        (["--region", "eu-west-1", "emulator"], "emulator"),
        (["emulator", "--fault", "bogus=1"], "bogus"),
        (["emulator", "--port", "70000"], "70000"),
        (["emulator", "--edition", "2014"], "2014"),
        (["emulator", "--lookup-rate", "0"], "--lookup-rate"),
        (["emulator", "--delivery", "often"], "'often'"),
        (["emulator", "--delivery", "all"], "'all'"),
        (["emulator", "--delivery", "0s"], "0s"),
        (["emulator", "--data", ""], "'--data': it is empty"),
        (["emulator", "--load", ""], "'--load': it is empty"),
        (["emulator", "--account", ""], "'--account': it is empty"),
        (["--store", ""], "--store: is empty"),
        (["--profile", ""], "--profile: is empty"),
        (["files"], "Missing argument 'PATH…'"),
        (["files", "/no/such\x1b[2Jfolder"], "'/no/such\\x1b[2Jfolder' cannot be opened: No such file or directory"),
        (["files", "/no/such\udcfffolder", "--since", "3h"], "cannot be opened: No such file or directory"),
        (["files", "--profile", "x", "/"], "--profile"),
        (["files", "/", "--since", "soon"], "--since: 'soon'"),
        (["search", "--files", "/no/such/folder", "is:error"], "--files: '/no/such/folder' cannot be opened"),
        (["trails", "--files", "/"], "--files"),
    ],
)
def test_what_cannot_be_is_refused_with_words(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("ctui.cli.commands", []),
        ("click", []),
        ("ctui.errors", ["emulator"]),
        ("ctui.config.settings", []),
        ("ctui.emulator.serve", ["emulator"]),
        ("aiohttp", ["emulator"]),
    ],
)
def test_an_interruption_while_modules_are_imported_ends_quietly(module: str, words: list[str]) -> None:
    program = (
        "import os, signal, sys\n"
        "at = sys.argv.pop(1)\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == at: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from ctui.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, module, *words], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_the_built_in_account_file_can_be_printed() -> None:
    result = run("emulator", "--print-account")
    assert result.exit_code == 0
    assert "111111111111" in result.output
    assert tomllib.loads(result.output)


CLOSED: list[tuple[str, list[str], int]] = [
    ("0", ["--version"], 0),
    ("0", ["--no-store"], 2),
    ("1", ["--version"], 0),
    ("1", ["--no-store"], 2),
    ("2", ["--help"], 0),
    ("2", ["--no-store"], 2),
    ("012", ["--version"], 0),
    ("0", ["emulator", "--no-traffic", "--until-stdin-closes"], 0),
    ("2", ["emulator", "--no-traffic", "--account", "/nonexistent.toml"], 2),
]


@pytest.mark.parametrize(("closed", "words", "code"), CLOSED)
def test_a_stream_that_was_closed_before_the_start_is_no_mistake(closed: str, words: list[str], code: int) -> None:
    program = "import os, sys\nfor each in sys.argv[1]: os.close(int(each))\nos.execv(sys.argv[2], sys.argv[2:])"
    command = [sys.executable, "-c", program, closed, sys.executable, "-m", "ctui", *words]
    said = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, text=True, check=False, timeout=120)
    assert said.returncode == code, said.stderr
    assert "Traceback" not in said.stderr


def test_without_a_terminal_it_says_so() -> None:
    result = run("--demo")
    assert result.exit_code == 2
    assert "needs a terminal" in result.output
