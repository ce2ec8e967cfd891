"""The lines under the filter line."""

import pytest

from ctui.model.filter.parse import FilterError, parse_filter
from ctui.render.panes.filter_notes import error_hint, offers_hint, term_words
from ctui.render.roles import Role
from ctui.render.text.spans import cells, plain, width

QUOTED = '"quote it" for the text'
FIELD = "there is no field 'nme' (did you mean name?)"


@pytest.mark.parametrize(
    ("line", "before", "expected"),
    [
        ('user:x "y', 0, ['       ^ the quote is not closed: write " at the end']),
        # What does not fit at either side loses its second half, ...
        ("nme:x", 0, [f"^ {FIELD}"]),
        ("nme:x", 62, [f"{' ' * 17}{FIELD} ^"]),
        # ... and goes below the mark where that is not enough.
        ("nme:x", 40, [" " * 40 + "^", f" {FIELD}"]),
        ("name:A|B", 0, [f"{' ' * 6}^ | is not supported: write name:A,B; {QUOTED}"]),
        ("user:a or b", 0, [f"{' ' * 7}^ or is a word here: write OR; {QUOTED}"]),
        ("a OR", 0, [f"  ^ a term is missing after OR; {QUOTED}"]),
        (
            "日本語 is:bogus",
            0,
            ["          ^ is: takes a kind of event, such as error or notable; tab lists them"],
        ),
    ],
)
def test_the_mark_stands_below_the_character_that_is_wrong(line: str, before: int, expected: list[str]) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(line)
    at = caught.value.position
    hint = error_hint(str(caught.value), before + cells(line[:at]), at + 1, 80)
    assert [plain(each).rstrip() for each in hint] == expected
    assert all(width(each) == 80 for each in hint)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (140, [f' character 79: {FIELD}; to search for a text with a colon, "quote it"']),
        (80, [f" character 79: {FIELD}"]),
        (50, [" character 79:", f" {FIELD}"]),
        (40, [" character 79: there is no field 'nme'", " (did you mean name?)"]),
    ],
)
def test_a_character_out_of_sight_is_told_by_its_number(cells: int, expected: list[str]) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter("nme:x")
    hint = error_hint(str(caught.value), None, 79, cells)
    assert [plain(each).rstrip() for each in hint] == expected


@pytest.mark.parametrize("column", [None, 3, 40, 77])
@pytest.mark.parametrize(
    "line",
    [
        "since:somethingverylong", "since:2026-13-01T12:00Z", "ip:2001:db8::1-2001:db8:ffff:ffff:ffff:ffff:ffff:ffffx",
        "sessionCredentialFromConsol:x", "userIdentity.sessionContext.sessionIssuer.userName!=x",
        "ip:2001:db8:ffff:ffff:ffff:ffff:ffff:ffff-2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_wrong_and_what_helps_are_told_whole_in_80_columns(line: str, column: int | None) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(line)
    hint = error_hint(str(caught.value), column, 79, 80)
    told = " ".join(" ".join(map(plain, hint)).replace("^", "").split())
    assert str(caught.value).split("; ")[0] in told


def test_what_more_typing_may_put_right_is_dim() -> None:
    hint = error_hint("a term is missing after OR", 7, 8, 80, unfinished=True)
    assert [plain(line).rstrip() for line in hint] == ["       ^ … a term is missing after OR"]
    assert {role for line in hint for text, role in line if text.strip()} == {Role.DIM}
    (loud,) = error_hint("a term is missing after OR", 7, 8, 80)
    assert {role for text, role in loud if text.strip()} == {Role.ERROR, Role.WARNING}


@pytest.mark.parametrize("column", [None, 0, 5, 30, 39, 200])
@pytest.mark.parametrize("message", ["no", "rather long words about it", "x" * 90, "\x1b[2J\u202e"])
def test_an_error_fits_wherever_it_is(column: int | None, message: str) -> None:
    for line in error_hint(message, column, 7, 40):
        assert width(line) == 40
        assert "\x1b" not in plain(line)


def test_offers_tell_how_often_they_were_seen_and_the_chosen_one_is_in_sight() -> None:
    offers = [("ListUsers", 1200), ("x\x1b[31m", 2), ("name:", 0), *((f"value-{n}", 1) for n in range(50))]
    assert plain(offers_hint(offers, None, 60)).startswith(" tab  ListUsers 1,200  x␛[31m 2  name:  value-0 1")
    assert "value-40" in plain(offers_hint(offers, 43, 60))
    assert width(offers_hint(offers, 43, 60)) == 60


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("user:alice", "user"),
        ("-source:ec2", "-source"),
        ("is:write,error", "write,error"),
        ("requestParameters.bucketName:x", "bucketName"),
        ("/a.b/i", "/a.b/i"),
        ("word", "word"),
        ("a-very-long-word-indeed", "a-very-long-wor…"),
        ("(user:a OR key:K)", "user or key"),
        ("user:a OR user:b* OR -name:x", "user or -name"),
        ("user:a is:error OR ip:10.0.0.0/8", "(user and error) or ip"),
        ("user:a user:b OR ip:10.0.0.1", "user or ip"),
        ("-(user:a OR key:K)", "-(user or key)"),
        ("-(user:a is:error) OR word", "-(user and error) or word"),
        ("user:a OR key:K OR resource:r OR name:n OR type:t", "user or key or resource or name…"),
    ],
)
def test_a_term_in_a_word(line: str, words: str) -> None:
    assert term_words(parse_filter(line).terms[0]) == words
