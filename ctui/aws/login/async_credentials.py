"""Credentials as aiobotocore asks for them: key, secret and token for one request, and how they were found.

Only a thread imports this module first: it loads botocore.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from botocore.credentials import ReadOnlyCredentials


class AsyncCredentials(ABC):
    """Credentials that may have to be renewed before they sign."""

    @property
    @abstractmethod
    def method(self) -> str:
        """How they were found, as botocore names it ("env", "sso", …)."""

    @abstractmethod
    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Key, secret and token to sign one request with. Raises our errors if they cannot be renewed in time."""

    async def get_account_id(self) -> str | None:
        """The account, or None if the provider does not know it. An endpoint may contain it."""
        account: str | None = (await self.get_frozen_credentials()).account_id
        return account

    def get_deferred_property(self, name: str) -> Callable[[], Awaitable[Any]]:
        """A function that returns one field of the frozen credentials when called and awaited."""

        async def value() -> Any:
            return getattr(await self.get_frozen_credentials(), name, None)

        return value


class FixedProvider:
    """The only credential provider of an aiobotocore session: it returns the same credentials always."""

    def __init__(self, credentials: AsyncCredentials) -> None:
        self._credentials = credentials

    async def load_credentials(self) -> AsyncCredentials:
        """The credentials."""
        return self._credentials
