"""`ctui events`: records by ID, from the store first."""

import json
from pathlib import Path

import pytest
from support.shell import SECONDS, Shell

from ctui.emulator.testing import CloudTrail

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def ids(few_events: CloudTrail, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The IDs of four events, newest first."""
    shell = Shell(few_events, tmp_path_factory.mktemp("home"))
    ids = shell.run("search", "name:*Instances", "-o", "ids").stdout.decode().split()
    assert len(ids) == 4
    return ids


def records(out: bytes) -> list[str]:
    return [json.loads(line)["eventID"] for line in out.splitlines()]


def test_events_are_written_newest_first_and_one_call_each(
    shell: Shell, few_events: CloudTrail, ids: list[str]
) -> None:
    before = few_events.calls["LookupEvents"]
    ended = shell.run("events", ids[2], ids[0])
    assert (ended.returncode, records(ended.stdout)) == (0, [ids[0], ids[2]])
    assert b"2 of 2 found." in ended.stderr
    assert few_events.calls["LookupEvents"] - before == 2


def test_what_is_stored_is_not_asked_for(shell: Shell, few_events: CloudTrail, ids: list[str], tmp_path: Path) -> None:
    shell.variables = {"CTUI_STORE": str(tmp_path / "events.db")}
    assert shell.run("search", "name:StopInstances").returncode == 0
    before = few_events.calls["LookupEvents"]
    assert records(shell.run("events", ids[1]).stdout) == [ids[1]]
    assert few_events.calls["LookupEvents"] == before, "it is in the store"
    assert records(shell.run("events", *ids).stdout) == ids
    assert few_events.calls["LookupEvents"] - before == 3
    # Nor is what was found by its ID before, however long ago the range of a setting begins.
    shell.variables |= {"CTUI_SINCE": "1h"}
    assert records(shell.run("events", *ids).stdout) == ids
    assert few_events.calls["LookupEvents"] - before == 3


@pytest.mark.parametrize(("words", "code"), [([], 0), (["--exit-code"], 1)], ids=["a whole answer", "asked for"])
def test_an_unknown_id_is_said(shell: Shell, ids: list[str], words: list[str], code: int) -> None:
    ended = shell.run("events", ids[0], UNKNOWN, *words)
    assert (ended.returncode, records(ended.stdout)) == (code, [ids[0]])
    assert f"Not found: {UNKNOWN}." in ended.stderr.decode()
    assert f"Not found: {UNKNOWN}." in shell.run("events", UNKNOWN, "--quiet").stderr.decode()
    assert shell.run("events", ids[0], "--exit-code", "--quiet").stderr == b""


def test_ids_come_from_standard_input(shell: Shell, ids: list[str]) -> None:
    def piped(text: str, *words: str) -> bytes:
        process = shell.start("events", "-", *words, stdin=-1)
        out, err = process.communicate(text.encode(), timeout=SECONDS)
        assert process.returncode == 0, err
        return out

    assert records(piped("\n".join([*ids, "", ids[0]]))) == ids, "each once"
    assert piped("\n".join(ids[1:]), ids[0], "-o", "ids").decode().split() == ids
    assert json.loads(piped("", "-o", "json")) == []


def test_more_than_a_line_has_room_for(shell: Shell, ids: list[str]) -> None:
    many = [f"{number:08}-0000-4000-8000-000000000000" for number in range(300)]
    ended = shell.run("events", *many, *ids)
    assert (ended.returncode, records(ended.stdout)) == (0, ids)
    assert b"4 of 304 found." in ended.stderr


def test_errors_are_those_of_a_search(shell: Shell, ids: list[str]) -> None:
    assert shell.run("events").returncode == 2
    assert shell.run("events", "x" * 3000).returncode == 2
    assert b"no text in the encoding" in shell.run("events", ids[0], "\udce9").stderr
    shell.key = "demo-denied"
    ended = shell.run("events", ids[0])
    assert (ended.returncode, ended.stdout) == (3, b"")
    assert b"LookupEvents" in ended.stderr
