"""A service on loopback, a connection to it, and a machine without AWS settings."""

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes.http_service import HttpService, http_service, isolated_options

from ctui.aws.client import AwsGateway
from ctui.aws.session import AwsConnector


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty home folder; no AWS_* or proxy variable but the test's own, no instance to ask for credentials."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "BOTO")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.fixture
async def service() -> AsyncIterator[HttpService]:
    """A service on loopback that answers what the test says."""
    async with http_service() as service:
        yield service


@pytest.fixture
async def gateway(service: HttpService) -> AsyncIterator[AwsGateway]:
    """A connection to the service."""
    gateway = await AwsConnector(isolated_options(service.url)).connect()
    yield gateway
    await gateway.close()


@pytest.fixture
def unused_url() -> str:
    """The URL of a port of loopback at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
