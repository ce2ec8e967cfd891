"""Run: how much is measured, and where the data lies meanwhile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the benchmark."""

    folder: Path
    """For stores and log files."""
    sizes: tuple[int, ...]
    """Numbers of events, ascending."""
    runs: int
    """How often each thing is measured, at most."""
    port: int
    """The port of loopback that stored events came from."""
    most: int = 0
    """Events at most, where more are measured than the largest of `sizes`."""
    only: str = ""
    """A part of the names of the lines to measure; "" for all."""

    def wants(self, name: str) -> bool:
        """Whether a line is to be measured."""
        return self.only in name


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that share a preparation."""

    measure: Callable[[Run], Iterable[Figure]]
    """Yields each line as soon as it is known."""
    names: tuple[str, ...]
    """Of its lines."""
