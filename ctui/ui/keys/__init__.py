"""Keys in their order: one after the other, bursts as one change."""
