"""A line of the pivot menu: label, value and number each have their place, however long they are."""

import pytest

from ctui.render.panes.pivot_menu import pivot_line
from ctui.render.text.spans import plain, width

PATH = "requestParameters.filterSet.items.0.valueSet.items.0.value"


@pytest.mark.parametrize(
    ("label", "value", "line"),
    [
        ("user", "alice", "u user alice 4"),
        ("userIdentity.accessKeyId", "AKIAEX", "u userIdentity.accessKeyId AKIAEX 4"),
        (PATH, "vpc-1", "u ….0.valueSet.items.0.value vpc-1 4"),
        ("x" * 40, "vpc-1", f"u {'x' * 26}… vpc-1 4"),
        ("e\N{RIGHT-TO-LEFT OVERRIDE}" * 40, "v", None),
        ("名前.名前.名前.名前.名前.名前.名前", "v", None),
    ],
)
def test_a_label_never_touches_its_value(label: str, value: str, line: str | None) -> None:
    shown = pivot_line("u", label, value, "4", 40)
    assert width(shown) == 40
    said = plain(shown)
    if line is None:
        assert f" {value} " in said
    else:
        assert said.split() == line.split()
