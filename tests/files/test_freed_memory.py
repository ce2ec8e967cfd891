"""Large blocks are given back where glibc is what allocates them; elsewhere nothing happens."""

import ctypes
import platform

import pytest

from ctui.files.freed_memory import give_back_large_blocks


def test_glibc_takes_the_setting() -> None:
    assert give_back_large_blocks() is (platform.libc_ver()[0] == "glibc")


@pytest.mark.parametrize("error", [OSError, TypeError])
def test_no_such_library_is_no_error(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def load(_name: None) -> object:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert not give_back_large_blocks()
