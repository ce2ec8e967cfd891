"""The key of an assumed role: asked of STS with the key of another login, and renewed before it expires.

Only a thread imports this module first: it loads botocore.
"""

import asyncio
import getpass
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from botocore.credentials import ReadOnlyCredentials

from ctui.aws.decode.caller import RoleKey
from ctui.aws.decode.readers import ANSWER_READERS
from ctui.aws.login.async_credentials import AsyncCredentials
from ctui.errors import CtuiError
from ctui.model.clock import Clock

RENEWED_BEFORE = timedelta(minutes=10)
"""How long before its end a key is renewed; halfway, if it is valid for less than twice that."""
_TRIED_AGAIN = timedelta(minutes=1)
"""How long after a renewal that failed it is tried again, while the key is still valid."""
_NOT_IN_A_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)
_LONGEST_NAME = 64

SESSION_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                # STS needs no permission to say who asks.
                "Action": [
                    f"{reader.service}:{action}"
                    for action, reader in ANSWER_READERS.items()
                    if not reader.changes and reader.service != "sts"
                ],
                "Resource": "*",
            }
        ],
    },
    separators=(",", ":"),
)
"""What the key of a role may do, whatever the role allows: the calls that ctui reads with."""


def session_name() -> str:
    """What the account's own trails call the sessions that ctui makes: ctui-USER, in characters that STS takes."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container may have no name for the number that it runs as.
        user = "user"
    return _NOT_IN_A_NAME.sub("-", f"ctui-{user}")[:_LONGEST_NAME]


class RoleCredentials(AsyncCredentials):
    """Credentials of an assumed role, for aiobotocore."""

    def __init__(self, assume: Callable[[], Awaitable[tuple[RoleKey, datetime]]], account: str, clock: Clock) -> None:
        """`assume` asks for a key, and returns it with the service's time; it raises our errors."""
        self._assume = assume
        self._account = account
        self._clock = clock
        self._key: ReadOnlyCredentials | None = None
        self._renew_at = self._ends_at = clock.now()
        """By this machine's clock, whatever it is set to: it goes on while a laptop sleeps."""
        self._turn = asyncio.Lock()

    @property
    def method(self) -> str:
        """As botocore names it."""
        return "assume-role"

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Key, secret and token. Raises what `assume` raises, once there is no key that is still valid."""
        async with self._turn:
            if self._key is None or self._clock.now() >= self._renew_at:
                await self._renew()
        assert self._key is not None
        return self._key

    async def _renew(self) -> None:
        try:
            key, told_at = await self._assume()
        except CtuiError:
            now = self._clock.now()
            if self._key is None or now >= self._ends_at:
                raise
            self._renew_at = now + _TRIED_AGAIN
            return
        lasts = key.expires - told_at
        self._ends_at = self._clock.now() + lasts
        self._renew_at = self._ends_at - min(RENEWED_BEFORE, lasts / 2)
        self._key = ReadOnlyCredentials(key.access_key, key.secret_key, key.token, self._account)
