"""Which files of a folder, or members of an archive, are log files: their names decide."""

import re
from pathlib import PurePath

ENDINGS = (".json", ".jsonl", ".ndjson", ".gz")
ARCHIVE_ENDINGS = (".zip", ".tar", ".tgz")
"""And .tar.gz, which ends like a gzipped log file."""
_FIREHOSE = re.compile(r"-\d+-\d{4}(-\d\d){5}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""How objects end that Firehose delivers, of log groups too, and that have no other ending: the stream's version,
the time, a UUID (Firehose developer guide, "Configure Amazon S3 object name format")."""
DIGEST_FOLDER = "CloudTrail-Digest"
DIGEST_FILE = "a digest file"
OTHER = "not a log file, by its name"


def left_out(path: PurePath) -> str | None:
    """Why a file is not read, or None for what may be a log file or an archive of them."""
    if DIGEST_FOLDER in path.parts:
        return DIGEST_FILE
    name = path.name.lower()
    return None if name.endswith(ENDINGS + ARCHIVE_ENDINGS) or _FIREHOSE.search(name[-70:]) else OTHER
