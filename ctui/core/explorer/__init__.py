"""The question on the screen: line, range, Regions, the rows that match, and the views to go back to."""
