"""Event records and event history."""
