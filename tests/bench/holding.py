"""ctui with a screen and all stored events in view: its first row, a key, and its memory, at every size."""

from collections.abc import Iterator
from pathlib import Path

from bench.dataset import filled
from bench.emulators import ROW, silent_service
from bench.figure import Figure, Limit, Value
from bench.keys import cost
from bench.program import CTUI, ESCAPE, Program, environment
from bench.run import Run

NAMES = (
    "first row of a warm store, by size",
    "CPU of a step that scrolls, all in view",
    "memory with all in view, after filtering",
)
_STEPS = 60


def holding(run: Run) -> Iterator[Figure]:
    """Start over a store, bring all of it into view, scroll, filter it three times."""
    first, step = (Figure(name, "ms") for name in NAMES[:2])
    memory = Figure(NAMES[2], "MB", limit=Limit(120), at=1_000_000)
    folder = run.folder / "holding"
    folder.mkdir(exist_ok=True)
    variables = environment(folder)
    for size in run.sizes:
        path = Path(filled(run.folder, size, run.port).path)
        with (
            silent_service(variables, path, run.port) as silent,
            Program(
                (*CTUI, "--endpoint-url", silent, "--store", str(path), "--keep-size", "all"), variables
            ) as program,
        ):
            program.until(ROW)
            first.values[size] = Value(1000 * (program.seen - program.begun), program.cpu())
            program.press("M")
            program.until_quiet()
            program.press("j" * 45)
            program.until_quiet()
            step.values[size] = Value(cost(program, ["j"] * _STEPS)[0])
            for line in ("is:error", "user:nobody", "haystack"):
                program.press(f"/{line}")
                program.until_quiet()
                program.press(f"\x0c{ESCAPE}")
                program.until_quiet()
            memory.values[size] = Value(program.memory())
    yield from (first, step, memory)
