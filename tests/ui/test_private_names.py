"""The private names of Textual that ctui uses: all of them are listed here, and each of them is still there.

Textual promises nothing about them. A release that drops one fails here, with the reason why we need it, and not as an
odd screen somewhere. A new one is listed with its reason, after a look for a public way.
"""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache

import pytest
from textual._compositor import Compositor
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

import ctui.ui

NAMES: dict[str, tuple[tuple[type, ...], str]] = {
    "_check_bindings": ((App,), "a key in the filter line acts before those typed after it"),
    "_clipboard": ((App,), "what is cut or copied in a line can be pasted there"),
    "_compositor": ((Screen,), "what is still to be drawn once no key waits"),
    "_compositor_refresh": ((Screen,), "nothing is drawn while keys wait"),
    "_dirty_regions": ((Compositor,), "what is still to be drawn once no key waits"),
    "_dispatch_message": ((MessagePump,), "a handler that raises does not end the program"),
    "_driver": ((App,), "the terminal may go, or take nothing, while ctui ends"),
    "_exit": ((App,), "a screen that opens while ctui leaves has no children, and that is no fault"),
    "_file": ((LinuxDriver,), "output goes through a file that never blocks"),
    "_handle_exception": ((App,), "a timer or callback that raises does not end the program"),
    "_initial_value": ((Input,), "the first value may be longer than the line"),
    "_layout_required": ((Screen, Widget), "a movement that depends on the layout lays out first"),
    "_mouse_down_offset": ((Screen,), "a drag stays in the pane in which it began, even if it arrives in one piece"),
    "_on_key": ((Input,), "a key in the filter line acts before those typed after it"),
    "_on_paste": ((Input,), "a paste is cut to what a line holds"),
    "_on_timer_update": ((Screen,), "nothing is laid out while keys wait"),
    "_refresh_layout": ((Screen,), "a movement that depends on the layout lays out first"),
    "_restart_blink": ((Input,), "a run of letters is one edit, and the cursor stays in sight"),
    "_scroll_update": ((Widget,), "lines that are added below those in sight move the scroll bar, and lay out nothing"),
    "_sequence_to_key_events": ((XTermParser,), "a key is read with the key of a US layout in its place"),
    "_styles_cache": ((Widget,), "a line that scrolls keeps the border around it"),
    "_task": ((Worker,), "a worker that is cancelled before it starts leaves nothing unawaited"),
    "_unnotify": ((App,), "one notification is taken back, and the others stay"),
    "_update_timer": ((Screen,), "nothing is laid out while keys wait"),
}
"""Name -> (the classes of Textual that have it, what ctui needs it for)."""
_MADE_FOR_EACH_CLASS = frozenset({*vars(type("Probe", (Widget,), {})), "_abc_impl"})
"""What Textual, and ABC, write into every subclass."""


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in _MADE_FOR_EACH_CLASS


@cache
def _own_names(cls: type) -> frozenset[str]:
    """What a class defines, and what its methods assign to `self`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    assigned = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    }
    return frozenset({*assigned, *vars(cls)})


def _modules() -> Iterator[object]:
    for module in pkgutil.walk_packages(ctui.ui.__path__, "ctui.ui."):
        yield importlib.import_module(module.name)


def _classes() -> set[type]:
    return {
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__.startswith("ctui.ui")
    }


def _replaced() -> set[str]:
    """Private names of ours that a class of Textual below has too, on purpose or by mistake."""
    return {
        name
        for cls in _classes()
        for base in cls.__mro__[1:]
        if base.__module__.startswith("textual")
        for name in _own_names(cls) & _own_names(base)
        if _is_private(name)
    }


def _read() -> set[str]:
    """Private names that are read off something else than `self`, or off `self` without being ours."""
    ours = {name for cls in _classes() for name in _own_names(cls)}
    return {
        node.attr
        for module in _modules()
        for node in ast.walk(ast.parse(inspect.getsource(module)))  # type: ignore[arg-type]
        if isinstance(node, ast.Attribute)
        and _is_private(node.attr)
        and (node.attr not in ours or ast.unparse(node.value) not in ("self", "super()", "cls"))
    }


def test_every_private_name_that_is_used_is_listed() -> None:
    assert _replaced() | _read() == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_private_name_is_still_there(name: str) -> None:
    owners, reason = NAMES[name]
    assert [owner.__name__ for owner in owners if name not in _own_names(owner)] == [], f"needed so that {reason}"
