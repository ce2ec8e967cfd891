"""Reasons that lie in log files: what is not read yet, where files may be missing, what a trail may not record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from ctui.model.empty_result.evidence import Cause, EmptyResult, Reason, time_text
from ctui.model.empty_result.value_reasons import value_reasons
from ctui.model.event.kind import EventKind
from ctui.model.filter.terms import KindTerm
from ctui.model.log_files.files_in_range import FilesInRange, MissingFiles

_SHOWN = 2
"""Stretches and names that are listed; of more than these their number."""


def files_reasons(empty: EmptyResult, files: FilesInRange) -> Iterator[Reason]:
    """What may explain that these log files have no event that matches."""
    if files.indexing:
        left = f"{files.waiting:,} are still to be read" if files.waiting else "they are still being read"
        yield Reason(Cause.FILES, f"not all log files are searched yet: {left}")
    for path in files.failed:
        yield Reason(Cause.FILES, f"{path} cannot be read")
    if not files.in_range:
        yield from _out_of_range(empty, files)
        return
    for missing in files.missing[:_SHOWN]:
        yield Reason(Cause.FILES, f"{_stretch(empty, missing)}: no file of {_owners(missing)}, some may be missing")
    if (more := len(files.missing) - _SHOWN) > 0:
        also = "one more stretch" if more == 1 else f"{more} more stretches"
        yield Reason(Cause.FILES, f"files may be missing in {also} of the range")
    if _asks_for_data(empty):
        if files.data_events:
            text = "a trail records data events of the resources that it selects: this one may not be among them"
        else:
            text = "these files have no data event at all: the trail may not record any"
        yield Reason(Cause.DATA_EVENT, text)
    if files.unread:
        are = "1 file or record is" if files.unread == 1 else f"{files.unread:,} files or records are"
        yield Reason(Cause.FILES, f"{are} not read · ctui files check says why")


def _out_of_range(empty: EmptyResult, files: FilesInRange) -> Iterator[Reason]:
    if files.oldest is None or files.newest is None:
        if not files.indexing and files.trees:
            yield Reason(Cause.FILES, "the log files have no event")
        return
    span = f"{_time(files.oldest, empty)} to {_time(files.newest, empty)} UTC"
    everything = replace(empty.line, since=None, until=None)
    yield Reason(Cause.FILES, f"the log files have events from {span}: none in this range", "search all", everything)


def _asks_for_data(empty: EmptyResult) -> bool:
    """True if the line asks for data events, or names a call that is one."""
    kinds = (leaf for leaf in empty.line.leaves if isinstance(leaf, KindTerm) and not leaf.negated)
    named = any(one.cause is Cause.DATA_EVENT for one in value_reasons(empty))
    return named or any(EventKind.DATA in kind.one_of for kind in kinds)


def _stretch(empty: EmptyResult, missing: MissingFiles) -> str:
    return f"{_time(missing.start, empty)} to {_time(missing.end, empty)} UTC"


def _owners(missing: MissingFiles) -> str:
    if len(missing.of) > _SHOWN:
        return f"{len(missing.of)} accounts and Regions"
    return " and ".join(" ".join(filter(None, owner)) or "this tree" for owner in missing.of)


def _time(second: int, empty: EmptyResult) -> str:
    return time_text(datetime.fromtimestamp(second, UTC), empty.now)
