"""The index of a tree of log files: one file in the cache folder, whose contents can be made again at any time."""
