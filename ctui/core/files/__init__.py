"""Log files in a session: trees of them beside the event store, and what is said of them."""
