"""What a terminal outside makes of the sequences that copy."""

import base64
import re
from collections.abc import Callable

_SEQUENCE = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def decoded(sequence: str) -> str:
    """The text that an OSC 52 sequence, and nothing beside it, puts into the clipboard."""
    whole = _SEQUENCE.fullmatch(sequence)
    assert whole is not None, sequence[:200]
    return base64.b64decode(whole[1]).decode()


def keeping(texts: list[str]) -> Callable[[str], None]:
    """A terminal for Clipboard, which keeps the texts of what is written to it."""
    return lambda sequence: texts.append(decoded(sequence))
