"""What is valid: one table of rules for names, buckets, ARNs, tags and lookup attributes, and its evaluation."""
