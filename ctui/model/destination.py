"""Destination: a place for a file, and what is there already."""

from datetime import datetime
from pathlib import Path

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Existing:
    """A file that is there already."""

    size: int
    """Bytes."""
    changed: datetime
    """When it was written last, UTC."""
    link: bool
    """True if it is a link, which would be replaced by a file."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A place where a file can be written."""

    path: Path
    """Absolute."""
    existing: Existing | None
    """What would be replaced; None if nothing is there."""
