"""ctui: a keyboard-driven terminal explorer for AWS CloudTrail."""

__version__ = "0.1.0"
