"""Counts over the rows of a tree: facets, values, what excludes rows, and what is seen for the first time."""
