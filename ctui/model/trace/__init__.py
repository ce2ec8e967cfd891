"""The chain of a session as values: what to look up for it, and what is known of it."""
