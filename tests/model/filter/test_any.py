"""any:@FILE: a value of the record is one of a file's lines, which are read when the line is, and never later."""

import json
from datetime import UTC, datetime

import pytest
from support.real_records import event_of, real_records

from ctui.model.filter.matching.word_list import WordList
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.read_lists import no_files, read_lists
from ctui.model.filter.terms import Filter, ListTerm
from ctui.model.filter.write import write_filter

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECORD = json.dumps({"a": {"b": ["203.0.113.9", "x AKIAX y"]}, "keyName": "v\u00e9"})


def read(line: str, *words: str) -> Filter:
    return read_lists(parse_filter(line), lambda _: WordList(words))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("any:@iocs.txt", "iocs.txt"),
        ("any=@~/my-iocs/a.txt", "~/my-iocs/a.txt"),
        ('-any:@"my iocs.txt"', "my iocs.txt"),
        ("(any:@a OR is:root)", "a"),
        ('any:@"a*b,c"', "a*b,c"),
    ],
)
def test_a_file_is_named_after_its_sign(line: str, name: str) -> None:
    parsed = parse_filter(line)
    (term,) = [leaf for leaf in parsed.leaves if isinstance(leaf, ListTerm)]
    assert term.name == name
    assert parse_filter(write_filter(parsed)) == parsed
    assert line[term.position - 1] == "@"


@pytest.mark.parametrize(
    ("line", "at", "why"),
    [
        ("any:x", 4, "takes a file of words: write any:@iocs.txt"),
        ("any:@a,b", 4, "takes a file"),
        ("any:@a*", 4, "takes a file"),
        ("any:@", 5, "path of a file is missing"),
        ("any:", 4, "value is missing"),
    ],
)
def test_what_names_no_file_is_an_error_at_its_character(line: str, at: int, why: str) -> None:
    with pytest.raises(FilterError, match=why) as caught:
        parse_filter(line)
    assert caught.value.position == at


def test_a_file_that_cannot_be_read_is_an_error_at_its_character() -> None:
    with pytest.raises(FilterError, match=r"iocs.txt: files are not read here") as caught:
        read_lists(parse_filter("is:root (user:a OR any:@iocs.txt)"), no_files)
    assert caught.value.position == len("is:root (user:a OR any:@")


@pytest.mark.parametrize(
    ("words", "matches"),
    [
        (("203.0.113.9",), True),
        (("akiax", "nothing"), True),
        (("VÉ",), True),
        (("203.0.113.0/24",), True),
        (("keyName",), False),
        (("a",), False),
        (("AKIA",), False),
    ],
)
def test_values_are_compared_and_keys_are_not(words: tuple[str, ...], matches: bool) -> None:
    one = event_of(RECORD, event_id="e", time=NOW)
    assert compile_filter(read("any:@f", *words), NOW)(one, "") is matches
    assert compile_filter(read("-any:@f", *words), NOW)(one, "") is not matches
    assert compile_filter(read("(is:root OR any:@f)", *words), NOW)(one, "") is matches


def test_a_line_whose_file_was_not_read_is_not_compiled() -> None:
    with pytest.raises(ValueError, match="was not read"):
        compile_filter(parse_filter("any:@f"), NOW)


def test_real_records_are_found_by_their_addresses_and_keys_as_plain_python_finds_them() -> None:
    records = real_records()
    indicators = sorted({value for record in records[::500] for value in strings(record) if 6 < len(value) < 60})[
        :2_000
    ]
    words = WordList(indicators)
    compiled = compile_filter(read("any:@f", *indicators), NOW)
    folded = {word.casefold() for word in indicators}
    for record in records[::25]:
        values = [value.casefold() for value in strings(record)]
        equal = any(value in folded for value in values)
        one = event_of(json.dumps(record), event_id="e", time=NOW)
        found = compiled(one, "")
        assert found or not equal
        assert found == any(map(words.matches, strings(record)))


def strings(value: object) -> list[str]:
    """Every value in a record as text."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [] if value is None else [str(value)]
