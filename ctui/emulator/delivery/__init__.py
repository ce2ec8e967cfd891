"""Delivery of log files, digests and notifications to a trail's destinations."""
