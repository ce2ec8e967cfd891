"""Where the clients are, and what they find beside the emulator. See CONTRIBUTING.md for how to install them."""

import os
import re
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from support.clients import installed

from ctui.emulator.testing import CloudTrail

_NO_REGIONS = (
    b'<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><regionInfo/>'
    b"</DescribeRegionsResponse>"
)


@pytest.fixture
def environment(cloudtrail: CloudTrail, tmp_path: Path) -> dict[str, str]:
    """The variables with which a client asks the emulator, and none of this machine's AWS settings."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": cloudtrail.access_key_id,
        "AWS_SECRET_ACCESS_KEY": cloudtrail.secret_access_key,
        "AWS_DEFAULT_REGION": cloudtrail.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_CLOUDTRAIL": cloudtrail.endpoint_url,
        "AWS_ENDPOINT_URL_STS": cloudtrail.endpoint_url,
        "NO_PROXY": "127.0.0.1",
    }


@pytest.fixture
def neighbors(environment: dict[str, str], cloudtrail: CloudTrail) -> Iterator[dict[str, str]]:
    """The same, and moto for every other service: an account with the emulator's number and nothing in it."""
    command = [str(installed("moto", "moto_server")), "-H", "127.0.0.1", "-p", "0"]
    account = {"MOTO_ACCOUNT_ID": cloudtrail.account}
    with subprocess.Popen(command, env=environment | account, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        # It prints other lines before and after. Those after are read so that it never waits.
        url = next(found[0] for line in server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        reader = Thread(target=server.stderr.read)
        reader.start()
        yield {**environment, "AWS_ENDPOINT_URL": url}
        server.terminate()
        reader.join()


@pytest.fixture
def no_regions() -> Iterator[str]:
    """The URL of an EC2 that lists no Regions. moto's lists all, whatever the filter asks for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _NoRegions)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _NoRegions(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """Answer DescribeRegions."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(_NO_REGIONS)))
        self.end_headers()
        self.wfile.write(_NO_REGIONS)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
