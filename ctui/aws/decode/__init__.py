"""Bytes of answers to values, each part by itself."""
