"""The line under the panes after a load stopped before its goal: how far it came, and the key that continues."""

from datetime import datetime

from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count

GIVING_WAY = (
    "narrows", "filter", "ends", "filter", "filter", "searched", "searched", "searched",
    "seen", "narrows", "ends", "seen",
)  # fmt: skip
"""What takes its next shorter form, step by step: the key, why it stopped and how far it came stay longest."""
_GOES_ON: Line = (("M", Role.STRONG), (" continue", Role.PLAIN))


def halted_seen(
    scanned: int, matching: int | None, oldest: datetime | None, now: datetime | None, *, filtering: bool
) -> tuple[Line, ...]:
    """5,000 scanned, 3 match, back to 14 Nov: the day in UTC, with the year if it is another one, or today's time.

    `matching` counts the rows that match the filter line, None if there is none; `filtering`: more may match.
    """
    words = f"{count(scanned)} scanned"
    if matching is not None:
        verb = "matches" if matching == 1 else "match"
        words = f"{words}, {count(matching)} {verb}{' so far' if filtering else ''}"
    forms = [words, f"{count(scanned)} scanned"]
    if oldest is not None:
        instant = times.moment(oldest) if now is None else times.short(oldest, now)
        forms.insert(0, f"{words}, back to {instant}")
    return tuple(((form, Role.PLAIN),) for form in forms)


def halted_ends(pages_without_progress: int) -> tuple[Line, ...]:
    """The key that continues, behind how many pages brought nothing new (0 if that is not the reason)."""
    if not pages_without_progress:
        return (_GOES_ON,)
    reasons = (f"no new events in {count(pages_without_progress)} pages", "no new events")
    return (*(((reason, Role.WARNING), (", ", Role.PLAIN), *_GOES_ON) for reason in reasons), _GOES_ON)


def narrows_forms(offer: tuple[str, str] | None) -> tuple[Line, ...]:
    """The key of a term that asks the service for less, and the term; it may hold recorded text."""
    if offer is None:
        return ((),)
    key, term = offer
    brief: Line = ((key, Role.STRONG), (" ", Role.PLAIN), *clean(term))
    return (((key, Role.STRONG), (" search only ", Role.PLAIN), *clean(term)), brief, ())
