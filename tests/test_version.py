"""The version: that of the installed package, which its build took from the tag."""

import importlib.metadata
import sys
from pathlib import Path

import pytest

import ctui


def test_the_version_is_that_of_the_installed_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert ctui.__version__ == importlib.metadata.version("ctui")
    (tmp_path / "ctui-1.2.3.dist-info").mkdir()
    (tmp_path / "ctui_tools-9.dist-info").mkdir()
    (tmp_path / "METADATA").write_text("Metadata-Version: 2.4\nName: ctui\nVersion: 1.2.3\n")
    (tmp_path / "METADATA").rename(tmp_path / "ctui-1.2.3.dist-info" / "METADATA")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert ctui.__version__ == importlib.metadata.version("ctui") == "1.2.3"


def test_a_checkout_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", ["/nonexistent", str(tmp_path), str(Path(ctui.__file__))])
    assert ctui.__version__ == "unknown"


def test_the_module_has_no_other_late_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'version'"):
        _ = ctui.version
