"""The command line and what starts and ends with it."""
