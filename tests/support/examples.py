"""How many examples a property is tried with: all of them, or a share in the quick loop."""

from hypothesis import settings

QUICK = "quick"
"""Name of the profile of the quick loop, which tests/conftest.py loads."""
_ALL = 100
"""Hypothesis's own number, which stands for all of them."""
_SHARE = 20
_FEWEST = 5


def register_profiles() -> None:
    """Make both profiles known, and go by the one that tries all. None of them measures wall time."""
    settings.register_profile("all", settings(max_examples=_ALL, deadline=None))
    settings.register_profile(QUICK, settings(max_examples=_SHARE, deadline=None))
    settings.load_profile("all")


def examples(count: int) -> int:
    """Of `count` examples or seeds, how many are tried in this run: a fifth in the quick loop, but five at least."""
    return max(min(count, _FEWEST), count * settings().max_examples // _ALL)
