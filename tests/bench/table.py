"""The table of all figures: for the terminal, and as a section of the README."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import SIZES, Figure, Peer, number, power

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
"""Between these lines of the README, `--write-readme` writes the table."""
TITLES = ("figure", "ours", "CPU ms", "beside it", "ratio", "limit", "met", "growth")


def rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """The cells of each figure, in the order of TITLES."""
    return [_row(each) for each in figures]


def _row(figure: Figure) -> tuple[str, ...]:
    value = figure.value
    ours = figure.why if value is None else f"{number(value.value)} {figure.unit}".rstrip()
    at = f" at {power(figure.largest)}" if figure.largest and value is not None else ""
    return (
        figure.name,
        ours + at,
        "" if value is None or value.cpu is None else number(value.cpu),
        ", ".join(_beside(peer, figure.unit) for peer in figure.peers),
        "" if figure.ratio is None else f"{number(figure.ratio)} ×",
        _limit(figure),
        {True: "yes", False: "no", None: ""}[figure.met],
        _growth(figure),
    )


def _beside(peer: Peer, unit: str) -> str:
    at = "" if peer.at is None else f" at {power(peer.at)}"
    return f"{peer.name} {peer.why if peer.value is None else f'{number(peer.value)} {unit}'.rstrip()}{at}"


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    at = f" at {power(figure.at)}" if figure.at and figure.at != figure.largest else ""
    return figure.limit.text(figure.unit) + at


def _growth(figure: Figure) -> str:
    if not figure.largest:
        return ""
    sizes = sorted({*figure.values, *(size for size in SIZES if size < figure.largest)})
    return " · ".join(number(figure.values[size].value) if size in figure.values else "–" for size in sizes)


def as_text(figures: Sequence[Figure]) -> str:
    """The table for a terminal."""
    cells = [TITLES, *rows(figures)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(TITLES))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_markdown(figures: Sequence[Figure], about: str) -> str:
    """The table for the README, with a sentence about the machine above it."""
    head = [f"| {' | '.join(TITLES)} |", "|---" * len(TITLES) + "|"]
    return "\n".join([about, "", *head, *(f"| {' | '.join(row)} |" for row in rows(figures))])


def write_readme(figures: Sequence[Figure], about: str, path: Path = README) -> None:
    """Put the table between the two markers of the README. Raises SystemExit if they are not there."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"{path} has no lines {BEGIN} and {END}.")
    section = f"{BEGIN}\n{as_markdown(figures, about)}\n{END}"
    path.write_text(pattern.sub(lambda _: section, text), encoding="utf-8")


def machine(load_before: float) -> str:
    """This machine, its load and the day, in a sentence."""
    memory = _memory()
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {_processor()}, {os.cpu_count()} cores, {memory}"
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}; "
        f"load {load_before:.1f} before and {os.getloadavg()[0]:.1f} at the end."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return ""
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB, "
