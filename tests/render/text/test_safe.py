"""Text to spans: nothing hidden or active passes, and lines are as wide as they were asked to be."""

import sys
import unicodedata
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from support.examples import examples

from ctui.render.roles import Role
from ctui.render.text.safe import is_visible
from ctui.render.text.spans import ELLIPSIS, cells, clean, clean_text, count, fit, join, plain, width, wrap

HOSTILE = "\x1b\x07\x9b\u202e\u2066\u200b\u2028\ufeff\ud800\U000e0041\u0301\ufe0f日é[/]"
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(HOSTILE), st.characters(codec="ascii")), max_size=40)
FORBIDDEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("[bold]not markup[/]", "[bold]not markup[/]"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\nb\tc\r\0", "a␊b␉c␍␀"),
        ("\x7f", "␡"),
        ("\x9b31m", "⟨U+009B⟩31m"),
        ("gpj.\u202egnp", "gpj.⟨U+202E⟩gnp"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("❤\ufe0f", "❤⟨U+FE0F⟩"),
        ("\u3164", "⟨U+3164⟩"),
        ("\u0301a", "⟨U+0301⟩a"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 3 + "⟨U+0301⟩" * 2),
        ("Žluťoučký 日本 🙂", "Žluťoučký 日本 🙂"),
    ],
)
def test_what_is_hidden_or_active_is_made_visible(text: str, shown: str) -> None:
    assert clean_text(text) == shown


def test_only_stand_ins_have_the_role_that_says_so() -> None:
    assert clean("a\x1bb", Role.USER) == (("a", Role.USER), ("␛", Role.VISIBLE_CONTROL), ("b", Role.USER))
    assert clean("␛", Role.USER) == (("␛", Role.USER),)
    assert clean("") == ()


def test_every_character_shown_as_itself_is_as_wide_as_the_toolkit_takes_it_to_be() -> None:
    # The scripts and symbols that mix widths, and a sample of the wide planes behind them.
    mixed = chain(range(0x3400), range(0xA000, 0xAC00), range(0xD7A0, 0x10000), range(0x1D300, 0x1D400))
    codes = chain(mixed, range(0x1F000, 0x20000), range(0x3400, sys.maxunicode + 1, 97))
    wrong = [hex(code) for code in codes if is_visible(chr(code)) and cells(chr(code)) != cell_len(chr(code))]
    assert wrong == []


@given(TEXTS)
@settings(max_examples=examples(150))
def test_nothing_unsafe_passes_and_widths_agree(text: str) -> None:
    line = clean(text)
    shown = plain(line)
    assert not any(unicodedata.category(each) in FORBIDDEN for each in shown)
    assert width(line) == cell_len(shown)
    shown.encode("utf-8")


@given(TEXTS, st.integers(0, 50), st.booleans())
@settings(max_examples=examples(150))
def test_fitted_lines_are_exactly_as_wide_as_asked(text: str, asked: int, right: bool) -> None:
    line = clean(text)
    fitted = fit(line, asked, right=right)
    assert cell_len(plain(fitted)) == asked
    if width(line) <= asked:
        assert plain(fitted).strip() == plain(line).strip()


@pytest.mark.parametrize(
    ("text", "asked", "right", "shown"),
    [
        ("alice", 7, False, "alice  "),
        ("alice", 7, True, "  alice"),
        ("alice", 4, False, "ali" + ELLIPSIS),
        ("alice", 1, False, ELLIPSIS),
        ("alice", 0, False, ""),
        ("日本語", 4, False, "日… "),
    ],
)
def test_fit(text: str, asked: int, right: bool, shown: str) -> None:
    assert plain(fit(clean(text), asked, right=right)) == shown


@given(TEXTS, st.integers(1, 30), st.integers(0, 10))
@settings(max_examples=examples(150))
def test_wrapped_lines_lose_nothing_but_blanks(text: str, asked: int, indent: int) -> None:
    lines = wrap(clean(text), asked, indent)
    assert lines
    widest = max(map(width, lines))
    # A character of two cells cannot be broken.
    assert widest <= max(asked, min(indent, asked - 1) + 2)
    assert "".join(map(plain, lines)).replace(" ", "") == clean_text(text).replace(" ", "")


def test_wrap_breaks_at_blanks_and_indents() -> None:
    lines = wrap((("one two", Role.PLAIN), (" threeandfourandfive", Role.DIM)), 10, 2)
    assert [plain(line) for line in lines] == ["one two", "  threeand", "  fourandf", "  ive"]


def test_join_leaves_out_what_is_empty() -> None:
    assert plain(join([clean("a"), (), clean("b")], " · ")) == "a · b"


def test_count_sets_thousands_apart() -> None:
    assert (count(0), count(1250), count(1_000_000)) == ("0", "1,250", "1,000,000")
