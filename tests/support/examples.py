"""How many examples a property is tried with: a share in a usual run, fewer in the quick loop, or all."""

from hypothesis import settings

THOROUGH, USUAL, QUICK = "thorough", "usual", "quick"
"""Names of profiles: tests/conftest.py loads the one of the run."""
_ALL = 100
"""Hypothesis's own number, which stands for all of them."""
_SHARES = {THOROUGH: _ALL, USUAL: 20, QUICK: 20}
_FEWEST = 5


def load_profile(name: str) -> None:
    """Try as many examples as this profile says. None of them measures wall time."""
    settings.register_profile(name, settings(max_examples=_SHARES[name], deadline=None))
    settings.load_profile(name)


def examples(count: int) -> int:
    """Of `count` examples or seeds, how many are tried in this run: a fifth in a usual one, but five at least."""
    return max(min(count, _FEWEST), count * settings().max_examples // _ALL)
