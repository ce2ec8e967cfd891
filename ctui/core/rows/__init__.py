"""Rows of events: their index, merging by time, filtering and value counts."""
