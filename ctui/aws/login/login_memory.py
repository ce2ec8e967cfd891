"""LoginMemory: where the same settings led before, known without importing boto.

Settings are the options, AWS's environment variables and AWS's two files. While they are the same to the byte, a key
that is written in them is the same, and a key belongs to one account forever. The file has a salted digest of the
settings, and no key.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ctui.aws.login.connect_options import ConnectOptions
from ctui.model.connection import Connection, Identity, LoginTrace

_WRITTEN_DOWN = frozenset({"env", "explicit", "shared-credentials-file", "config-file"})
"""Credentials that are in the settings themselves, as botocore names where it found them."""
_FILES = (("AWS_CONFIG_FILE", "~/.aws/config"), ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"))
_KEPT = 16
"""Settings that are remembered; the oldest are forgotten."""
_SALT_BYTES = 16
_TEXTS = ("salt", "digest", "region", "origin", "account")
_TEXTS_OR_NONE = ("profile", "endpoint")


class LoginMemory:
    """Connections by the settings that led to them, in one private file."""

    def __init__(self, file: Path, keeps: Callable[[Connection], bool]) -> None:
        """`keeps` is False for a connection of which nothing is stored, so that there is nothing to show either."""
        self._file = file
        self._keeps = keeps

    def recall(self, options: ConnectOptions) -> Connection | None:
        """The connection that these settings led to, with its account, or None if they are new."""
        settings = _settings(options)
        for entry in reversed(self._entries()):
            if _digest(entry["salt"], settings) == entry["digest"]:
                trace = LoginTrace(account=entry["account"])
                return Connection(entry["profile"], entry["region"], entry["endpoint"], entry["origin"], trace)
        return None

    def remember(self, options: ConnectOptions, connection: Connection, method: str, identity: Identity) -> None:
        """Record where a login led, if the same settings lead there for certain.

        `method` is where botocore found the credentials. Failing to write costs the next start a moment, no more.
        """
        certain = method in _WRITTEN_DOWN or connection.login.account == identity.account
        if not certain or not self._keeps(connection):
            return
        settings = _settings(options)
        entries = [each for each in self._entries() if _digest(each["salt"], settings) != each["digest"]]
        salt = os.urandom(_SALT_BYTES).hex()
        entry = {
            "salt": salt,
            "digest": _digest(salt, settings),
            "profile": connection.profile,
            "region": connection.region,
            "endpoint": connection.endpoint,
            "origin": connection.origin,
            "account": identity.account,
        }
        with contextlib.suppress(OSError):
            self._write(json.dumps([*entries, entry][-_KEPT:], indent=1))

    def _entries(self) -> list[dict[str, str]]:
        try:
            read = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return []
        return [each for each in read if _is_entry(each)] if isinstance(read, list) else []

    def _write(self, text: str) -> None:
        # A file of mode 0600 that takes the place of the other one, so that no reader meets half of it.
        descriptor, name = tempfile.mkstemp(dir=self._file.parent, prefix=f"{self._file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def settings_files(environ: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """AWS's two files, whether they are there or not: the settings, and the credentials."""
    return (Path(environ.get(variable) or default).expanduser() for variable, default in _FILES)


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(name), str) for name in _TEXTS)
        and all(name in entry and isinstance(entry[name], str | None) for name in _TEXTS_OR_NONE)
    )


def _settings(options: ConnectOptions, environ: Mapping[str, str] = os.environ) -> bytes:
    """All that decides where a login leads, as far as it is written down: flags, variables, and the two files."""
    chosen = [options.profile, options.region, options.endpoint_url, options.access_key]
    variables = sorted((name, value) for name, value in environ.items() if name.startswith("AWS_"))
    parts = [json.dumps([chosen, variables]).encode()]
    for path in settings_files(environ):
        try:
            parts.append(hashlib.blake2b(path.read_bytes()).digest() if path.is_file() else b"none")
        except OSError:
            parts.append(b"unreadable")
    return b"\0".join(parts)


def _digest(salt: str, settings: bytes) -> str:
    return hashlib.blake2b(settings, salt=salt.encode()[:_SALT_BYTES], digest_size=32).hexdigest()
