"""Which files of a folder, or members of an archive, are log files: their names decide."""

from pathlib import PurePath

ENDINGS = (".json", ".jsonl", ".ndjson", ".gz")
ARCHIVE_ENDINGS = (".zip", ".tar", ".tgz")
"""And .tar.gz, which ends like a gzipped log file."""
DIGEST_FOLDER = "CloudTrail-Digest"
DIGEST_FILE = "a digest file"
OTHER = "not a log file, by its name"


def left_out(path: PurePath) -> str | None:
    """Why a file is not read, or None for what may be a log file or an archive of them."""
    if DIGEST_FOLDER in path.parts:
        return DIGEST_FILE
    return None if path.name.lower().endswith(ENDINGS + ARCHIVE_ENDINGS) else OTHER
