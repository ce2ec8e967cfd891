"""A text that is too large to be looked at as a whole is cut at its brackets, however it comes."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.unpacking.large_text import Cut, Inside, LargeText
from ctui.unpacking.unread import NOT_JSON, TOO_LARGE, Unread

A, B = '{"a":"}]\\"{","b":[{"c":[]}],"Records":1}', '{"x":{"Records":[{}]}}'
DEEP = '"m":{"a":[[{"b":[{}]}]]}'


def cut(text: str | bytes, size: int = 7, inside: Inside = Inside.TEXT, most: int = 1000) -> list[Cut | Unread]:
    data = text.encode() if isinstance(text, str) else text
    portions: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
    return list(LargeText(Cut(next(portions, b""), 0), portions, inside, most).cuts())


def texts(found: list[Cut | Unread]) -> list[str]:
    return [one.reason if isinstance(one, Unread) else one.text.decode() for one in found]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"{A}{B}", [A, B]),
        (f"\n {A},\n{B}\n", [A, B]),
        (f"[{A},{B}]", [A, B]),
        (f'{{"Records":[{A},{B}]}}', [A, B]),
        (f'{{"id":"Records",{DEEP},"logEvents" : [{A},{B}],{DEEP},"n":[{{}}],"events":[{A}]}}{B}', [A, B, A, B]),
        (f'[{A}]{{"Events":[]}}[[{A}],{B}]', [A, f"[{A}]", B]),
        (f"7 {A} true", ["7", A, "true"]),
        (f'[1,"a]",{A},null]', ['1,"a]"', A, "null"]),
        (f'{A}]]}}{B}', [A, B]),
        (f'{A}\n{{"a":"broken\n{{"b":1}}\n{B}', [A, NOT_JSON.reason, '{"b":1}', B]),
        (f'{{"Records":[{A},{{"a":"b', [A, '{"a":"b']),
        ("", []),
        ("   ", []),
    ],
)  # fmt: skip
def test_records_are_cut_out_of_anything(text: str, parts: list[str], size: int) -> None:
    assert texts(cut(text, size)) == parts
    for one in cut(text, size):
        if isinstance(one, Cut):
            assert text.encode()[one.start : one.start + len(one.text)] == one.text


@pytest.mark.parametrize("size", [1, 13, 5000])
def test_a_record_that_is_too_large_is_left_out(size: int) -> None:
    large = json.dumps({"q": '\\"}],[{' * 300})
    for text in (f"{A}{large}{B}", f"[{A},{large},{B}]", f'{{"Records":[{A},{large},{B}]}}'):
        assert texts(cut(text, size)) == [A, TOO_LARGE.reason, B]
    assert texts(cut(f"{large[:-3]}", size))[:1] in ([TOO_LARGE.reason], [large[:-3]])


def test_it_goes_on_inside_an_array() -> None:
    assert texts(cut(f"{A},{B}]", inside=Inside.ARRAY)) == [A, B]
    assert texts(cut(f'{A},{B}],"more":[{A}]}}{B}', inside=Inside.WRAPPER)) == [A, B, B]


def test_memory_is_that_of_a_record() -> None:
    text = (f'{{"x":"y","logEvents":[{",".join([A] * 300)}],"z":[' + "1," * 3000 + "1]}").encode()
    portions = (text[at : at + 100] for at in range(100, len(text), 100))
    large = LargeText(Cut(text[:100], 0), portions, Inside.TEXT, 10_000)
    held = 0
    for one in large.cuts():
        assert isinstance(one, Cut)
        held = max(held, len(large._text))
    assert held < 300


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet='{}[]",:\\1aR \n\ud7ff', max_size=60), st.integers(1, 30), st.integers(1, 50))
def test_it_comes_to_an_end_on_any_text_and_makes_nothing_up(text: str, size: int, most: int) -> None:
    data = text.encode()
    for one in cut(data, size, most=most):
        if isinstance(one, Cut):
            assert data[one.start : one.start + len(one.text)] == one.text
