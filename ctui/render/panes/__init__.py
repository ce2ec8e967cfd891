"""The lines of each pane as spans."""
