"""A service on loopback, a connection to it, and a machine without AWS settings."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from support.fakes.http_service import HttpService, http_service, isolated_options

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector


@pytest.fixture(autouse=True)
def home(empty_home: Path) -> Path:
    """Nobody's own settings."""
    return empty_home


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
