"""The stage for stories: the emulator's sample account on a Friday afternoon, and the real client at it."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""A Friday afternoon; time stands still there."""


def quiet_account() -> AbstractContextManager[CloudTrail]:
    """The sample account without traffic or a limit on lookups, at `NOW`: its history is what is done to it."""
    return running(EmulatorOptions(lookup_rate=PLENTY, traffic=False), WorldClock(NOW, ticking=False))


def connector(service: CloudTrail, **changes: str) -> AwsConnector:
    """The real client at an emulator, deaf to the developer's own AWS settings."""
    options = {
        "profile": "prod",
        "region": service.region,
        "endpoint_url": service.endpoint_url,
        "access_key": service.access_key_id,
        "secret_key": service.secret_access_key,
        **changes,
    }
    return AwsConnector(ConnectOptions(**options, isolated=True))  # type: ignore[arg-type]
