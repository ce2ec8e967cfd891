"""Actions: their registry, why one is disabled, and their handlers."""
