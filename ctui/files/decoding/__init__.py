"""Decoders: log files become segments, in processes of their own."""
