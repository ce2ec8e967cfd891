"""What commands without a screen are run over: an emulator with a few events, and a shell."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.shell import Shell

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, organization, running

__all__ = ["organization"]


@pytest.fixture(scope="session")
def few_events() -> Iterator[CloudTrail]:
    """An account in which three instances were started and one was stopped, hours ago."""
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False)) as service:
        now = service.clock.now()
        for hours, name in enumerate(("RunInstances", "StopInstances", "RunInstances", "RunInstances"), 2):
            service.add_event(name, eventTime=now - timedelta(hours=hours))
        yield service


@pytest.fixture
def shell(few_events: CloudTrail, tmp_path: Path) -> Shell:
    """A shell over those."""
    return Shell(few_events, tmp_path)
