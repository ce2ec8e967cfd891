"""ARCHITECTURE.md and CONTRIBUTING.md name what is there: no path, class or function is gone, no folder is missing."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [path for name in ("ARCHITECTURE.md", "CONTRIBUTING.md") if (path := ROOT / name).exists()]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
IS_PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?|\w+\.(py|md|toml|tcss)")
IS_CLASS = re.compile(r"([A-Z]+[a-z]\w*)((?:\.\w+)*)(\(\))?")
IS_NAME = re.compile(r"_?[a-z]+(?:_[a-z]+)+(?:\(\))?")
NOT_OURS = frozenset(("Events", "credential_process", "config.toml", "events.db", "user_version", "installed_names"))
"""Names of AWS, of SQLite, of a person's files, and an example of a good name."""


def names_in(page: Path) -> set[str]:
    """What stands in backticks, blocks of code left out."""
    return set(CODE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))) - NOT_OURS


@cache
def defined() -> tuple[dict[str, set[str]], frozenset[str]]:
    """Classes of ctui and its tests with what they define, bases' included by name; and every name that is defined."""
    members: dict[str, set[str]] = {}
    bases: dict[str, list[str]] = {}
    names: set[str] = set()
    for path in (*ROOT.glob("ctui/**/*.py"), *ROOT.glob("tests/**/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names |= _bound(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                members.setdefault(node.name, set()).update(_bound(node))
                bases.setdefault(node.name, []).extend(ast.unparse(base).split("[")[0] for base in node.bases)
    for name in members:
        for base in bases[name]:
            members[name] |= members.get(base, set())
    return members, frozenset(names)


def _bound(tree: ast.AST) -> set[str]:
    """Names that are defined or assigned somewhere in a tree, attributes and parameters too."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            bound.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
    return bound


def folders_on_the_map() -> set[str]:
    """Folders and files of the tree in ARCHITECTURE.md, as paths from the top."""
    tree = next(
        block for block in FENCE.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")) if "ctui/" in block
    )
    above: list[str] = []
    paths: set[str] = set()
    for line in tree.splitlines()[1:-1]:
        indent = len(line) - len(line.lstrip())
        above = [*above[: indent // 2], line.split()[0]]
        paths.add("".join(above).rstrip("/"))
    return paths


def test_every_folder_is_on_the_map() -> None:
    folders = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("ctui/**/*.py")}
    assert folders - folders_on_the_map() == set()


def test_what_is_on_the_map_is_there() -> None:
    assert [path for path in sorted(folders_on_the_map()) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_is_there(page: Path) -> None:
    paths = [name for name in sorted(names_in(page)) if IS_PATH.fullmatch(name)]
    assert paths
    assert [name for name in paths if not any((top / name).exists() for top in (ROOT, ROOT / "ctui"))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_class_is_there(page: Path) -> None:
    members, _ = defined()
    gone = []
    for name in sorted(names_in(page)):
        if match := IS_CLASS.fullmatch(name):
            cls, attributes = match[1], match[2].split(".")[1:]
            if cls not in members or not set(attributes) <= members[cls]:
                gone.append(name)
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_function_is_there(page: Path) -> None:
    _, names = defined()
    found = [name for name in sorted(names_in(page)) if IS_NAME.fullmatch(name)]
    assert [name for name in found if name.removesuffix("()") not in names] == []
