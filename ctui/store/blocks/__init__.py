"""Blocks: the records of some dozens of events, compressed as one."""
