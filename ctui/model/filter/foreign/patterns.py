"""Wildcards, expressions, lists and ranges of other languages inside a text."""

import re

from ctui.model.filter.fields import FIELDS
from ctui.model.filter.foreign.hints import Foreign, sample_of

_NEW_TERM = re.compile(r"(&&?|;)-?(\w+)[:=]")
_FUZZY = re.compile(r".*[\w\"](~\d*|\^\d+)", re.DOTALL)
_ANYTHING = re.compile(r"(?:^|(?<=[A-Za-z\])]))\.[*+]|\\[wdsWDS][*+]|\\\.")
_IN_SET = r"\[\^?[A-Za-z0-9-]{1,20}\]"
_SET = re.compile(
    rf"(?<=\w){_IN_SET}|{_IN_SET}(?=[\w*+?])|^\[\^?(?:[A-Za-z0-9]{{1,3}}|(?:[A-Za-z]-[A-Za-z]|[0-9]-[0-9])+)\]$"
)
"""A set of characters; not a word in brackets, such as [redacted]."""
_SUBSCRIPT = re.compile(r"\[[0-9]*\]")
_WORD_EDGE = re.compile(r"\\[bB](?=\w)|(?<=\w)\\[bB](?!\w)")
_OPTIONAL = re.compile(r"(?<=[\w*])\?(?=\w*\*?$)|^\?\w")
_DEFANGED = re.compile(r"[\[(]([.:@])[\])]")
_FLAGS = re.compile(r"\(\?[a-z]+\)")
_BRACES = re.compile(r"\{[\w*.:/-]*$|^[\w*.:/-]+\}")


def pattern_in(text: str) -> Foreign | None:
    """A wildcard, an expression or a list of another language in a word; None if there is none."""
    if (found := _FLAGS.match(text)) is not None:
        return Foreign(0, f"{found[0]} is for expressions: write /expression/i")
    for mark in ("&&", "||", "|"):
        if mark in text:
            how = "for both words, write a space" if mark == "&&" else "for either word, write A OR B"
            return Foreign(text.index(mark), f"{mark} is not supported: {how}")
    if (found := _WORD_EDGE.search(text)) is not None:
        return Foreign(found.start(), f"{found[0]} is for expressions: write /expression/")
    if (foreign := defanged(text)) is not None:
        return foreign
    if (at := set_in(text)) is not None:
        return Foreign(at, "[ is not supported: write /expression/")
    if (found := _OPTIONAL.search(text)) is not None and not {"/", "=", ":"} & set(text):
        return Foreign(found.start(), "? is not a wildcard: write *")
    return anchored(text) or anything(text) or fuzzy(text) or _percent(text)


def defanged(text: str, field: str = "") -> Foreign | None:
    """An address or a name as reports write it, so that it is not followed by mistake; None if it is none."""
    if (found := _DEFANGED.search(text)) is None:
        return None
    plain = sample_of(_DEFANGED.sub(r"\1", text))
    named = f"{field}:{plain}" if field and plain else plain
    return Foreign(found.start(), f"{found[0]} is not recorded: write {named or found[1]}")


def set_in(text: str) -> int | None:
    """The index of a set of characters, as [A-Z]; None if there is none."""
    found = _SET.search(text)
    return None if found is None or _SUBSCRIPT.fullmatch(found[0]) else found.start()


def list_in(text: str) -> Foreign | None:
    """A part of a list in braces, which a comma has split; None if there is none."""
    found = _BRACES.search(text)
    return None if found is None else Foreign(found.start(), "{ for lists is not supported: write A,B")


def new_term(text: str) -> re.Match[str] | None:
    """The operator before a term with a field in the middle of a text, or None if there is none."""
    return next((found for found in _NEW_TERM.finditer(text) if found[2] in FIELDS), None)


def anchored(text: str) -> Foreign | None:
    """`^` at the start or `$` at the end; None if there is neither."""
    at = 0 if text.startswith("^") else len(text) - 1 if text.endswith("$") and len(text) > 1 else None
    return None if at is None else Foreign(at, f"{text[at]} is for expressions: write /expression/")


def anything(text: str) -> Foreign | None:
    """`.*` and other parts of expressions; None if there is none."""
    if (found := _ANYTHING.search(text)) is None:
        return None
    return Foreign(found.start(), f"{found[0]} is not a wildcard: write *, or /expression/")


def fuzzy(text: str) -> Foreign | None:
    """Lucene's `~` and `^` with a number, at the end; None if there is none."""
    if (found := _FUZZY.fullmatch(text)) is None:
        return None
    what = "similar words" if found[1].startswith("~") else "weights"
    return Foreign(found.start(1), f"{found[1]} for {what} is not supported: leave it out")


def _percent(text: str) -> Foreign | None:
    """SQL's wildcard around a word, which needs none."""
    if text.endswith("%") and len(text) > 1 and not text[:-1].isdecimal():
        at = 0 if text.startswith("%") else len(text) - 1
        return Foreign(at, "% is not a wildcard: leave it out, as a word is found anywhere")
    return None
