"""The table of lines as people type them from habit, by where the habit comes from: `foreign_lines.txt`."""

from dataclasses import dataclass
from pathlib import Path

from ctui.model.filter.foreign.hints import QUOTE_IT
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.write import write_filter

TABLE = Path(__file__).with_name("foreign_lines.txt")


@dataclass(frozen=True)
class ForeignLine:
    """A line, and what ctui does with it."""

    habit: str
    """Where people learn to type it."""
    typed: str
    outcome: str
    """`= ` and the line in its normal form, or the index of the wrong character and the error."""

    @property
    def error(self) -> str:
        """What is wrong and what to write, without how to search for the text; "" for a line that is read."""
        return "" if self.outcome.startswith("= ") else self.outcome.split(maxsplit=1)[1]


def foreign_lines() -> list[ForeignLine]:
    """Every row of the table: `# habit`, then lines, each with its outcome indented below it."""
    rows, habit, typed = [], "", ""
    for text in TABLE.read_text().splitlines():
        if text.startswith("# "):
            habit = text[2:]
        elif text.startswith("    "):
            rows.append(ForeignLine(habit, typed, text[4:]))
        elif text:
            typed = text
    return rows


def outcome_of(line: str) -> str:
    """What ctui does with a line, as the table has it."""
    try:
        return f"= {write_filter(parse_filter(line))}"
    except FilterError as error:
        return f"{error.position} {str(error).removesuffix(f'; {QUOTE_IT}')}"
