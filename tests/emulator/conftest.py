"""Fixtures of the emulator's own tests: the ones it offers to everybody."""

import pytest

from ctui.emulator.options import Edition
from ctui.emulator.testing import cloudtrail, cloudtrail_options

__all__ = ["cloudtrail", "cloudtrail_options"]


@pytest.fixture(params=list(Edition), ids=str)
def edition(request: pytest.FixtureRequest) -> Edition:
    """Each edition in turn."""
    chosen: Edition = request.param
    return chosen
