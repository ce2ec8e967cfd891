"""What each mark and color on the screen means, for help. No color says anything that no mark or word says."""

from ctui.render.panes.row_mark import MARK
from ctui.render.roles import Line, Role

EVENT_MARKS: tuple[tuple[Line, str], ...] = (
    ((("!", Role.WARNING),), "notable: Detail says why"),
    (
        (("✗", Role.ERROR), (" ", Role.PLAIN), ("✗", Role.WARNING), (" ", Role.PLAIN), ("✗", Role.DIM)),
        "failed: denied, for another reason, or there is no such thing",
    ),
    ((("?", Role.WARNING),), "could not be read in full"),
    (((MARK, Role.ACCENT),), "marked with space"),
)
"""The marks before an event, with their colors."""

TRAIL_MARKS: tuple[tuple[Line, str], ...] = (
    ((("●", Role.GOOD),), "this trail records and delivers"),
    ((("▲", Role.ERROR), (" ", Role.PLAIN), ("▲", Role.WARNING)), "log files are lost; something else fails, or may"),
    ((("○", Role.WARNING), (" ", Role.PLAIN), ("○", Role.DIM)), "was stopped; was never started"),
    ((("✗", Role.ERROR),), "its status cannot be read"),
    ((("·", Role.DIM),), "its status is loading"),
)
"""The marks before a trail, with their colors."""

WORDS: tuple[tuple[Line, str], ...] = (
    ((("RunInstances", Role.EVENT),), "a write call"),
    ((("DescribeVpcs", Role.PLAIN),), "a read"),
    ((("alice", Role.USER),), "a person or a session"),
    ((("root", Role.WARNING),), "the account's root user"),
    ((("lambda", Role.DIM),), "a service, or what matters less"),
    ((("alice", Role.HIT),), "in Detail: what the filter looks for"),
    ((("alice", Role.FOUND),), "in Detail: what was searched for with /"),
    ((("▁▃█", Role.USER),), "in Shape: events"),
    ((("▔▀█", Role.ERROR),), "in Shape, below the line: failed events"),
    ((("░░░", Role.DIM),), "in Shape: not loaded, or not all of it"),
    ((("▾ ▸", Role.DIM),), "in Detail: unfolded, folded"),
    ((("␛", Role.VISIBLE_CONTROL),), "a character that could fool a terminal"),
)
"""How words look, and what that means."""
