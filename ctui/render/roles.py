"""Roles: what a piece of text is, not how it looks. The ui maps each to a color of the theme."""

from enum import StrEnum


class Role(StrEnum):
    """What a span of text is."""

    PLAIN = "plain"
    STRONG = "strong"
    DIM = "dim"
    LABEL = "label"
    TIME = "time"
    EVENT = "event"
    USER = "user"
    ACCENT = "accent"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"
    JSON_KEY = "json-key"
    JSON_TEXT = "json-text"
    JSON_NUMBER = "json-number"
    JSON_WORD = "json-word"
    HIT = "hit"
    """What the filter line looked for."""
    FOUND = "found"
    """What a search in the record found."""
    VISIBLE_CONTROL = "visible-control"
    """Stands for a control or bidirectional character that must not reach the terminal."""


Span = tuple[str, Role]
"""A piece of text, free of control characters, and what it is."""
Line = tuple[Span, ...]
