"""What the path of a log file says: account, Region, delivery.

    [PREFIX/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/
        ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_16CHARACTERS.json.gz

(CloudTrail user guide, "Finding your CloudTrail log files" and "CloudTrail log file name format".) People copy files
out of that, so each part is taken from where it still stands: from the name in one flat folder, from the folders where
files got other names.
"""

import calendar
import re
from functools import lru_cache
from typing import Final

from ctui.model.log_files.found_file import Layout, LogKind

_KINDS: Final = {kind.value: kind for kind in LogKind if kind}
_KIND: Final = "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
_REGION: Final = r"[a-z]{2,}(?:-[a-z0-9]+)+"
_NAME: Final = re.compile(
    rf"(\d{{12}})_({_KIND})_({_REGION})_(?:.*_)?(\d{{8}})T(\d{{4}})(?:\d\d)?Z(?:[_.]|$)", re.ASCII
)
"""Digests have the name of the trail and its home Region before the time, which has seconds."""
_FOLDERS: Final = re.compile(
    rf"(?:^|/)(?:(o-[a-z0-9]{{10,32}})/)?(\d{{12}})/({_KIND})(?:/({_REGION}))?(?:/(\d{{4}}/\d\d/\d\d))?(?:/|$)",
    re.ASCII,
)
_SECONDS: Final = {f"{hour:02}{minute:02}": hour * 3600 + minute * 60 for hour in range(24) for minute in range(60)}
"""The seconds of a day, by hour and minute."""


def layout_of(path: str) -> Layout:
    """What a path says, which has as many folders as are known, with `/` between them. Never raises."""
    folder, _, name = path.rpartition("/")
    above = _of_folders(folder)
    found = _NAME.match(name)
    if found is None:
        return above
    account, kind, region, date, clock = found.groups()
    day, seconds = _day(date), _SECONDS.get(clock)
    delivered = None if day is None or seconds is None else day + seconds
    return Layout(account, region, delivered, above.day, above.organization, _KINDS[kind])


@lru_cache(maxsize=4096)
def _of_folders(folder: str) -> Layout:
    found = None
    for found in _FOLDERS.finditer(folder):  # noqa: B007 - the last one: a prefix may look like one too
        pass
    if found is None:
        return Layout()
    day = _day(found[5].replace("/", "")) if found[5] else None
    return Layout(found[2], found[4] or "", None, day, found[1] or "", _KINDS[found[3]])


@lru_cache(maxsize=4096)
def _day(date: str) -> int | None:
    """The epoch second at which a day (YYYYMMDD) begins; None if there is no such day."""
    numbers = int(date[:4]), int(date[4:6]), int(date[6:])
    if not (numbers[0] >= 1970 and 1 <= numbers[1] <= 12 and 1 <= numbers[2] <= calendar.monthrange(*numbers[:2])[1]):
        return None
    return calendar.timegm((*numbers, 0, 0, 0))
