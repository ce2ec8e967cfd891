"""Puts the words of files into the terms that name them: `any:@FILE`. What reads a file is handed in."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ctui.model.filter.syntax.errors import FilterError
from ctui.model.filter.terms import Filter, ListTerm

if TYPE_CHECKING:
    from ctui.model.filter.matching.word_list import WordList

ReadWords = Callable[[str], "WordList"]
"""The words of a file, by its path. Raises ValueError with a reason if it cannot be read."""


def no_files(_name: str) -> "WordList":
    """Reads no file."""
    raise ValueError("files are not read here")


def read_lists(line: Filter, read: ReadWords) -> Filter:
    """The line with the words of its files, those that have them already included.

    Raises FilterError at the file that cannot be read.
    """
    for term in line.leaves:
        if isinstance(term, ListTerm) and term.words is None:
            try:
                words = read(term.name)
            except ValueError as error:
                raise FilterError(f"{term.name}: {error}", term.position, unfinished=True) from None
            line = line.replaced(term, replace(term, words=words))
    return line
