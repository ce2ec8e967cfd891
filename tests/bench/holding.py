"""Memory of ctui with a screen, once all stored events are in view and were filtered."""

from collections.abc import Iterator
from pathlib import Path

from bench.dataset import filled
from bench.emulators import ROW, silent_service
from bench.figure import Figure, Limit, Value
from bench.program import CTUI, ESCAPE, Program, environment
from bench.run import Run

NAMES = ("memory with all in view, after filtering",)


def memory(run: Run) -> Iterator[Figure]:
    """At every size."""
    most = Figure(NAMES[0], "MB", limit=Limit(120), at=1_000_000)
    folder = run.folder / "memory"
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
            program.press("M")
            program.until_quiet()
            for line in ("is:error", "user:nobody"):
                program.press(f"/{line}")
                program.until_quiet()
                program.press(f"\x0c{ESCAPE}")
                program.until_quiet()
            most.values[size] = Value(program.memory())
    yield most
