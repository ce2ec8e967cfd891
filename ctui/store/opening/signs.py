"""What tells a file of ours from others, and its state, before more is known of it."""

from typing import Final

from ctui.store.opening.old_versions import STEPS, STEPS_IN_PLACE

APPLICATION_ID: Final = 0x63747569
"""Marks a SQLite file as ours: "ctui" in ASCII."""
FIRST_WITH_INDEX: Final = len(STEPS) + 1
"""The first version with the index."""
VERSION: Final = FIRST_WITH_INDEX + len(STEPS_IN_PLACE)
"""The version this program reads and writes (PRAGMA user_version)."""
DAMAGED: Final = "-damaged"
"""Suffix of the mark of a store that was found damaged while open. It holds the inode, as another file may follow."""
