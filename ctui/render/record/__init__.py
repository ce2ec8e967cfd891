"""The record of one event: its head, its tree, and two of them compared."""
