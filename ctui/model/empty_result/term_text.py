"""A term in a sentence: as a line has it, with the end of a long one left out."""

from ctui.model.filter.terms import AllOf, AnyOf, CompareTerm, ListTerm, RegexTerm, Term
from ctui.model.filter.write import write_term

_LONGEST = 40
"""The most characters of a group or list in a sentence: half of a narrow screen."""


def term_text(term: Term) -> str:
    """The text of a term; of a long group or list only the start, such as `(user:a OR user:b OR …)`."""
    text = write_term(term)
    if len(text) <= _LONGEST:
        return text
    if isinstance(term, AnyOf | AllOf):
        start = text[:_LONGEST]
        return f"{start.rpartition(' ')[0]} …)" if " " in start else f"{start}…)"
    if isinstance(term, CompareTerm | ListTerm | RegexTerm) or len(term.one_of) == 1:
        # One value, such as an ARN: its end says most.
        return text
    start = text[:_LONGEST]
    return f"{start.rpartition(',')[0]},…" if "," in start else f"{start}…"
