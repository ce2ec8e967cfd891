"""The errors of the API: every condition, its code and message in each edition, and injected faults."""
