"""A text that is part of every match of a regular expression: searching for it first is many times cheaper."""

import re

_PLAIN_ESCAPES = frozenset("dDwWsSbBAzaftnrvC")
"""Letters that, after a backslash, match one character or none; other escapes can be longer."""
_FLAGS = re.compile(r"\(\?[a-zA-Z-]+\)")
_COUNT = re.compile(r"\{([0-9]+)(?:,[0-9]*)?\}")


def literal_in(expression: str) -> str:
    """The longest ASCII text that is part of each match, in upper or lower case; "" if there is none.

    The expression must be valid in RE2. Groups are skipped; alternatives count as having nothing in common.
    """
    longest, run, at = "", "", 0
    while at < len(expression):
        char, step, literal = expression[at], 1, ""
        if char == "|":
            return ""
        if char == "\\":
            step, literal = 2, expression[at + 1 : at + 2]
            if literal.isalnum():
                if literal not in _PLAIN_ESCAPES:
                    return ""
                literal = ""
        elif char == "[":
            step = _end_of_set(expression, at) - at
        elif char == "(":
            if at and _FLAGS.match(expression, at):
                # A repetition after the flags applies to what is before them.
                return ""
            step = _end_of_group(expression, at) - at
        elif char in "*?":
            run = run[:-1]
        elif (count := _COUNT.match(expression, at)) is not None:
            step = count.end() - at
            run = run if int(count[1]) else run[:-1]
        elif char not in ".^$+":
            literal = char
        at += step
        if literal and literal.isascii():
            run += literal
        else:
            longest, run = max(longest, run, key=len), ""
    return max(longest, run, key=len)


def _end_of_set(expression: str, start: int) -> int:
    """The position after the bracket that closes the one at `start`."""
    at = start + 1
    at += expression[at : at + 1] == "^"
    at += expression[at : at + 1] == "]"
    while at < len(expression) and expression[at] != "]":
        if expression.startswith("[:", at) and ":]" in expression[at:]:
            at = expression.index(":]", at) + 1
        at += 2 if expression[at] == "\\" else 1
    return at + 1


def _end_of_group(expression: str, start: int) -> int:
    """The position after the parenthesis that closes the one at `start`."""
    depth, at = 0, start
    while at < len(expression):
        char = expression[at]
        if char == "[":
            at = _end_of_set(expression, at)
            continue
        depth += (char == "(") - (char == ")")
        at += 2 if char == "\\" else 1
        if not depth:
            break
    return at
