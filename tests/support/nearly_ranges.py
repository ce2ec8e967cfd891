"""Texts that may be a range of time: letters that occur in one, and pieces of one, which often make one."""

from hypothesis import strategies as st

_ALPHABET = "0123456789smhdwaglunoye.:-+TZ "
_MOMENTS = st.sampled_from(
    ["", "2h", "90m", "3d", "now", "today", "yesterday", "mon", "13:30", "9:00Z", "2026-11-19", "2026-11-20T13:30Z"]
)
_BETWEEN = st.sampled_from(["..", "-", " - ", " to ", " "])

NEARLY_RANGES = st.text(_ALPHABET, max_size=20) | st.builds("{}{}{}".format, _MOMENTS, _BETWEEN, _MOMENTS) | _MOMENTS
