"""Embedded SQLite: the single home of events, and of what is known about stretches of time."""
