"""The client's trail actions against moto's server, a second service that we did not write."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from support.drafts import draft_of

from ctui.aws.client import AwsGateway
from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.errors import NoEventHistory, ServiceError, TrailNotFound
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan
from ctui.model.trail.draft import TrailDraft

pytestmark = pytest.mark.skipif(
    find_spec("moto") is None or find_spec("flask") is None, reason="moto[server] is not installed"
)

REGION = "us-east-1"
_SERVER = """
import sys, threading
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
host, port = server.get_host_and_port()
print(f"http://{host}:{port}", flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture(scope="module")
def moto_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A moto server in a process of its own, which ends when its standard input does."""
    home: Path = tmp_path_factory.mktemp("moto")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**kept, "HOME": str(home)},
    )
    assert process.stdout is not None
    assert process.stdin is not None
    url = process.stdout.readline().strip()
    if not url:
        pytest.skip("moto's server does not import or start here")
    yield url
    process.stdin.close()
    process.stdout.close()
    process.wait(120)


@pytest.fixture
async def moto(moto_url: str) -> AsyncIterator[AwsGateway]:
    """Our client at moto, with a bucket to deliver to."""
    import aiohttp

    # moto judges no signature for S3 in path style.
    async with aiohttp.ClientSession() as http:
        # Each answer is read to its end: a connection of one that is not is left open.
        async with http.post(f"{moto_url}/moto-api/reset") as reset:
            assert reset.status == 200
        key = "AWS4-HMAC-SHA256 Credential=demo/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
        async with http.put(f"{moto_url}/logs-1", headers={"Authorization": key}) as made:
            assert made.status == 200
    options = ConnectOptions("moto", REGION, moto_url, access_key="demo", secret_key="demo", isolated=True)
    gateway = await AwsConnector(options).connect()
    yield gateway
    await gateway.close()


async def test_a_trail_is_made_listed_changed_started_stopped_and_deleted(moto: AwsGateway) -> None:
    made = await moto.create_trail(REGION, TrailDraft("audit", "logs-1", s3_key_prefix="a", tags=(("team", "red"),)))
    assert (made.name, made.s3_bucket_name, made.s3_key_prefix) == ("audit", "logs-1", "a")
    assert made.arn is not None
    (listed,) = await moto.describe_trails(REGION)
    assert listed.home_region == REGION
    assert (await moto.get_trail_status(REGION, listed.key)).is_logging is False
    await moto.start_logging(REGION, listed.key)
    assert (await moto.get_trail_status(REGION, listed.key)).is_logging is True
    await moto.stop_logging(REGION, listed.key)
    assert (await moto.get_trail_status(REGION, listed.key)).is_logging is False
    changed = await moto.update_trail(REGION, draft_of(listed, s3_key_prefix="b"))
    assert changed.s3_key_prefix == "b"
    assert (await moto.describe_trails(REGION))[0].s3_key_prefix == "b"
    # moto answers a delete by ARN and deletes nothing.
    await moto.delete_trail(REGION, listed.name)
    assert await moto.describe_trails(REGION) == ()


async def test_refusals_come_with_the_codes_of_the_reference(moto: AwsGateway) -> None:
    with pytest.raises(TrailNotFound):
        await moto.start_logging(REGION, "nowhere")
    with pytest.raises(ServiceError) as caught:
        await moto.create_trail(REGION, TrailDraft("audit", "no-such-bucket"))
    assert caught.value.code == "S3BucketDoesNotExistException"


async def test_that_it_has_no_lookup_events_is_told_as_that(moto: AwsGateway) -> None:
    await moto.describe_trails(REGION)
    with pytest.raises(NoEventHistory, match="HTTP 500"):
        await moto.lookup_events(Scan(Scope("http://moto", "111111111111", REGION), 1_700_000_000, 1_700_003_600), None)
