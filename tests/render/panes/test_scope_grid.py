"""The scopes panel says of the chosen cell what it does, how far it has come, and how late its events come."""

from ctui.render.panes.scope_grid import CellFacts, ChosenFacts, chosen_lines
from ctui.render.text.spans import plain

SEARCHED = CellFacts("paused", searched=True, back_to="14:02")


def said(facts: ChosenFacts, cells: int = 200) -> list[str]:
    return [plain(line) for line in chosen_lines(facts, cells)]


def test_the_lag_stands_where_enough_was_followed() -> None:
    facts = ChosenFacts("prod", "eu-west-1", SEARCHED, rows=1, pace=2.0)
    assert said(facts) == ["prod eu-west-1: paused, back to 14:02 · 1 event · 2.0/s"]
    followed = ChosenFacts("prod", "eu-west-1", SEARCHED, rows=50, pace=2.0, lag=(179.5, 400.0))
    assert said(followed) == [
        "prod eu-west-1: paused, back to 14:02 · 50 events · 2.0/s · lag p50 ≤ 3 min, p95 ≤ 7 min"
    ]


def test_a_refusal_has_its_words_and_what_helps() -> None:
    cell = CellFacts("refused: Denied", trouble=True, searched=True)
    facts = ChosenFacts("prod", "eu-west-1", cell, rows=0, pace=0.5, message="No leave.", remedy="Ask for it.")
    assert said(facts) == [
        "prod eu-west-1: refused: Denied, nothing yet · 0 events · 0.5/s",
        "No leave.",
        "Ask for it.",
    ]
