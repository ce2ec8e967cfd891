"""`ctui files check` and `ctui files forget`: what is written, what is deleted, and what is said."""

import json
import os
import shutil
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner, Result
from support.log_tree import START, PlainDecoder, no_members, record_of, write_log

from ctui.cli.commands import cli
from ctui.cli.store_location import index_folder
from ctui.files.index.indexing import Indexing, TreeReader
from ctui.files.index.opening_index import open_index
from ctui.files.walking import walk


@pytest.fixture(autouse=True)
def _folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ("files", *words), prog_name="ctui")


def indexed(tree: Path) -> Path:
    """A tree with an index of three events."""
    write_log(tree, START, [record_of(number, START) for number in range(3)])
    container = open_index(os.fsencode(tree), index_folder(), Event()).container
    reader = TreeReader(lambda: walk(os.fsencode(tree)), no_members, PlainDecoder)
    Indexing(container, reader, Event(), lambda: None).run()
    container.close()
    return tree


def test_indexes_are_listed_and_deleted_by_path_or_because_their_files_are_gone(tmp_path: Path) -> None:
    assert "0 indexes kept, 0 B." in run("forget", "--list").output
    one, other, gone = (indexed(tmp_path / name) for name in ("one", "other", "gone"))
    shutil.rmtree(gone)
    lines = run("forget", "--list").output.splitlines()
    assert len(lines) == 4
    assert lines[-1].startswith("3 indexes kept, ")
    assert {line.partition(" UTC  ")[2] for line in lines[:-1]} == {str(one), str(other), f"{gone} (no longer there)"}
    assert all(" 3 events  " in line for line in lines[:-1])
    assert run("forget", "--gone").output.startswith("1 index deleted, ")
    result = run("forget", str(one), str(tmp_path / "no\x1b[2J"))
    assert result.exit_code == 1
    assert "There is no index of" in result.output
    assert "1 index deleted, " in result.output
    assert run("forget", "--all").output.startswith("1 index deleted, ")
    assert one.exists()


@pytest.mark.parametrize("words", [(), ("x", "--all"), ("--all", "--gone"), ("--list", "x")])
def test_what_to_delete_is_said_in_one_way(words: tuple[str, ...]) -> None:
    result = run("forget", *words)
    assert result.exit_code == 2
    assert "Name paths, or one of --all, --gone and --list." in result.output


def test_an_index_in_use_stays(tmp_path: Path) -> None:
    tree = indexed(tmp_path / "one")
    container = open_index(os.fsencode(tree), index_folder(), Event()).container
    result = run("forget", "--all")
    container.close()
    assert result.exit_code == 3
    assert "Another ctui has the index of" in result.output


def test_what_is_read_and_why_the_rest_is_not(tmp_path: Path) -> None:
    tree = tmp_path / "t\udcff"
    write_log(tree, START, [record_of(number, START) for number in range(3)])
    (tree / "notes.json").write_text('{"no": "records"}')
    result = run("check", str(tree))
    assert result.exit_code == 0
    lines = [line.strip() for line in result.output.splitlines()]
    assert lines[1].startswith("1  log files read, ")
    assert lines[2] == "3  records in them"
    assert any(line.startswith("1  not read: ") for line in lines)
    assert "notes.json" in lines
    assert run("check", str(tree), "--exit-code").exit_code == 1
    (tree / "notes.json").unlink()
    assert run("check", str(tree), "--exit-code").exit_code == 0
    assert "everything is read" in run("check", str(tree)).output


def test_as_data_every_path_is_an_object(tmp_path: Path) -> None:
    write_log(tmp_path / "a", START, [record_of(0, START)])
    (tmp_path / "b").mkdir()
    result = run("check", "-o", "json", str(tmp_path / "a"), str(tmp_path / "b"))
    one, other = json.loads(result.stdout)
    assert (one["files"], one["records"], one["not_read"]) == (1, 1, [])
    assert (other["path"], other["files"]) == (str(tmp_path / "b"), 0)


def test_a_tree_that_cannot_be_read_is_no_usage_error(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "nothing"))
    assert result.exit_code == 3
    assert "No such file or directory" in result.output
