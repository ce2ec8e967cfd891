"""NextTokens: a position in one scan, sealed so that it works only with the same parameters."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import msgspec

from ctui.emulator.errors.conditions import Condition, Refusal

_MAC_LENGTH = 16


class PageStart(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page starts, and what the first page could see."""

    time: int
    """Second of the last returned event."""
    row: int
    """Its row."""
    horizon: float
    """Epoch second of the first page. Events not available then stay out of the whole scan."""
    top: int
    """The last row at the first page."""


class Tokens:
    """Seals and opens tokens with one secret."""

    def __init__(self, secret: bytes, rules: str) -> None:
        """`rules` names what scans depend on besides their parameters. A token of other rules is invalid."""
        self._secret = secret
        self._rules = rules

    def seal(self, start: PageStart, scope: tuple[str, str], parameters: dict[str, Any]) -> str:
        """A token for `start`, valid for one account and Region (`scope`) and the parameters of this call."""
        payload = msgspec.json.encode(start)
        return base64.urlsafe_b64encode(self._mac(payload, scope, parameters) + payload).decode("ascii")

    def open(self, token: str, scope: tuple[str, str], parameters: dict[str, Any]) -> PageStart:
        """The page start of a token. Raises Refusal(NEXT_TOKEN) if it is forged, changed or from elsewhere."""
        try:
            sealed = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise Refusal(Condition.NEXT_TOKEN) from None
        mac, payload = sealed[:_MAC_LENGTH], sealed[_MAC_LENGTH:]
        if not hmac.compare_digest(mac, self._mac(payload, scope, parameters)):
            raise Refusal(Condition.NEXT_TOKEN)
        return msgspec.json.decode(payload, type=PageStart)

    def _mac(self, payload: bytes, scope: tuple[str, str], parameters: dict[str, Any]) -> bytes:
        bound = {key: value for key, value in parameters.items() if key != "NextToken"}
        message = msgspec.json.encode([self._rules, scope, bound, payload], order="deterministic")
        return hmac.new(self._secret, message, hashlib.sha256).digest()[:_MAC_LENGTH]
