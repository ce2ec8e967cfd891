"""How late events can be looked up after they happened: what that means for what has been read."""

LAG_SECONDS = 900
"""Events arrive late (about five minutes, ten at most as measured; FACTS): what is younger than a quarter of an hour is
never taken as complete."""
LATE_SECONDS = 3600
"""15 to 60 minutes late happens (FACTS): what was read of a second within an hour after it is provisional."""
