"""Records are cut out of any wrapping, character for character."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.unpacking.pieces import Piece, pieces
from ctui.unpacking.unread import DIGEST, NOT_JSON, Unread

A, B = '{"a" : 1.50,\t"b":[{"Records":[]}]}', '{ "t":"\\u00e9\\ud83d\\ude00 é\\/" ,"n":1e2}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"Records": [{A}, {B}]}}',
        f'{{"x":{{"Records":[1]}},"Records":[{A}\n,{B}],"more":[]}}',
        f'{{"Events":[{A},{B}],"NextToken":"t"}}',
        f'{{"events":[{A},{B}],"searchedLogStreams":[]}}',
        f'{{"messageType":"DATA_MESSAGE","logEvents":[{A},{B}]}}',
        f"[{A},{B}]",
        f"{A}\n{B}\n",
        f"{A}{B}",
        f"\ufeff{A}\r\n\ufeff{B}\r\n",
        f"\r\n {A},\n\n{B},\n",
        f'{{"Records":[{A}]}}\n[{B}]',
        f'{{"Records":[]}} {A} {B}',
    ],
)
def test_every_wrapping_gives_the_same_texts(text: str) -> None:
    found = [piece for piece in pieces(text) if isinstance(piece, Piece)]
    assert [(piece.text, piece.value) for piece in found] == [(A, json.loads(A)), (B, json.loads(B))]
    assert all(text.startswith(piece.text, piece.start) for piece in found)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        (" \n,", []),
        ("nonsense", [NOT_JSON]),
        ("{", [NOT_JSON]),
        ('{"Records":[', [NOT_JSON]),
        (f'{{"Records":[{A},{B},{{"cut": "he', [Piece, Piece, NOT_JSON]),
        (f"{A}\n{{broken}}\n{B}", [Piece, NOT_JSON, Piece]),
        (f'{A}\n{{"a":1 "b":2}}\n{B}', [Piece, NOT_JSON, Piece]),
        (f"{{broken}}\n\ufeff{B}", [NOT_JSON, Piece]),
        (f'{{"Records":[{A},{{"a":1 "b":[{{}}]}},{B},{B}]}}', [Piece, NOT_JSON, Piece, Piece]),
        (f'{{"Records":[{A},{{"a":1 "b":2}} , {{"c" 3}},\n{B}]}}{A}', [Piece, NOT_JSON, Piece, Piece]),
        (f"[{{broken}},{B}]", [NOT_JSON, Piece]),
        ("[" * 100_000, [NOT_JSON]),
        ('{"a":' * 100_000, [NOT_JSON]),
        (f"[{'9' * 5000}]\n{A}", [NOT_JSON, Piece]),
        ("[1, 2", [Piece, Piece, NOT_JSON]),
        ('{"digestStartTime":"","digestS3Object":"","digestPublicKeyFingerprint":"","logFiles":[]}', [DIGEST]),
        ("7 null", [Piece, Piece]),
    ],
)
def test_broken_text_is_told_and_what_can_be_read_is_read(text: str, kinds: list[object]) -> None:
    assert [piece if isinstance(piece, Unread) else Piece for piece in pieces(text)] == kinds


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet='{}[]",:\\1aR \n\ud800', max_size=40) | st.text(max_size=20))
def test_it_comes_to_an_end_on_any_text_and_makes_nothing_up(text: str) -> None:
    for piece in pieces(text):
        if isinstance(piece, Piece):
            assert piece.text in text
            assert piece.value == json.loads(piece.text) or piece.value != piece.value


def test_a_mistake_costs_the_same_wherever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []

    class Counting(json.JSONDecodeError):
        def __init__(self, reason: str, text: str, at: int) -> None:
            super().__init__(reason, text, at)
            counted.append(self.lineno)

    monkeypatch.setattr(json.decoder, "JSONDecodeError", Counting)
    assert list(pieces("{'written': 'by Python'}\n" * 20)) == [NOT_JSON]
    # json counts lines up to each mistake, so that many mistakes take hours. Here it finds none to count.
    assert counted == [1] * 20
