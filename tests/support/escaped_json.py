"""JSON whose texts are escaped at random: each character as itself, by a letter or by number, as JSON allows it."""

import json
from random import Random

_SHORT = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(value: object, random: Random) -> str:
    """The value as JSON. Two half characters that are next to each other may become one."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{escaped(key, random)}:{escaped(one, random)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(escaped(one, random) for one in value) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    return '"' + "".join(_written(char, random) for char in value) + '"'


def _written(char: str, random: Random) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    by_number = "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
    by_number = by_number if random.random() < 0.5 else by_number.upper().replace("U", "u")
    ways = [by_number, _SHORT.get(char, by_number)]
    if char >= " " and char not in '"\\':
        ways += [char] * 3
    return random.choice(ways)
