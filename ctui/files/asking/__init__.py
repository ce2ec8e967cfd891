"""Answers about the rows of one tree, from the columns of its segments and from records in its log files."""
