"""How long after they happen events appear in event history, and what that means for coverage."""

LAG_SECONDS = 900
"""Events usually appear after about five minutes, ten at most as measured, so the last 15 minutes never count as
complete."""
LATE_SECONDS = 3600
"""Some events appear 15 to 60 minutes late, so a second that was read less than an hour after it is provisional."""
