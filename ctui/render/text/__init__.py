"""Safe text, times and sentences as spans."""
