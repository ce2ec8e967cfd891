"""Help tells of the filter line what the parser reads."""

import pytest

from ctui.model.filter.parse import parse_filter
from ctui.render.panes.grammar import EXAMPLE, FORMS, grammar
from ctui.render.text.spans import plain, width
from ctui.ui.screens.help import grammar_lines


@pytest.mark.parametrize("line", [EXAMPLE, *(written for written, _ in FORMS)])
def test_every_example_can_be_read(line: str) -> None:
    read = parse_filter(line)
    assert read.terms or read.timespan


def test_every_form_and_field_is_told_and_fits() -> None:
    lines = grammar_lines(71)
    text = "\n".join(map(plain, lines))
    assert all(written in text for written, _ in grammar())
    assert all(width(line) <= 71 for line in lines)
