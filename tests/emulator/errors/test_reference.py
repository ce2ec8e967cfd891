"""The error table against the API reference of September 2015, read line by line where it is at hand."""

import re
from pathlib import Path

import pytest

from ctui.emulator.actions import ACTIONS
from ctui.emulator.errors.error_row import ALL_2015, Wire
from ctui.emulator.errors.table import TABLE

REFERENCE = Path(__file__).parents[3].parent / "shared" / "reference" / "cloudtrail-api-reference-2015.txt"


@pytest.fixture(scope="module")
def reference() -> str:
    if not REFERENCE.exists():
        pytest.skip("the API reference is not beside this checkout")
    return REFERENCE.read_text("utf-8")


def section(text: str, title: str) -> str:
    """A chapter of the reference: from its heading to the next of the same rank."""
    return text.split(f"\n# {title}\n" if f"\n# {title}\n" in text else f"\n## {title}\n", 1)[1].split("\n# ", 1)[0]


def errors_in(text: str) -> set[tuple[str, int]]:
    """(code, status) of every error that is listed."""
    found, code = set(), ""
    for line in text.splitlines():
        # A code stands alone in its line, in bold or as a heading.
        if heading := re.fullmatch(r"(?:#+ )?\*{0,2}([A-Z][A-Za-z0-9]+)\*{0,2}", line.strip()):
            code = heading[1]
        elif status := re.fullmatch(r"HTTP Status Code: (\d+)", line.strip()):
            found.add((code, int(status[1])))
    return found


def table_of(action: str) -> set[tuple[str, int]]:
    """(code, status) of every error the emulator answers to an action in edition 2015."""
    cells = [row.y2015 for row in TABLE.values() if action in row.actions]
    return {(cell.code, cell.status) for cell in cells if isinstance(cell, Wire)}


def common(reference: str) -> set[tuple[str, int]]:
    text = reference.rsplit("\n# Common Errors\n", maxsplit=1)[-1]
    # The last entry breaks off before its status.
    return errors_in(text) | {("ValidationError", 400)}


@pytest.mark.parametrize("action", ALL_2015)
def test_each_action_has_the_errors_of_its_section_and_no_others(reference: str, action: str) -> None:
    chapter = section(reference, action)
    listed = errors_in(re.split(r"\n#+ \*{0,2}Errors\*{0,2}\n", chapter)[-1])
    answered = table_of(action) - common(reference)
    # No entry of the reference, and yet things that happen: a denied action, a strange Host header.
    beyond = {("AccessDeniedException", 400), ("AccessDeniedException", 403)}
    assert answered - beyond == listed


def test_every_common_error_this_protocol_can_produce_is_produced(reference: str) -> None:
    produced = {answer for action in ALL_2015 for answer in table_of(action)}
    assert common(reference) - produced == set()


@pytest.mark.parametrize("action", ALL_2015)
def test_each_action_takes_the_parameters_of_its_section(reference: str, action: str) -> None:
    request = section(reference, action).split("Request Syntax")[1].split("Response")[0].split("```")[1]
    names = set(re.findall(r'^  "(\w+)":', request, re.MULTILINE))
    assert {member.name for member in ACTIONS[action] if not member.since} == names
    required = re.findall(r"#+ \*{0,2}(\w+)\*{0,2}\s(?:(?!\n#)[\s\S])*?Required: Yes", section(reference, action))
    assert {member.name for member in ACTIONS[action] if member.required} == set(required)
