"""The command line: a file per command, the composition root, and how ctui ends."""
