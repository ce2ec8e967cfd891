"""`ctui files` with a screen over indexed trees: its first row, and its memory with all events in view."""

import asyncio
from collections.abc import Iterator

from bench.figure import Figure, Limit, Value
from bench.program import CTUI, ESCAPE, Program, environment
from bench.run import Run
from bench.trees.indexing_trees import home_of, indexes_of, tree_of, tree_sizes
from bench.trees.tree_questions import AT, questions
from bench.trees.tree_session import newest_name

NAMES = (
    "log files: ctui files, first row",
    "log files: memory, all in view",
    "log files: memory, after filtering",
)
_LARGE = 10_000_000
_LIMITS = {AT: Limit(150), _LARGE: Limit(400)}
"""MB."""


def holding(run: Run) -> Iterator[Figure]:
    """Start over a tree, bring all of it into view, filter it by each question."""
    first = Figure(NAMES[0], "ms", limit=Limit(1_000), at=AT)
    sizes = tree_sizes(run)
    at = max((size for size in _LIMITS if size <= sizes[-1]), default=AT)
    rest, filtered = (Figure(name, "MB", limit=_LIMITS[at], at=at) for name in NAMES[1:])
    for size in sizes:
        path = tree_of(run, size)
        newest = asyncio.run(newest_name(path, indexes_of(run, size)))
        with Program((*CTUI, "files", str(path)), environment(home_of(run, size))) as program:
            program.until(newest)
            first.values[size] = Value(1000 * (program.seen - program.begun), program.cpu())
            program.press("M")
            program.until_quiet()
            rest.values[size] = Value(program.memory())
            for asked in questions(path):
                program.press(f"/{asked.line}")
                program.until_quiet()
                program.press(f"\x0c{ESCAPE}")
                program.until_quiet()
            filtered.values[size] = Value(program.memory())
    yield from (first, rest, filtered)
