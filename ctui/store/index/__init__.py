"""The index: a narrow row for each event, and the dictionary of the values that its fields have."""
