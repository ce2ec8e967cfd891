"""The version: that of the installed package, which its build took from the tag."""

import importlib.metadata

import pytest

import ctui


def test_the_version_is_that_of_the_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", {"ctui": "1.2.3"}.__getitem__)
    assert ctui.__version__ == "1.2.3"


def test_a_checkout_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert ctui.__version__ == "unknown"


def test_the_module_has_no_other_late_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'version'"):
        _ = ctui.version
