"""Temporary credentials of STS and of the access portal, and sign-ins to it. All of them are sealed, none is kept.

A session token contains whose it is, until when and with which policy, sealed with the secret of the state. So an
emulator that starts again over the same data folder still knows those that it issued before.
"""

import base64
import binascii
import hashlib
import hmac
import itertools
import uuid
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from ctui.emulator.account.accounts import AccessKey, Account, World

_MAC_LENGTH = 32
_SEALED_SECRET = "sealed"
"""What stands in a token in place of the secret."""
T = TypeVar("T")


class TemporaryKey(AccessKey, frozen=True, kw_only=True):
    """An access key with a session token, of a role's session or of a user."""

    expires: datetime
    """When it expires in real time."""
    since: datetime
    """When it was issued, by the world's clock."""
    until: datetime
    """When it expires by the world's clock."""
    number: int
    """Counts what this emulator has issued since it was started."""
    mfa: bool = False
    """True if an MFA code was given for it."""
    policy: str | None = None
    """The session policy, or None if everything is allowed that the role may do."""


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in to the access portal."""

    person: str
    until: datetime
    """When it expires, in real time."""
    number: int
    renews: bool = False
    """True for a token that only gets further ones."""


class Keyring:
    """Finds the key of a call: one of the account file, or a temporary one. Issues temporary ones."""

    def __init__(self, world: World, secret: bytes) -> None:
        self._world = world
        self._secret = secret
        self._numbers = itertools.count()
        self._oldest_key = 0
        self._oldest_sign_in = 0

    def find(self, key_id: str, token: str | None) -> tuple[Account, AccessKey] | None:
        """(account, access key) of a key ID and the session token that came with it, or None."""
        known = self._world.key(key_id)
        if known is not None or token is None:
            return known
        sealed = self._open(token, _SealedKey)
        account = self._world.find(sealed.account) if sealed is not None else None
        if sealed is None or account is None or sealed.key.id != key_id:
            return None
        return account, replace(sealed.key, secret=self._secret_of(key_id), session_token=token)

    def issue(
        self,
        account: Account,
        *,
        now: datetime,
        world_now: datetime,
        seconds: int,
        user: str | None = None,
        role: str | None = None,
        session: str = "session",
        mfa: bool = False,
        policy: str | None = None,
        deny: tuple[str, ...] = (),
    ) -> TemporaryKey:
        """New temporary credentials of a user, a role's session or root, good for so many seconds.

        `now` is real time, `world_now` that of the world's clock.
        """
        key_id = f"ASIA{base64.b32encode(uuid.uuid4().bytes)[:16].decode('ascii')}"
        key = TemporaryKey(
            id=key_id,
            secret=_SEALED_SECRET,
            user=user,
            role=role,
            session=session,
            expires=now + timedelta(seconds=seconds),
            since=world_now,
            until=world_now + timedelta(seconds=seconds),
            number=next(self._numbers),
            mfa=mfa,
            policy=policy,
            deny=deny,
        )
        token = self._seal(_SealedKey(account=account.id, key=key))
        return replace(key, secret=self._secret_of(key_id), session_token=token)

    def has_expired(self, key: AccessKey, now: datetime, world_now: datetime) -> bool:
        """True if a key is over: its time has come, or it was made to expire."""
        if isinstance(key, TemporaryKey) and (key.until <= world_now or key.number < self._oldest_key):
            return True
        return key.expires is not None and key.expires <= now

    def sign_in(self, person: str, now: datetime, seconds: int, *, renews: bool = False) -> str:
        """A token for the access portal, good for so many seconds of real time."""
        until = now + timedelta(seconds=seconds)
        return self._seal(SignIn(person=person, until=until, number=next(self._numbers), renews=renews))

    def person(self, token: str, now: datetime, *, renews: bool = False) -> str | None:
        """Who signed in with a token, or None if it is not one, or is over."""
        found = self._open(token, SignIn)
        valid = found is not None and found.renews == renews and found.until > now
        return found.person if found is not None and valid and found.number >= self._oldest_sign_in else None

    def expire_keys(self) -> None:
        """From now on, all temporary credentials that were issued until now are over."""
        self._oldest_key = next(self._numbers)

    def expire_sign_ins(self) -> None:
        """From now on, everyone has to sign in to the access portal again."""
        self._oldest_sign_in = next(self._numbers)

    def _secret_of(self, key_id: str) -> str:
        return base64.b64encode(hmac.digest(self._secret, key_id.encode("ascii"), "sha256")[:30]).decode("ascii")

    def _seal(self, value: msgspec.Struct) -> str:
        payload = msgspec.json.encode([type(value).__name__, value])
        return base64.b64encode(hmac.digest(self._secret, payload, hashlib.sha256) + payload).decode("ascii")

    def _open(self, token: str, kind: type[T]) -> T | None:
        """What is sealed in a token, or None if it is forged or of another kind."""
        try:
            sealed = base64.b64decode(token.encode("ascii"), validate=True)
        except (ValueError, binascii.Error):
            return None
        mac, payload = sealed[:_MAC_LENGTH], sealed[_MAC_LENGTH:]
        if not hmac.compare_digest(mac, hmac.digest(self._secret, payload, hashlib.sha256)):
            return None
        name, value = msgspec.json.decode(payload)
        return msgspec.convert(value, kind) if name == kind.__name__ else None


class _SealedKey(msgspec.Struct, frozen=True, kw_only=True):
    account: str
    key: TemporaryKey
