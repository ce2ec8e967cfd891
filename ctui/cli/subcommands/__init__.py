"""A file per command below `ctui`: its flags, and what they must be."""
