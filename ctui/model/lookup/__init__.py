"""A lookup, its attributes and times, and the pages of a scan."""
