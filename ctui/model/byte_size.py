"""Sizes as people write them: 500MB, 2GiB."""

import re

_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?([kmgt])(i?b)?", re.ASCII | re.IGNORECASE)
_POWERS = {"k": 1, "m": 2, "g": 3, "t": 4}


def parse_size(text: str) -> int:
    """Bytes of a size such as `500MB` (1000 each) or `2GiB`, `2G` (1024 each). Raises ValueError."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a size such as 500MB or 2GiB")
    number, unit, kind = match.groups()
    base = 1000 if (kind or "").lower() == "b" else 1024
    return int(float(number) * base ** _POWERS[unit.lower()])


def size_text(size: int) -> str:
    """A number of bytes in three digits, 1000 each: 512 B, 4.6 KB, 18 MB."""
    number, units = float(size), ["B", "KB", "MB", "GB", "TB"]
    while number >= 999.5 and len(units) > 1:
        number /= 1000
        units.pop(0)
    digits = 1 if units[0] != "B" and number < 9.95 else 0
    return f"{number:.{digits}f} {units[0]}"
