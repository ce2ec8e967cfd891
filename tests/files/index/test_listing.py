"""The indexes in the cache folder are listed with what they take, and removed, and nothing else is."""

import os
import shutil
from pathlib import Path
from threading import Event

import pytest
from support.log_tree import START, PlainDecoder, no_members, record_of, write_log

from ctui.errors import FilesError
from ctui.files.index.container import Container
from ctui.files.index.indexing import Indexing, TreeReader
from ctui.files.index.listing import forget, forget_all, indexes
from ctui.files.index.opening_index import open_index
from ctui.files.walking import walk


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def indexed(tree: Path, cache: Path) -> Container:
    """A tree with three events, and its index, open."""
    write_log(tree, START, [record_of(number, START) for number in range(3)])
    container = open_index(os.fsencode(tree), cache, Event()).container
    Indexing(
        container, TreeReader(lambda: walk(os.fsencode(tree)), no_members, PlainDecoder), Event(), lambda: None
    ).run()
    return container


def test_indexes_are_listed_and_forgotten(tmp_path: Path, cache: Path) -> None:
    assert indexes(cache) == []
    trees = [tmp_path / name for name in ("one", "two", "t\udcff[/x]")]
    for tree in trees:
        indexed(tree, cache).close()
    (cache / "broken.db").write_bytes(b"nothing")
    listed = {index.tree: index for index in indexes(cache)}
    assert set(listed) == {None, *map(os.fsencode, trees)}
    assert all(index.events == (3 if tree else 0) for tree, index in listed.items())
    assert all(index.size >= 7 for index in listed.values())
    shutil.rmtree(trees[1])
    nothing = [index for index in indexes(cache) if index.is_of_nothing]
    assert {index.tree for index in nothing} == {None, os.fsencode(trees[1])}
    forget_all(nothing)
    assert {index.tree for index in indexes(cache)} == {os.fsencode(trees[0]), os.fsencode(trees[2])}
    removed = forget(os.fsencode(trees[0]), cache)
    assert removed is not None
    assert removed.events == 3
    assert forget(os.fsencode(trees[0]), cache) is None
    forget_all(indexes(cache))
    assert list(cache.iterdir()) == []
    assert trees[0].exists()


def test_an_index_in_use_stays(tmp_path: Path, cache: Path) -> None:
    container = indexed(tmp_path / "tree", cache)
    with pytest.raises(FilesError, match="Another ctui has the index"):
        forget(os.fsencode(tmp_path / "tree"), cache)
    assert sum(entry.rows for entry in container.segments()) == 3
    container.close()
    assert forget(os.fsencode(tmp_path / "tree"), cache)
