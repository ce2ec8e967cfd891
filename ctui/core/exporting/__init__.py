"""Exporting: events into a file that a person named. The file takes its name once it is whole."""
