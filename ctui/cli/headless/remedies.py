"""Remedies for who has no screen: the same words, without its keys."""

import re
from typing import Final

from ctui.errors import CtuiError

_PRESS: Final = re.compile(
    r"\b(?P<first>[Pp])ress (?:esc, then )?r\b(?: to (?:try again|search again|refresh[a-z ]*))?"
)
_HERE: Final = re.compile(
    r"Press L to run (?P<command>`[^`]*`) here, or run it in another terminal: ctui goes on by itself\."
)
_KEY: Final = re.compile(r" \([a-z]\)(?=[,;.]|$)")
"""A key behind what it does: "start logging (s)"."""
_CONTINUES: Final = re.compile(r"(?P<before>^|[.!?] )?\bm continues from here\b")


def words_of(error: CtuiError) -> str:
    """An error in one line: what happened, and what to do where there is no key to press."""
    return without_keys(str(error))


def without_keys(text: str) -> str:
    """A text that says to run the command again, where a person at the screen presses a key."""
    text = _HERE.sub(lambda found: f"Run {found['command']}, then run this again.", text)
    again = _PRESS.sub(lambda found: "Run it again" if found["first"] == "P" else "run it again", text)
    return _KEY.sub("", _CONTINUES.sub(_continuing, again))


def _continuing(found: re.Match[str]) -> str:
    begins = found["before"]
    return "run it again to continue from here" if begins is None else f"{begins}Run it again to continue from here"
