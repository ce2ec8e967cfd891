"""`--explain`: what would be asked, what is filtered here, calls and seconds; and no call is made."""

import json
from pathlib import Path

import pytest
from support.shell import Shell

from ctui.cli.headless.exit_codes import ExitCode


def explained(shell: Shell, *words: str) -> dict[str, object]:
    """The plan, for which nothing was asked."""
    before = shell.service.calls.copy()
    ended = shell.run("search", *words, "--explain", "-o", "json")
    assert (ended.returncode, ended.stderr) == (ExitCode.COMPLETE, b"")
    assert shell.service.calls == before
    plan: dict[str, object] = json.loads(ended.stdout)
    return plan


def test_what_goes_to_the_service_and_what_is_filtered_here(shell: Shell) -> None:
    plan = explained(shell, "user:alice,bob is:write -source:s3 region:eu-west-1,us-east-1", "--since", "1d")
    assert plan["selected_by_aws"] == ["Username=alice", "Username=bob"]
    assert plan["filtered_here"] == ["is:write", "-source:s3.amazonaws.com", "region:eu-west-1,us-east-1"]
    assert plan["regions"] == ["us-east-1", "eu-west-1"]
    assert (plan["scans"], plan["calls"], plan["seconds"]) == (4, None, None)


def test_what_is_stored_is_not_asked_for_and_says_how_many_calls_to_expect(shell: Shell, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "events.db"))
    assert shell.run("search", "", "--since", "1d", *store).returncode == ExitCode.COMPLETE
    plan = explained(shell, "is:error", "--since", "2d", *store)
    # The day before, and the minutes of which events may still come.
    assert plan["scans"] == 2
    assert plan["calls"] == 2
    parts = plan["not_covered"]
    assert isinstance(parts, list)
    assert {part["region"] for part in parts} == {"us-east-1"}


@pytest.mark.parametrize(("line", "calls"), [("name:A name:B", b"no event can match"), ("is:marked", b"marked events")])
def test_a_line_that_takes_no_call_says_so(shell: Shell, line: str, calls: bytes) -> None:
    assert calls in shell.run("search", line, "--explain").stdout
    assert explained(shell, line)["calls"] == 0


def test_a_line_that_cannot_be_read(shell: Shell) -> None:
    ended = shell.run("search", "user:( x", "--explain")
    assert (ended.returncode, ended.stdout) == (ExitCode.UNREADABLE, b"")


def test_in_words(shell: Shell) -> None:
    said = shell.run("search", "user:alice is:write", "--explain", "--since", "3h").stdout.decode()
    assert [line.split("  ")[0].strip() for line in said.splitlines()] == [
        "range", "Regions", "AWS selects by Username=alice", "filtered here", "calls", "takes"
    ]  # fmt: skip
    assert "is:write" in said


def test_insights_events_are_named_with_what_selects_them(shell: Shell) -> None:
    said = shell.run("search", "is:insight OR name:A", "--explain").stdout.decode()
    words = [" ".join(line.split()) for line in said.splitlines()]
    assert "events management and insight" in words
    assert "AWS selects management by EventName=A" in words
    assert "AWS selects insight by nothing: every event in range is read" in words
    assert explained(shell, "is:insight name:A")["categories"] == ["insight"]
    assert explained(shell, "name:A")["categories"] == ["management"]
