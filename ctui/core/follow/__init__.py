"""New events as they become available: which passes are made over a scope, what they bring, and how late it came."""
