"""Formats in which events leave ctui: values in, bytes out, a portion at a time."""
