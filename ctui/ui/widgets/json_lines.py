"""JSON text to lines of spans: colored by Pygments through textual.highlight, wrapped to a width."""

from pygments.token import Token
from textual.highlight import HighlightTheme, highlight

from ctui.render.roles import Line, Role, Span
from ctui.render.text.spans import width as line_width
from ctui.render.text.spans import wrap

_INDENT = 2


class _Roles(HighlightTheme):
    """Roles in the place of styles: colors come with the theme, when a line is drawn."""

    STYLES = {  # noqa: RUF012 - as the base class declares it
        Token.Name.Tag: Role.JSON_KEY.value,
        Token.Literal.String: Role.JSON_TEXT.value,
        Token.Literal.Number: Role.JSON_NUMBER.value,
        Token.Keyword.Constant: Role.JSON_WORD.value,
        Token.Punctuation: Role.DIM.value,
    }


_ROLES = frozenset(Role)


def json_lines(text: str, width: int) -> tuple[Line, ...]:
    """The lines of an indented JSON text, each at most `width` cells; a longer one goes on under its own indent.

    `text` has been made safe by `render`. Takes 0.1 s for 100 KiB, so a large one belongs in a thread.
    """
    lines: list[Line] = []
    for line in _colored(text):
        if line_width(line) <= width:
            lines.append(line)
        else:
            lines.extend(wrap(line, width, _indent_of(line)))
    return tuple(lines)


def _colored(text: str) -> list[Line]:
    content = highlight(text, language="json", theme=_Roles)
    lines: list[list[Span]] = [[]]

    def add(piece: str, role: Role) -> None:
        first, *others = piece.split("\n")
        if first:
            lines[-1].append((first, role))
        for other in others:
            lines.append([(other, role)] if other else [])

    at = 0
    plain = content.plain
    for start, end, style in sorted(content.spans, key=lambda span: span.start):
        # Without the span that highlight lays under everything.
        if not isinstance(style, str) or style not in _ROLES:
            continue
        add(plain[at:start], Role.PLAIN)
        add(plain[max(at, start) : end], Role(style))
        at = max(at, end)
    add(plain[at:], Role.PLAIN)
    return [tuple(line) for line in lines]


def _indent_of(line: Line) -> int:
    text = "".join(piece for piece, _ in line)
    return len(text) - len(text.lstrip(" ")) + _INDENT
