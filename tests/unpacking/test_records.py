"""Records come out of a text the same however it is cut into portions, and in portions: memory is that of one."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.unpacking.pieces import Piece, pieces
from ctui.unpacking.records import records_in
from ctui.unpacking.unread import LOG_MESSAGE, NOT_JSON, OTHER_EVENT, Unread
from ctui.unpacking.wrappers import unwrapped

A = '{"eventVersion" : "1.11",\t"eventName":"A","b":[{"Records":[]},{"eventVersion":1},{"x":"}, {\\"eventVersion\\""}]}'
B = '{ "eventVersion":"1.11" ,"eventTime":"2026", "message":"mine","t":"\\u00e9\\ud83d\\ude00 é\\/","n":1e2}'


def quick(value: msgspec.Raw) -> str | None:
    """The text, as a reader that takes any object with an event version would give it."""
    text = bytes(value).decode()
    return text if isinstance(decoded := json.loads(text), dict) and "eventVersion" in decoded else None


def read(*portions: bytes) -> list[str | Unread]:
    """The texts of all records."""
    return [each.text if isinstance(each, Piece) else each for each in records_in(portions, quick)]


def whole(text: str) -> list[str | Unread]:
    """The same by the thorough way alone."""
    found = (inner for piece in pieces(text) for inner in ([piece] if isinstance(piece, Unread) else unwrapped(piece)))
    return [each if isinstance(each, Unread) else each.text for each in found]


def message(text: str, **more: Any) -> str:
    return json.dumps({"id": "1", "timestamp": 1, **more, "message": text}, ensure_ascii=False)


def event(detail: str, detail_type: str = "AWS API Call via CloudTrail") -> str:
    return f'{{"version":"0","detail-type":"{detail_type}","resources":[],"detail": {detail} }}'


TEXTS = [
    f'{{"Records":[{A},{B},{A}]}}',
    f'{{"Records": [{A},\n  {B},\n\n {B}]}}\n',
    f'{{"Records":[{A},{B}]}}{{"Records":[{B},{A}]}}',
    f'{{"Records":[{A}]}}\n{{"Records":[{B}]}}\n',
    f'{{"Records":[{A}],"Records":[{B}]}}',
    f'{{"Events":[{A},{B}],"NextToken":"t"}}',
    f'[{{"Records":[{A}]}},{{"Records":[{B}]}}]',
    f"[{A},{B}]",
    f"{A}\n{B}\n{A}",
    f"{A}{B}",
    f'{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{message(A)},{message(B)}]}}',
    f'{{"messageType":"DATA_MESSAGE","logEvents":[{message(A)}]}}' * 3,
    f'{{"events":[{message(A, logStreamName="s")},{message(B)}],"searchedLogStreams":[]}}',
    f"{message(A)}\n{message(B)}\n",
    event(A),
    f"{event(A)}\n{event(B, 'AWS Console Sign In via CloudTrail')}\n",
    f"[{event(A)},{event(B)}]",
    f'{{"logEvents":[{message(event(A))}]}}',
    f'{{"Records":[{A},{{"cut": "he',
    f"{A}\n{{broken}}\n{B}",
    f'{{"Records":[{A},{{"eventVersion":1 "b":2}},{B}]}}',
    "",
    "7",
]


@settings(max_examples=examples(200), deadline=None)
@given(text=st.sampled_from(TEXTS), cuts=st.lists(st.integers(0, 700), max_size=5))
@example(text=TEXTS[0], cuts=[])
def test_a_text_gives_the_same_records_however_it_is_cut(text: str, cuts: list[int]) -> None:
    data = text.encode()
    ends = sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    portions = [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    assert read(*portions) == whole(text)


@pytest.mark.parametrize("text", TEXTS[:18], ids=range(18))
def test_every_wrapping_gives_the_records_as_they_were(text: str) -> None:
    assert set(read(text.encode())) <= {A, B}
    assert A in read(text.encode())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (message("CWL CONTROL MESSAGE: Checking health of destination Firehose."), LOG_MESSAGE),
        (message(""), LOG_MESSAGE),
        (event("{}", "EC2 Instance State-change Notification"), OTHER_EVENT),
        ("CONTENT", NOT_JSON),
    ],
)
def test_what_is_no_record_has_its_own_reason(text: str, reason: Unread) -> None:
    assert read(text.encode()) == [reason]


def test_a_message_in_a_message_comes_to_an_end() -> None:
    text = A
    for _ in range(8):
        text = message(text)
    [inner] = read(text.encode())
    assert isinstance(inner, str)
    assert json.loads(inner)["message"]


@pytest.mark.parametrize(
    "wrapping", [("", "\n", "\n"), ('{"Records":[', ",", "]}"), ('{"Records":[\n', ",\n  ", "\n]}")]
)
def test_memory_is_that_of_a_portion(wrapping: tuple[str, str, str]) -> None:
    begin, between, end = (part.encode() for part in wrapping)
    record = A.encode()
    portion = (between + record) * 4000

    def portions() -> Iterator[bytes]:
        yield begin + record
        for _ in range(40):
            yield portion
        yield end

    tracemalloc.start()
    count = sum(1 for _ in records_in(portions(), lambda value: len(memoryview(value))))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40 * 4000 + 1
    assert most < 6 * len(portion)


def test_white_space_is_looked_through_once() -> None:
    gap = b" " * (1 << 20)
    # A million spaces: to try each place where they may be divided in two would take half an hour.
    assert read(b'{"Records":[{"a":[]' + gap, b"x\n" + gap) == [NOT_JSON]


def cut(text: str) -> Iterator[bytes]:
    data = text.encode()
    return (data[at : at + 300] for at in range(0, len(data), 300))


def read_large(text: str) -> list[str | Unread]:
    """What is read of a text that is large for the limit."""
    return [each.text if isinstance(each, Piece) else each for each in records_in(cut(text), quick, at_once=2000)]


@pytest.mark.parametrize("wrapping", [("", "\n", ""), ('{"Records":[', ",", "]}")], ids=["lines", "array"])
def test_of_a_large_text_what_is_broken_is_left_out(wrapping: tuple[str, str, str]) -> None:
    begin, between, end = wrapping
    broken = '{"eventVersion":1 "b":2}'
    found = read_large(begin + between.join([A, broken, B] * 40) + end)
    assert [each for each in found if isinstance(each, str)] == [A, B] * 40
    assert NOT_JSON in found


LARGE = json.dumps({"eventVersion": "1.11", "q": 'x"}],[{' * 400})
PRETTY = [json.dumps(json.loads(each), indent=1) for each in (A, B)]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("".join([A, B] * 40), [A, B] * 40),
        ("\n".join(PRETTY * 40), PRETTY * 40),
        (f'{{"Records":[{",".join(PRETTY * 40)}]}}', PRETTY * 40),
        (f'{{"messageType":"M","logEvents":[{",".join(map(message, [A, B] * 40))}]}}', [A, B] * 40),
        (f'{{"NextToken":"t","Events":[{",".join([A, B] * 40)}],"x":[{A}]}}{B}', [*[A, B] * 40, B]),
        (f'{{"Records":[{A},{LARGE},{B},{LARGE}]}}', [A, LARGE, B, LARGE]),
        (f"[{B},{LARGE},{A}]", [B, LARGE, A]),
        ("\n".join([event(LARGE), event(A)]), [LARGE, A]),
    ],
    ids=range(8),
)
def test_a_text_of_any_size_is_read(text: str, records: list[str]) -> None:
    assert read_large(text) == records
