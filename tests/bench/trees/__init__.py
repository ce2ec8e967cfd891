"""Trees of log files: indexing and opening them, answers over them, and other programs over the same files."""
