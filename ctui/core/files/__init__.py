"""Log files in a session: trees of them next to the event store, and what is said of them."""
