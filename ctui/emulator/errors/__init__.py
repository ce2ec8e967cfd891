"""Every condition, its code and message in each edition, and injected failures."""
