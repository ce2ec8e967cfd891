"""aiobotocore clients, made off the loop when they are first needed.

Only a thread imports this module first: it loads botocore.
"""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from ctui.threads import off_loop

Reader = Callable[[str, str, dict[str, Any], dict[str, Any]], None]
"""Called before botocore parses, with (Region, action, response dict, dict that botocore adds to its own answer)."""


class Clients:
    """aiobotocore clients, one per service and Region, each made off the loop at its first use."""

    def __init__(self, open_client: Callable[[str, str], Any], read: Reader) -> None:
        self._open_client = open_client
        self._read = read
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._turn = asyncio.Lock()
        """Held while a thread makes a client: with a thread for each of 34 Regions at once the loop stood still for a
        quarter of a second, waiting for the interpreter at each socket."""

    def open_now(self, service: str, region: str) -> Any:
        """The client. Making one blocks for some milliseconds, so call this off the loop."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                # A client binds to the loop of its first call, not to the one it is made on.
                client = asyncio.run(self._open_client(service, region).__aenter__())
                client.meta.events.register(f"before-parse.{service}", partial(self._before_parse, region))
                self._clients[key] = client
            return self._clients[key]

    def _before_parse(
        self,
        region: str,
        operation_model: Any,
        response_dict: dict[str, Any],
        customized_response_dict: dict[str, Any],
        **_: object,
    ) -> None:
        self._read(region, operation_model.name, response_dict, customized_response_dict)

    async def get(self, service: str, region: str) -> Any:
        """The client, without blocking the loop."""
        if (client := self._clients.get((service, region))) is not None:
            return client
        async with self._turn:
            return await off_loop(lambda: self.open_now(service, region), "ctui-client")

    async def close(self) -> None:
        """Drop every client's connections."""
        clients = tuple(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.__aexit__(None, None, None)
