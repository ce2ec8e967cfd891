"""Log files as values: what a tree of them holds, what is not read, and where files may be missing."""
