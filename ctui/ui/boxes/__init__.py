"""Boxes over the main screen: a list or a line, and what was chosen."""
