"""A command line as a shell reads it, up to the cursor, and how bash takes text there."""

from collections.abc import Mapping, Set

from ctui.model.values import dataclass

POSIX_ESCAPES: Mapping[str, Set[str]] = {'"': frozenset('$`"\\\n'), "'": frozenset()}
"""What a backslash quotes inside each kind of quotes, in bash and zsh."""
FISH_ESCAPES: Mapping[str, Set[str]] = {'"': frozenset('$"\\\n'), "'": frozenset("'\\")}
"""The same in fish."""
BASH_BREAKS = ":=@"
"""Characters of a word behind which bash completes a word of its own, as COMP_WORDBREAKS has them by default."""
_QUOTED_BY_BASH = frozenset("\t !\"#$&'()*;<>?[\\]^`{|}~")


@dataclass(frozen=True, slots=True)
class ShellWords:
    """The words of a command before the cursor, without quotes and without what is redirected."""

    complete: tuple[str, ...]
    """Those that have ended; the command's name is the first."""
    current: str
    """The one at the cursor; "" if one can begin there."""
    kept: int = 0
    """How many of its characters bash leaves as they are: it replaces those behind a break or an open quote."""
    quote: str = ""
    """The quote that is open at the cursor, or ""."""
    names_file: bool = False
    """True behind a redirection, which a file follows."""


def read_words(line: str, escapes: Mapping[str, Set[str]] = POSIX_ESCAPES) -> ShellWords:
    """The words of a command line that ends at the cursor. Its variables and substitutions stay as they are written."""
    words: list[str] = []
    text, kept, quote, begun, to_file = "", 0, "", False, False
    at = 0
    while at < len(line):
        char, following = line[at], line[at + 1 : at + 2]
        at += 1
        if char == "\\" and (not quote or following in escapes[quote]):
            text, begun, at = text + following, True, at + 1
        elif char == quote:
            quote, kept = "", len(text)
        elif quote:
            text += char
        elif char in escapes:
            quote, kept, begun = char, len(text), True
        elif char.isspace() or char in "<>":
            if begun and not to_file:
                words.append(text)
            # A blank between a redirection and its file ends nothing.
            to_file = char in "<>" or (to_file and not begun)
            text, kept, begun = "", 0, False
        else:
            text, begun = text + char, True
            kept = len(text) if char in BASH_BREAKS else kept
    return ShellWords(tuple(words), text, kept, quote, to_file)


def quoted_for_bash(text: str, quote: str) -> str:
    """The text as bash reads it behind this open quote, or outside quotes if it is ""."""
    if quote == "'":
        return text.replace("'", "'\\''")
    special = POSIX_ESCAPES['"'] if quote else _QUOTED_BY_BASH
    quoted = "".join(f"\\{char}" if char in special else char for char in text)
    # Inside these quotes `!` names a line of the history, with a backslash too.
    return quoted.replace("!", '"\\!"') if quote else quoted
