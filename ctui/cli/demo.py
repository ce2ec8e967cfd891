"""The demo: an emulator as a child process, and a connection to it that ignores all settings of this machine."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import ctui
from ctui.errors import ConnectionProblem

if TYPE_CHECKING:
    from ctui.aws.client import AwsGateway
    from ctui.aws.connector import SharedLogin
    from ctui.aws.login.login import Login
    from ctui.core.sources import Resolved

REGION = "us-east-1"
"""The Region where the demo account has its incident and most of its trails."""
KEY = "demo"
"""Access key and secret of the emulator's built-in account."""
START_SECONDS = 30.0
"""Seconds until the emulator must report its address."""
_END_SECONDS = 5.0
_ANNOUNCEMENT = "ctui emulator: "
# The child is this same program. -P keeps it from importing files of the current folder.
_CHILD = "import sys; sys.path.append(sys.argv.pop(1)); from ctui.__main__ import main; main()"
_NOT_INHERITED = ("AWS_", "BOTO", "CTUI_")
# The child makes no connection. While aiohttp is imported, it would read this machine's certificates, for 60 ms.
_NO_CERTIFICATES = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}


class Demo:
    """A connector (core's Connector) that starts an emulator first. It ends with `close`, or with this process."""

    def __init__(self, region: str | None = None) -> None:
        self._region = region or REGION
        self._child: Process | None = None
        self._stderr: asyncio.Task[bytes] | None = None
        self._url = ""
        self.drawn: Callable[[], Awaitable[None]] | None = None
        """ConnectOptions.drawn of the connection."""

    async def launch(self) -> None:
        """Start the emulator, so that it can get ready while this process does. Raises OSError."""
        await self.close()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
        self._child = child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-c", _CHILD, str(Path(ctui.__file__).parents[1])),
            *("emulator", "--port", "0", "--delivery", "3s", "--until-stdin-closes"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment | _NO_CERTIFICATES,
            # Keys such as ctrl+c are for the screen, not for the child.
            start_new_session=True,
        )
        assert child.stderr is not None
        self._stderr = asyncio.create_task(_last_words(child.stderr), name="demo stderr")

    @cached_property
    def login(self) -> "SharedLogin":
        """The login to the demo's account, for connectors that assume roles with it."""
        from ctui.aws.connector import SharedLogin  # noqa: PLC0415 - behind the frame

        return SharedLogin(self._log_in)

    async def connect(self, resolved: "Resolved") -> "AwsGateway":
        """A gateway to the demo's emulator, which is started if it does not run. Raises ConnectionProblem."""
        return await self.login.open(resolved)

    async def _log_in(self, resolved: "Resolved") -> "Login":
        from ctui.aws.connector import AwsConnector  # noqa: PLC0415 - behind the frame
        from ctui.aws.login.connect_options import ConnectOptions  # noqa: PLC0415 - as above

        if self._child is None or self._child.returncode is not None:
            await self.launch()
        if not self._url:
            await self._announced()
        options = ConnectOptions(
            profile="demo",
            region=self._region,
            endpoint_url=self._url,
            access_key=KEY,
            secret_key=KEY,
            isolated=True,
            drawn=self.drawn,
        )
        return await AwsConnector(options).login.get(resolved)

    async def close(self) -> None:
        """Stop the emulator and wait for its end. It removes its own temporary folder."""
        child, self._child = self._child, None
        self._url = ""
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await child.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        if self._stderr is not None:
            await self._stderr

    async def _announced(self) -> None:
        """Wait until the emulator has reported its address. Raises ConnectionProblem."""
        assert self._child is not None
        assert self._child.stdout is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                line = (await self._child.stdout.readline()).decode(errors="replace").strip()
        except TimeoutError:
            line = ""
        if not line.startswith(_ANNOUNCEMENT):
            await self._fail_to_start(line)
        self._url = line.removeprefix(_ANNOUNCEMENT)

    async def _fail_to_start(self, line: str) -> None:
        stderr = self._stderr
        await self.close()
        lines = (await stderr).decode(errors="replace").split("\n") if stderr else []
        # The last line says what is wrong, in a message as in a traceback.
        words = next((part.strip() for part in reversed(lines) if part.strip()), "") or line or "it printed nothing"
        raise ConnectionProblem(
            "The demo did not start",
            f"The emulator did not report its address: {words[-500:]}",
            "Press r to try again; `ctui emulator` in another terminal shows more.",
        )


async def _last_words(stream: asyncio.StreamReader) -> bytes:
    """The last bytes of a stream, when it has ended. Reads all the time, so that the writer never waits."""
    kept = b""
    while chunk := await stream.read(4096):
        kept = (kept + chunk)[-4096:]
    return kept
