"""Commands without a screen: a session from the settings, data on stdout, words on stderr, and an exit code."""
