"""Makes one segment of rows of several, or of some rows of one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import zstandard
from numpy.typing import NDArray

from ctui.files.segment import NO_VALUE, Place, Segment, fitting, joined_texts, stored_array
from ctui.store.blocks.block import SEPARATOR
from ctui.store.index.index_row import INDEX_COLUMNS

Chosen = tuple[Segment, NDArray[np.bool_] | None]
"""A segment, and which of its rows are wanted; None for all."""


def joined(chosen: Sequence[Chosen]) -> dict[str, bytes]:
    """The parts of a segment of these rows, of which there must be one at least and `segment.ROWS` at most."""
    seconds = np.concatenate([_of(rows, segment.seconds) for segment, rows in chosen])
    order = np.argsort(-seconds, kind="stable")
    parts = {
        "seconds": stored_array(np.diff(seconds[order], prepend=0)),
        "ids": stored_array(np.concatenate([_of(rows, segment.ids) for segment, rows in chosen])[order]),
    }
    for name in Place._fields:
        places = np.concatenate([_of(rows, segment.numbers(name)) for segment, rows in chosen])
        parts[name] = stored_array(places[order])
    all_kinds = np.concatenate([_of(rows, segment.kinds) for segment, rows in chosen])
    kinds, of_rows = np.unique(all_kinds, return_inverse=True)
    parts["kinds"] = stored_array(fitting(of_rows.astype(np.uint32), len(kinds))[order])
    parts["kinds_values"] = stored_array(kinds)
    for column in INDEX_COLUMNS:
        numbers, texts = _column(chosen, column.name)
        parts[column.name] = stored_array(fitting(numbers, len(texts) + 1)[order])
        parts[f"{column.name}_texts"] = zstandard.compress(joined_texts(texts), 3)
    return parts


def _column(chosen: Sequence[Chosen], name: str) -> tuple[NDArray[np.uint32], list[str | bytes | None]]:
    """The numbers of the rows, and the texts that they are numbers of, from 1 on."""
    texts: dict[bytes, int] = {}
    collected = []
    for segment, rows in chosen:
        numbers = _of(rows, segment.numbers(name))
        before = segment.texts(name).joined.split(SEPARATOR)
        used = np.unique(numbers)
        table = np.zeros(len(before), np.uint32)
        # Behind each separator stands a text, so that number 1 is the second of what it splits.
        for number in used[used != NO_VALUE].tolist():
            table[number] = texts.setdefault(before[number], len(texts) + 1)
        collected.append(table[numbers])
    return np.concatenate(collected), list(texts)


def _of(rows: NDArray[np.bool_] | None, values: NDArray[Any]) -> NDArray[Any]:
    return values if rows is None else values[rows]
