"""Members of a .zip archive, whole and in place: for many of one archive, which is opened once."""

import zipfile
from typing import BinaryIO, Final

from ctui.unpacking.text import DAMAGE

_ENCRYPTED: Final = 0x1
"""The flag of a member that needs a password (.ZIP File Format Specification, 4.4.4)."""
_DAMAGE: Final = (NotImplementedError, OSError, *DAMAGE)


def open_archive(file: BinaryIO) -> zipfile.ZipFile | None:
    """The archive in a file; None if it is damaged, or none."""
    try:
        return zipfile.ZipFile(file)
    except _DAMAGE:
        return None


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes | None:
    """The bytes of a member, or None if there is anything unusual about it, or they are more than `most`."""
    try:
        about = archive.getinfo(name)
        usual = about.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not about.flag_bits & _ENCRYPTED
        # Not more is read than the archive says there is.
        return archive.read(about) if usual and about.file_size <= most else None
    except (KeyError, *_DAMAGE):
        return None
