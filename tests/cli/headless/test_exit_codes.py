"""What `ctui search` ends with, as a script sees it: the exit code, data on stdout, words on stderr."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest
from support.shell import Shell

from ctui.cli.commands import cli
from ctui.cli.headless.exit_codes import MEANINGS, ExitCode

README = Path(__file__).parents[3] / "README.md"
CLOSED_PORT = ("--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1")


@dataclass(frozen=True)
class Case:
    words: tuple[str, ...]
    code: ExitCode
    events: int
    said: str
    key: str = "demo"
    variables: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] | None = None


CASES = {
    "some": Case(("name:RunInstances",), ExitCode.COMPLETE, 3, "3 events match."),
    "none": Case(("name:NoSuchCall",), ExitCode.COMPLETE, 0, "0 events match."),
    "some asked for": Case(("name:StopInstances", "--exit-code"), ExitCode.COMPLETE, 1, "complete."),
    "none asked for": Case(("name:NoSuchCall", "--exit-code"), ExitCode.NONE, 0, "complete."),
    "nothing can match": Case(("name:A name:B", "--exit-code"), ExitCode.NONE, 0, "0 events match."),
    "limit": Case(("name:RunInstances", "--limit", "2"), ExitCode.COMPLETE, 2, "Stopped at --limit"),
    "limit met": Case(("name:StopInstances", "--limit", "1"), ExitCode.COMPLETE, 1, "1 event matches."),
    "line": Case(("user:( x",), ExitCode.UNREADABLE, 0, "     ^ ( after a field"),
    "a term that excludes": Case(("-name:Stop* name:*Instances",), ExitCode.COMPLETE, 3, "3 events match."),
    "two lines": Case(("-name:Stop*", "name:A"), ExitCode.UNREADABLE, 0, "extra argument"),
    "no text": Case(("user:\udce9",), ExitCode.UNREADABLE, 0, "no text in the encoding"),
    "no line": Case((), ExitCode.UNREADABLE, 0, "LINE"),
    "range": Case(("", "--since", "soon"), ExitCode.UNREADABLE, 0, "--since: 'soon'"),
    "option": Case(("", "--frmat", "csv"), ExitCode.UNREADABLE, 0, "--format"),
    "column": Case(("", "--columns", "no such"), ExitCode.UNREADABLE, 0, "'no such'"),
    "variable": Case(("",), ExitCode.UNREADABLE, 0, "CTUI_SINCE: 'soon'", variables={"CTUI_SINCE": "soon"}),
    "login": Case(("",), ExitCode.FAILED, 0, "access key", key="unknown"),
    "denied": Case(("",), ExitCode.FAILED, 0, "LookupEvents", key="demo-denied"),
    "service": Case(("",), ExitCode.FAILED, 0, "127.0.0.1:9", options=CLOSED_PORT),
    "Region": Case(("region:af-south-1,us-east-1 name:*Instances",), ExitCode.INCOMPLETE, 4, "af-south-1 refused"),
    "Region, limit": Case(
        ("region:af-south-1,us-east-1 name:*Instances", "--limit", "2"), ExitCode.INCOMPLETE, 2, "af-south-1 refused"
    ),
    "Region, none": Case(
        ("region:af-south-1", "--exit-code"), ExitCode.INCOMPLETE, 0, "not covered: af-south-1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_search_ends_with_a_code_that_says_how(shell: Shell, case: Case) -> None:
    shell.key, shell.variables = case.key, case.variables
    ended = shell.run("search", *case.words, "-o", "ids", options=case.options)
    assert (ended.returncode, len(ended.stdout.split())) == (case.code, case.events), ended.stderr
    assert case.said in ended.stderr.decode()
    # No progress where no one watches.
    assert b"Traceback" not in ended.stderr
    assert b"\r" not in ended.stderr


def test_coverage_is_one_object_at_the_end_of_stderr(shell: Shell) -> None:
    ended = shell.run("search", "region:af-south-1 name:Stop*", "--coverage", "--since", "1d")
    said = json.loads(ended.stderr.decode().rstrip("\n").split("\n")[-1])
    assert said["complete"] is False
    assert said["regions"] == ["us-east-1", "af-south-1"]
    assert said["refused"] == ["af-south-1"]
    assert [gap["region"] for gap in said["not_covered"]] == ["af-south-1"]
    assert said["not_covered"][0]["from"] == said["range"]["from"]
    assert said["not_covered"][0]["to"] == said["range"]["to"]
    assert (said["matched"], said["unreadable"], said["late"]) == (0, 0, 0)


def test_coverage_is_said_where_there_is_no_connection_too(shell: Shell) -> None:
    shell.key = "unknown"
    ended = shell.run("search", "is:error", "--coverage", "--since", "1d")
    assert ended.returncode == ExitCode.FAILED
    said = json.loads(ended.stderr.decode().rstrip("\n").split("\n")[-1])
    assert (said["complete"], said["scanned"], said["matched"]) == (False, 0, 0)
    assert "access key" in said["error"]
    assert said["not_covered"][0]["from"] == said["range"]["from"]


def test_quiet_says_only_what_is_missing(shell: Shell) -> None:
    assert shell.run("search", "name:RunInstances", "--quiet").stderr == b""
    assert b"af-south-1" in shell.run("search", "region:af-south-1", "--quiet").stderr


def test_the_codes_are_in_the_help_and_in_the_readme() -> None:
    command = cli.get_command(click.Context(cli), "search")
    assert command is not None
    shown = command.get_help(click.Context(command, info_name="search"))
    text = README.read_text("utf-8")
    for code, meaning in MEANINGS.items():
        assert f"  {code.value:<3}  {meaning}" in shown
        assert f"| {code.value} | {meaning} |" in text
