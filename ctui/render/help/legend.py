"""What each mark and color on the screen means, for help. No color says anything that no mark or word says."""

from ctui.render.panes.row_mark import LATE, MARK
from ctui.render.roles import Line, Role

EVENT_MARKS: tuple[tuple[Line, str], ...] = (
    ((("!", Role.WARNING),), "notable: Detail says why"),
    (
        (("✗", Role.ERROR), (" ", Role.PLAIN), ("✗", Role.WARNING), (" ", Role.PLAIN), ("✗", Role.DIM)),
        "failed: denied, for another reason, or there is no such thing",
    ),
    ((("?", Role.WARNING),), "could not be read in full"),
    (((MARK, Role.ACCENT),), "marked with space"),
    (((LATE, Role.ACCENT),), "followed with F: came below newer events just now"),
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

OTHER_MARKS: tuple[tuple[Line, str], ...] = (
    ((("▌", Role.ACCENT),), "the line that keys act on"),
    ((("▮▮", Role.ACCENT), ("▯▯", Role.DIM)), "in the header: calls that wait or are under way"),
    ((("▾ ▸", Role.DIM),), "in Detail: unfolded, folded"),
    ((("▁▃█", Role.USER),), "in Shape: events"),
    ((("▔▀█", Role.ERROR),), "in Shape, below the line: failed events"),
    ((("░░░", Role.DIM),), "in Shape: not loaded, or not all of it"),
    ((("●", Role.ACCENT),), "in Shape: selected with space"),
    ((("━━━", Role.ACCENT),), "in Shape: the time that is selected, or the cursor's"),
    ((("‹ ›", Role.DIM),), "more to the left or right"),
    ((("…", Role.DIM),), "cut: there is no room for the rest"),
    ((("—", Role.DIM),), "has no such value"),
    ((("▲", Role.WARNING), (" ", Role.PLAIN), ("·", Role.DIM)), "where nothing matches: why; maybe why"),
    ((("●", Role.GOOD), (" ", Role.PLAIN), ("…", Role.ACCENT)), "in Scopes: complete; loading, or dim: paused"),
    ((("▲", Role.WARNING), (" ", Role.PLAIN), ("○", Role.DIM)), "in Scopes: refused, or waits; not searched"),
    ((("└─", Role.DIM),), "in Trace: came from the line above"),
    ((("◂", Role.ACCENT),), "in Trace: the session that was traced"),
    ((("␛ ⟨U+202E⟩", Role.VISIBLE_CONTROL),), "a character that could fool a terminal"),
)
"""Marks elsewhere, with their colors."""

WORDS: tuple[tuple[Line, str], ...] = (
    ((("RunInstances", Role.EVENT),), "a write call"),
    ((("DescribeVpcs", Role.PLAIN),), "a read"),
    ((("alice", Role.USER),), "a person or a session"),
    ((("root", Role.WARNING),), "the account's root user"),
    ((("lambda", Role.DIM),), "a service, or what matters less"),
    ((("alice", Role.HIT),), "in Detail: what the filter looks for"),
    ((("alice", Role.FOUND),), "in Detail: what was searched for with /"),
)
"""How words look, and what that means."""

COLORS: tuple[tuple[Line, str], ...] = (
    ((("good", Role.GOOD),), "as it should be"),
    ((("warning", Role.WARNING),), "worth a look, or not as expected"),
    ((("error", Role.ERROR),), "failed, denied or lost"),
    ((("accent", Role.ACCENT),), "a key, what has the focus, what can be chosen"),
    ((("strong", Role.STRONG),), "a title, or what matters most in a line"),
    ((("dim", Role.DIM),), "what matters less"),
    ((("label", Role.LABEL), (" ", Role.PLAIN), ("time", Role.TIME)), "the name of a value; a time"),
    ((("key", Role.JSON_KEY), (" ", Role.PLAIN), ("text", Role.JSON_TEXT)), "in a record: a key, and a text"),
    (
        (("12", Role.JSON_NUMBER), (" ", Role.PLAIN), ("true", Role.JSON_WORD)),
        "in a record: a number; a word such as null",
    ),
)
"""What a color means where no word says it."""
