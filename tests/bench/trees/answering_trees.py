"""Answers over indexed trees of log files, as the screen asks, and other programs over the same files."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, Limit, Stopwatch, Value, enough
from bench.filtering import typed
from bench.run import Run
from bench.trees.indexing_trees import indexes_of, tree_of, tree_sizes
from bench.trees.tree_peers import beside
from bench.trees.tree_questions import ASKED, AT, questions
from bench.trees.tree_session import indexed, over

from ctui.core.session import Session

_FIRST, _OPENED, _FILE = (
    "log files: opened, first rows",
    "log files: opened, all in view",
    "log files: opened, CPU a file",
)
_RECORD, _FACETS = "log files: a record of a file not read before", "log files: values of all rows counted"
_RECORDS = 40
"""Records that are shown, all over the tree."""
NAMES = (_FIRST, _OPENED, _FILE, *(name for asked in ASKED for name in asked.names), _RECORD, _FACETS)


class Answers:
    """Their figures."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.first = Figure(_FIRST, "ms", limit=Limit(1_000), at=AT)
        self.opened = Figure(_OPENED, "ms")
        self.file = Figure(_FILE, "µs")
        self.record = Figure(_RECORD, "ms")
        self.facets = Figure(_FACETS, "ms")
        self.lines = {name: Figure(name, "ms", limit=limit, at=AT) for asked in ASKED for name, limit in asked.limits}
        self.found: dict[str, dict[int, int]] = {asked.name: {} for asked in ASKED}
        """How many rows each question has found, by the number of events."""

    async def measure(self, tree: Path, indexes: Path, size: int) -> None:
        """Measure over one tree, which is indexed."""
        first, opened = Stopwatch(), Stopwatch()
        for _ in enough(self._run.runs):
            first.begin()
            opened.begin()
            async with over(tree, indexes) as session:
                first.end()
                state = await indexed(session)
                opened.end()
        self.first.values[size], self.opened.values[size] = first.value, opened.value
        self.file.values[size] = Value(1000 * min(opened.cpus) / state.files)
        async with over(tree, indexes) as session:
            await indexed(session)
            for asked in questions(tree):
                firsts, alls = Stopwatch(), Stopwatch()
                for _ in enough(self._run.runs) if any(map(self._run.wants, asked.names)) else ():
                    await typed(session, asked.line, firsts, alls)
                    self.found[asked.name][size] = len(session.explorer.rows.ids)
                for name, watch in zip(asked.names, (alls, firsts), strict=False):
                    if watch.walls:
                        self.lines[name].values[size] = watch.value
            if self._run.wants(_RECORD) or self._run.wants(_FACETS):
                await self._rest(session, size)

    async def _rest(self, session: Session, size: int) -> None:
        session.explorer.type("")
        await session.idle()
        ids = session.explorer.rows.ids
        watch = Stopwatch()
        for place in range(_RECORDS):
            watch.begin()
            session.event(ids[len(ids) * place // _RECORDS])
            watch.end()
        self.record.values[size] = watch.value
        watch = Stopwatch()
        for _ in enough(self._run.runs):
            watch.begin()
            shape = session.shape()
            await session.idle()
            watch.end()
            assert shape.state.counted == len(ids)
            shape.close()
        self.facets.values[size] = watch.value


def answering(run: Run) -> Iterator[Figure]:
    """Every question, at every size."""
    answers = Answers(run)
    trees = {size: tree_of(run, size) for size in tree_sizes(run)}
    for size, path in trees.items():
        asyncio.run(answers.measure(path, indexes_of(run, size), size))
    yield from (answers.first, answers.opened, answers.file)
    for asked in questions(trees[max(trees)]):
        wanted = [answers.lines[name] for name in asked.names if run.wants(name)]
        if wanted and (found := answers.found[asked.name]):
            wanted[0].peers = list(beside(run, asked, trees, found))
        yield from wanted
    yield from (answers.record, answers.facets)
