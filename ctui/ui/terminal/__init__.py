"""The terminal: what is written to it, the keys it sends, its clipboard, and the shell behind it."""
