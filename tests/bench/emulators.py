"""Services to ask: the emulator with given events, and one that never answers."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.program import CTUI, Program

ROW = "GetCallerIdentity"
"""The name of an event that every start leaves at the emulator, and so is among the newest. It is an own call of ctui,
and shown only as long as it is not known who we are."""
SHOWN_ROW = "AssumeRole"
"""The name of an event that the sample traffic has several times a minute."""


@contextlib.contextmanager
def emulator(environment: Mapping[str, str], *options: str, rate: float = 1000, port: int = 0) -> Iterator[str]:
    """The URL of an emulator, by default with its week of traffic."""
    command = (*CTUI, "emulator", "--lookup-rate", str(rate), "--port", str(port), *options)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(environment)
    ) as it:
        assert it.stdout is not None
        try:
            yield it.stdout.readline().strip().removeprefix("ctui emulator: ")
        finally:
            it.terminate()


@contextlib.contextmanager
def silent_service(environment: Mapping[str, str], store: Path, port: int = 0) -> Iterator[str]:
    """The URL of a service that accepts and never answers. The store has events that it gave before, such as ROW."""
    port = port or free_port()
    with (
        emulator(environment, "--no-traffic", port=port) as url,
        Program((*CTUI, "--endpoint-url", url, "--store", str(store), "--keep-size", "all"), environment) as filling,
    ):
        filling.until("own calls")
    with socket.create_server(("127.0.0.1", port)):
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
