"""Values to spans of (text, role): pure functions that know neither Textual nor colours."""
