"""One event: its values, its record, who made the call, how it ended, and its summary for a list."""
