"""The emulator for tests of other projects: `from ctui.emulator.testing import cloudtrail` in a conftest.py.

The fixture starts an emulator in a thread, on a free port, without trails, sample traffic or a practical limit of
lookups. Override the fixture `cloudtrail_options` to change that. `organization` starts three accounts in six Regions.
"""

import warnings
from collections.abc import Iterator

import pytest

from ctui.emulator.built_in_uses import built_in_uses
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing.running import running
from ctui.emulator.testing.service import CloudTrail

__all__ = ["PLENTY", "CloudTrail", "cloudtrail", "cloudtrail_options", "organization", "running"]

PLENTY = 100_000.0
"""Lookups per second: more than any test makes."""


@pytest.fixture
def cloudtrail_options() -> EmulatorOptions:
    """The options of the fixture `cloudtrail`. Override it in your conftest.py."""
    return EmulatorOptions(lookup_rate=PLENTY, traffic=False, trails=False)


@pytest.fixture
def cloudtrail(cloudtrail_options: EmulatorOptions) -> Iterator[CloudTrail]:
    """A CloudTrail API on loopback for one test. Its clock runs with real time and can be moved.

    The account has no trails. A test that needs what the account of `ctui emulator` has is warned at its end.
    """
    with running(cloudtrail_options) as emulator:
        yield emulator
        if not cloudtrail_options.trails and cloudtrail_options.account is None:
            for use in built_in_uses(emulator.emulator, emulator.added):
                warnings.warn(use, DeprecationWarning, stacklevel=1)


@pytest.fixture
def organization() -> Iterator[CloudTrail]:
    """Three accounts of an organization in six Regions on loopback for one test, without sample traffic."""
    with running(EmulatorOptions(organization=True, lookup_rate=PLENTY, traffic=False)) as emulator:
        yield emulator
