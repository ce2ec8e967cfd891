"""A record as a tree: every value once, under its path, from any node on."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import looked_up, real_records

from ctui.model.event.record_tree import Node, RecordTree, RecordValue, TextEncoding, json_text, spelled

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text('ab{}[]%"', max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.", max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]}


def nodes(record: object) -> list[Node]:
    return list(RecordTree(record if isinstance(record, str) else json.dumps(record)).nodes())


def at(record: object, path: str) -> Node:
    (node,) = [node for node in nodes(record) if ".".join(node.path) == path]
    return node


@given(VALUES)
@settings(max_examples=examples(200))
def test_every_node_is_found_again_by_its_address_and_the_rest_follows_from_there(value: object) -> None:
    tree = RecordTree(json.dumps(value))
    every = list(tree.nodes())
    assert [node.address for node in every] == sorted(node.address for node in every)
    for number, node in enumerate(every):
        assert tree.at(node.address) == node
        assert list(tree.nodes(node.address)) == every[number:]
        behind = [one for one in every[number:] if one.address[: len(node.address)] != node.address]
        assert list(tree.nodes((*node.address[:-1], node.address[-1] + 1))) == behind


@given(VALUES)
@settings(max_examples=examples(200))
def test_what_is_folded_leaves_out_what_is_below_it(value: object) -> None:
    tree = RecordTree(json.dumps(value))
    every = list(tree.nodes())
    for node in every:
        below = [one for one in every if one.address[: len(node.address)] == node.address and one != node]
        left = [one.address for one in tree.nodes(folded={node.path})]
        if all(one.path[: len(node.path)] == node.path for one in below) and node.path:
            assert not {one.address for one in below} & set(left)
        assert node.address in left or any(one.path == node.path for one in every if one != node)


@given(VALUES)
@settings(max_examples=examples(200))
def test_a_value_is_written_as_it_was(value: object) -> None:
    tree = RecordTree(json.dumps({"v": value}))
    assert json.loads(json_text(tree.at((0,)).value)) == value


def test_numbers_repeated_keys_and_odd_keys_are_kept() -> None:
    found = nodes('{"n": 1.10, "n": 12345678901234567890, "a.b": true, "": null, "e": 1E400, "x": NaN}')
    assert [(node.path, spelled(node.value)) for node in found] == [
        (("n",), "1.10"), (("n",), "12345678901234567890"), (("a.b",), "true"), (("",), "null"), (("e",), "1E400"),
        (("x",), "NaN"),
    ]  # fmt: skip
    assert [node.address for node in found] == [(0,), (1,), (2,), (3,), (4,), (5,)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (json.dumps(POLICY), TextEncoding.PLAIN),
        ("\n  " + json.dumps(POLICY, indent=2), TextEncoding.PLAIN),
        (quote(json.dumps(POLICY)), TextEncoding.PERCENT),
        (quote(json.dumps(POLICY)).lower().replace("%7bversion", "%7bVersion"), None),
    ],
)
def test_a_policy_inside_a_text_is_part_of_the_tree(text: str, encoding: TextEncoding | None) -> None:
    record = {"requestParameters": {"policyDocument": text, "name": "x"}}
    if encoding is None:
        assert at(record, "requestParameters.policyDocument").encoding is TextEncoding.PERCENT
        return
    assert at(record, "requestParameters.policyDocument").encoding is encoding
    effect = at(record, "requestParameters.policyDocument.Statement.0.Effect")
    assert effect.recorded() == RecordValue(
        ("requestParameters", "policyDocument"), ("Statement", "0", "Effect"), "Allow"
    )
    assert at(record, "requestParameters.name").recorded() == RecordValue(("requestParameters", "name"), (), "x")
    assert RecordTree(json.dumps(record)).address_of(effect.path) == effect.address


@pytest.mark.parametrize("text", ["{", "[x]", "{}", "[]", "[redacted]", "%7B", "{'a': 1}", "17", '"x"', "[" * 100_000])
def test_what_only_looks_like_json_stays_a_text(text: str) -> None:
    assert at({"v": text}, "v").encoding is None
    assert at({"v": text}, "v").children == 0


@pytest.mark.parametrize("record", ["", "{", "not json", "[" * 100_000, "{} {}"])
def test_a_record_that_is_no_json_has_no_tree(record: str) -> None:
    with pytest.raises(ValueError):
        RecordTree(record)


@pytest.mark.parametrize(
    ("record", "count"), [("7", 1), ('"x"', 1), ("null", 1), ("[]", 0), ("{}", 0), ("[1, [2]]", 3)]
)
def test_a_record_can_be_any_value(record: str, count: int) -> None:
    assert len(nodes(record)) == count
    if count == 1:
        assert nodes(record)[0].recorded().path == ()


def test_the_path_of_a_value_has_the_index_of_each_item() -> None:
    group = at({"a": {"items": [{"id": "x"}]}}, "a.items.0.id").recorded()
    assert group.path == ("a", "items", "0", "id")
    assert at({"a": {"items": [{"id": 1.50}]}}, "a.items").recorded() == RecordValue(
        ("a", "items"), (), '[{"id":1.5}]', single=False
    )


def test_search_finds_keys_and_values_and_says_how_far_it_is() -> None:
    tree = RecordTree(json.dumps({"user": "x", "a": {"b": "user-1"}, "p": json.dumps({"user": 1}), "l": ["no"]}))
    found = list(tree.search(lambda text: "user" in text))
    assert [address for address in found if address] == [(0,), (1, 0), (2, 0)]
    assert len(found) == len(list(tree.nodes()))


@pytest.mark.story
def test_every_real_record_has_all_its_values_in_the_tree() -> None:
    for record in [json.dumps(each) for each in real_records()] + [event.record for event in looked_up()]:
        tree = RecordTree(record)
        outside = [node for node in tree.nodes() if node.text_at is None]
        assert sum(isinstance(node.value, tuple | list) for node in outside) == _containers(json.loads(record)) - 1
        for node in outside:
            assert tree.address_of(node.path) is not None


def _containers(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_containers, value.values()))
    return 1 + sum(map(_containers, value)) if isinstance(value, list) else 0
