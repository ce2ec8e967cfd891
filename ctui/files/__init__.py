"""CloudTrail log files, indexed where they lie: the files stay the evidence, and no record is copied.

The rows of an index stand in segments (`segment`), which decoders make side by side and one writer keeps in a file of
the cache folder. A row knows its log file and where its record stands in it; the record is read from there.
"""
