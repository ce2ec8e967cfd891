"""Fixtures of the emulator's own tests: the ones it offers to everybody, over the account of `ctui emulator`."""

import pytest

from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import PLENTY, cloudtrail, organization

__all__ = ["cloudtrail", "organization"]


@pytest.fixture
def cloudtrail_options() -> EmulatorOptions:
    """The account has buckets, trails and the rest."""
    return EmulatorOptions(lookup_rate=PLENTY, traffic=False)


@pytest.fixture(params=list(Edition), ids=str)
def edition(request: pytest.FixtureRequest) -> Edition:
    """Each edition in turn."""
    chosen: Edition = request.param
    return chosen
