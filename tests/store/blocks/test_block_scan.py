"""Searching records for texts: none is left out that matches, and few are read that do not."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.escaped_json import escaped
from support.examples import examples
from support.real_records import event_of
from support.stored import insert, matching

from ctui.model.connection import Scope
from ctui.model.event.record_view import RecordView
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.prefilter import TextCheck, is_plain, is_searchable, prefilter_of
from ctui.model.filter.write import write_value
from ctui.model.lookup.interval import Stretch
from ctui.store.blocks.block import SEPARATOR
from ctui.store.blocks.block_scan import TextSearch
from ctui.store.events import EventStore
from ctui.store.index import matching as index_matching
from ctui.store.search import Search

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SCOPE = Scope("aws", "111111111111", "eu-west-1")
PARTS = ("Jörg", "JÖRG", "Groß", "GROSS", "\U0001f600", "\ud83d", "\ude00", "\u212a", "k", "İ", "\u0390", "\\u00f6",
         '"', "\\", "a/b", "\n", "\0", "\x1b", "ö", "rg", "s", "t", "\ufb06", "\u0149", "n", "\ufb03", "f")  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map("".join)
FORMS = ("{0}", "{0}*{1}", "tlsDetails.a:{0}", "tlsDetails.a:~{0}", "tlsDetails.a:*{0}*{1}", "{0} {1}",
         "{0} OR tlsDetails.a:{1}", "-{0} {1}")  # fmt: skip
REGEXES = ("/Gro./", "/j.rg/i", "/^Jö/", "/ß$/", "/[^a]b/", "/k/i", "/\\\\u00f6/", "/[[:cntrl:]]/", "/\\x{1f600}/")


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(TEXTS, min_size=2, max_size=2), st.data())
def test_no_record_is_left_out_that_matches_however_it_is_spelled(
    texts: list[str], wanted: list[str], data: st.DataObject
) -> None:
    random = data.draw(st.randoms(use_true_random=False))
    form = data.draw(st.sampled_from(FORMS + REGEXES))
    if data.draw(st.booleans()):
        folded = texts[0].casefold()
        wanted[0] = folded[random.randrange(len(folded)) :][: random.randint(1, 4)]
    line = form if form.startswith("/") else form.format(*(write_value(one, "user") for one in wanted))
    try:
        predicate = compile_filter(parse_filter(line), NOW)
    except FilterError:
        return
    search = TextSearch.of(prefilter_of(term for term, _ in predicate.tests))
    records = [escaped({"tlsDetails": {"a": text}}, random) for text in texts]
    read = [n for n, record in enumerate(records) if not (is_searchable if search.never_escaped else is_plain)(record)]
    stored = [record.encode("utf-8", "surrogatepass") for record in records]
    found = search.ordinals(SEPARATOR.join(stored), bytes(read))
    for ordinal, record in enumerate(records):
        if predicate(event_of(record), SCOPE.region):
            assert ordinal in found, (line, record)
            assert search.may_match(stored[ordinal]), (line, record)


ODD = ("J\u00f6rg Gro\u00df", "\u212aelvin", '{"Statement":"\\u00f6"}', "\x1b[0m", "\U0001f600")


@pytest.mark.parametrize(
    ("line", "read"),
    [("haystack", 0), ("/hay.tack/", 0), ("J\u00f6rgen", 0), ("gross", 20), ("KELVIN", 20), ("/Gro\u00df/", 20)],
)
async def test_of_records_that_are_escaped_those_with_the_text_alone_are_decoded(
    store: EventStore, line: str, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_matching, "FEW", 2)
    records = [escaped({"a": text, "n": str(n)}, Random(n)) for n in range(20) for text in ODD]
    await insert(store, SCOPE, [event_of(record, event_id=str(n)) for n, record in enumerate(records)])
    rows = await store.find(Search(SCOPE, Stretch(0, 2**40)))
    decoded = list[str]()

    def test(view: RecordView) -> bool:
        decoded.append(view.raw)
        return True

    predicate = compile_filter(parse_filter(line), NOW)
    noting = replace(predicate, tests=tuple((term, test) for term, _ in predicate.tests))
    assert len(await matching(store, [SCOPE], rows, noting)) == read
    assert len(decoded) == read


def test_a_damaged_list_of_escaped_records_holds_up_no_search() -> None:
    search = TextSearch.of(((TextCheck("needle"),), (TextCheck("hay"),)))
    block = SEPARATOR.join((b'{"a":"\\u006eeedle hay"}', b"{}", b'{"a":"needle hay"}'))
    assert search.ordinals(block, bytes([0, 1, 200])) == [0, 2]
