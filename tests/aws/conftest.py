"""A service on loopback, a connection to it, and a machine without AWS settings."""

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def listening() -> AsyncIterator[HttpService]:
    """One service for a module: each test hears and says its own through `service`."""
    async with http_service() as service:
        yield service


@pytest.fixture
def service(listening: HttpService) -> HttpService:
    """A service on loopback that answers what the test says."""
    listening.asked.clear()
    listening.answer = None
    return listening


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connected(listening: HttpService) -> AsyncIterator[AwsGateway]:
    """One connection for a module: making one takes a tenth of a second."""
    gateway = await AwsConnector(isolated_options(listening.url)).connect()
    yield gateway
    await gateway.close()


@pytest.fixture
def gateway(service: HttpService, connected: AwsGateway) -> AwsGateway:
    """A connection to the service that outlives the test: do not close it."""
    return connected


@pytest_asyncio.fixture(loop_scope="module")
async def own_gateway(service: HttpService) -> AsyncIterator[AwsGateway]:
    """A connection of the test's own, which knows nothing yet and may be closed."""
    gateway = await AwsConnector(isolated_options(service.url)).connect()
    yield gateway
    await gateway.close()


@pytest.fixture
def unused_url() -> str:
    """The URL of a port of loopback at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
