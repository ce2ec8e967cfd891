"""The chain of a session: who issued its credentials, and what was done with them."""
