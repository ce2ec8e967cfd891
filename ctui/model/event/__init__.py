"""One event: the values of its record, who made the call, how it ended, and its line in a list."""
