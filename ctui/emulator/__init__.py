"""A CloudTrail API on loopback, written from the API reference alone: an independent witness for tests and demos."""
