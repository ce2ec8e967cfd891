"""What edits a filter line: what stands at the cursor, completions there, kinds switched on and off, one attribute."""
