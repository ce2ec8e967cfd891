"""Keys of a person's own: checked here, because Textual takes whatever it is given in silence."""

import difflib
import re
from collections.abc import Mapping, Sequence

from ctui.actions import ACTIONS

_NAMED_KEYS = frozenset([
    "enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown",
    "up", "down", "left", "right",
    *(f"f{number}" for number in range(1, 25)),
])  # fmt: skip
_PUNCTUATION = frozenset([
    "question_mark", "slash", "backslash", "comma", "full_stop", "colon", "semicolon", "exclamation_mark", "at",
    "number_sign", "dollar_sign", "percent_sign", "circumflex_accent", "ampersand", "asterisk",
    "left_parenthesis", "right_parenthesis", "minus", "underscore", "equals_sign", "plus",
    "left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket", "vertical_line",
    "less_than_sign", "greater_than_sign", "apostrophe", "quotation_mark", "grave_accent", "tilde",
])  # fmt: skip
_MODIFIER = re.compile(r"(?:ctrl|shift|alt|super|meta|hyper)\+")


def is_key(name: str) -> bool:
    """True for a key Textual can report: a letter or digit, a named key, each with modifiers before it."""
    bare = _MODIFIER.sub("", name)
    return bare in _NAMED_KEYS or bare in _PUNCTUATION or (len(bare) == 1 and bare.isalnum())


def resolve_keys(overrides: Mapping[str, Sequence[str]]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Keys of every action by id after a person's own choice, and what is wrong with that choice, in sentences.

    Textual takes unknown names in silence and lets one binding push out another, so this is checked here: an override
    that names an unknown action or key, or takes a key another action has, is reported and left out.
    """
    keys = {each.id: each.keys for each in ACTIONS}
    problems: list[str] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for action_id, chosen in overrides.items():
        if action_id not in keys:
            near = difflib.get_close_matches(action_id, keys, 1)
            problems.append(f"{action_id!r} is no action" + (f"; did you mean {near[0]!r}?" if near else ""))
        elif strange := [key for key in chosen if not is_key(key)]:
            problems.append(f"{strange[0]!r}, wanted for {action_id!r}, is no key")
        else:
            wanted[action_id] = tuple(dict.fromkeys(chosen))
    # All wishes at once, so that two actions may swap keys; then those that clash are taken back until none does.
    while clash := _clash({**keys, **wanted}):
        key, first, second = clash
        loser, other = (second, first) if second in wanted else (first, second)
        problems.append(f"{key!r}, wanted for {loser!r}, belongs to {other!r}")
        del wanted[loser]
    return {**keys, **wanted}, tuple(problems)


def _clash(keys: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """A key and two actions that would both take it where both work."""
    held = [(key, each) for each in ACTIONS for key in keys[each.id]]
    for index, (key, mine) in enumerate(held):
        for other_key, other in held[index + 1 :]:
            if key == other_key and (not mine.panes or not other.panes or set(mine.panes) & set(other.panes)):
                return key, mine.id, other.id
    return None
