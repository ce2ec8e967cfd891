"""`ctui emulator`: serves until it is stopped."""

import asyncio
import functools
import logging
import os
import shlex
import signal
import sys
from collections.abc import Callable
from typing import TextIO

from ctui.emulator.aws_settings import profiles
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.server import Emulator
from ctui.errors import CtuiError

PASTE = """\
Paste for boto3:
  boto3.client("cloudtrail", endpoint_url="{url}", region_name="us-east-1",
               aws_access_key_id="{key}", aws_secret_access_key="{secret}")
Paste for the shell (AWS CLI, ctui --endpoint-url {url} --region us-east-1):
  export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={secret} AWS_DEFAULT_REGION=us-east-1
  aws --endpoint-url {url} cloudtrail lookup-events --max-items 5
"""

PROFILES = """\
Paste for the shell, to use the profiles of the organization (AWS CLI, SDKs, ctui --profile dev):
  export AWS_CONFIG_FILE={path} AWS_SHARED_CREDENTIALS_FILE={nothing}
Profiles: {names}
"""


def run(options: EmulatorOptions) -> int:
    """Serve until SIGINT, SIGTERM or, with `until_stdin_closes`, the end of standard input. Returns 0, 1 or 2.

    Prints `ctui emulator: URL` on standard output when it accepts calls, and everything else on standard error.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="ctui emulator: %(message)s")
    try:
        asyncio.run(_serve(options))
    except CtuiError as error:
        _say(f"ctui emulator: {error}", sys.stderr)
        return 2
    except OSError as error:
        where = f"{error.filename}: " if error.filename is not None else ""
        _say(f"ctui emulator: cannot start: {where}{error.strerror or error}", sys.stderr)
        return 1
    return 0


async def _serve(options: EmulatorOptions) -> None:
    serving = asyncio.create_task(_announce_and_wait(options), name="emulator")
    loop = asyncio.get_running_loop()
    # A second signal must not cancel the ending.
    end = functools.cache(serving.cancel)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    watcher = asyncio.create_task(_until_eof(end), name="stdin") if options.until_stdin_closes else None
    try:
        await asyncio.wait([serving])
    finally:
        if watcher is not None:
            watcher.cancel()
    if not serving.cancelled():
        serving.result()


async def _announce_and_wait(options: EmulatorOptions) -> None:
    """Open the emulator, print its URL, and keep it open until canceled. It can also be canceled while it opens."""
    async with Emulator(options) as emulator:
        for note in emulator.notes:
            _say(note, sys.stderr)
        key = emulator.world.accounts[0].keys[0] if emulator.world.accounts[0].keys else None
        if key is not None:
            _say(PASTE.format(url=emulator.url, key=key.id, secret=key.secret), sys.stderr)
        if emulator.settings_file is not None:
            names = ", ".join(name for name, _ in profiles(emulator.world))
            _say(
                PROFILES.format(path=shlex.quote(str(emulator.settings_file)), nothing=os.devnull, names=names),
                sys.stderr,
            )
        _say(f"ctui emulator: {emulator.url}", sys.stdout)
        await asyncio.Event().wait()


async def _until_eof(end: Callable[[], object]) -> None:
    """Call `end` at the end of standard input. Its content is ignored."""
    if sys.stdin is None:
        end()
        return
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        while await reader.read(4096):
            pass
        end()
    finally:
        pipe.close()


def _say(text: str, stream: TextIO) -> None:
    stream.write(text.rstrip("\n") + "\n")
    stream.flush()
