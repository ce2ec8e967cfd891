"""Values to spans of (text, role): pure functions without Textual and without colors."""
