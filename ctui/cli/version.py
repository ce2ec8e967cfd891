"""`ctui --version`."""

from ctui import __version__


def version_line() -> str:
    """What `--version` prints."""
    return f"ctui, version {__version__}\n"
