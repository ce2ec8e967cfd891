"""Good, unfinished and bad values of every field; typing; and what botocore's own service model says of the same."""

import gzip
import json
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.session import Session as BotocoreSession
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.aws.client import PAGE_SIZE
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.model.rules.validate import (
    MAX_LENGTHS,
    REQUIRED,
    RULES,
    Field,
    Validity,
    attribute_length,
    validate_attribute,
    validate_tags,
    validate_together,
    validate_value,
)

UUID = "12345678-90ab-cdef-1234-567890abcdef"
MRK = "mrk-" + "0a" * 16
SNS = "arn:aws:sns:us-east-1:111122223333:"
LOGS = "arn:aws:logs:us-east-1:111122223333:log-group:"
IAM = "arn:aws:iam::111122223333:role/"
KMS = "arn:aws:kms:us-east-1:111122223333:"
TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/"

GOOD: dict[Field, tuple[str, ...]] = {
    Field.NAME: ("abc", "1st", "my-trail_1.x", "a" * 128, "1.2.3", "1.2.3.4.5", "1.2.3.1234", "A-b.C_9"),
    Field.TRAIL: ("abc", TRAIL + "abc", "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/my-trail"),
    Field.BUCKET: ("abc", "my.bucket-1", "1a2", "a" * 63, "amzn-s3-demo-x", "xn-a", "s3alias", "1.2.3.4.5"),
    Field.PREFIX: ("", "logs", "a/b c/d", "a..b/.c", "x" * 200, "naïve/…", "ends/", "..."),
    Field.TOPIC: ("", "news", "t_1-x", "news.fifo", SNS + "news", SNS + "news.fifo", "t" * 256, "arn"),
    Field.LOG_GROUP: ("", LOGS + "trails:*", LOGS + "/aws/x.y#1_-:*", LOGS.replace("aws:", "aws-eusc:") + "g:*"),
    Field.ROLE: ("", IAM + "r", IAM + "a/b/r+=,.@-_9", "arn:aws-cn:iam::111122223333:role/x", IAM + "r" * 64),
    Field.KMS_KEY: ("", "alias/k", UUID, MRK, KMS + "key/" + UUID, KMS + "key/" + MRK, KMS + "alias/a/b_c-d"),
    Field.ATTRIBUTE_KEY: tuple(AttributeKey),
    Field.ATTRIBUTE_VALUE: ("x", " ", "x" * 2000, "_" * 1000, "\U0001f600", "a\x1b[0m"),
    Field.READ_ONLY_VALUE: ("true", "false"),
    Field.TAG_KEY: ("k", "Cost Center", "a:b/c@d+e=f.g_h-i", "ключ", "x" * 128, "awsome"),
    Field.TAG_VALUE: ("", "v", "x" * 256),
}
UNFINISHED: dict[Field, tuple[str, ...]] = {
    Field.NAME: ("", "a", "ab", "abc-", "abc.", "abc_", "192.168.5.4"),
    Field.TRAIL: ("", "ab", "arn:", "arn:aws:cloud", TRAIL, TRAIL + "ab", TRAIL[:-2], "arn:aws:cloudtrail:us-"),
    Field.BUCKET: (
        "",
        "ab",
        "abc-",
        "abc.",
        "192.168.5.4",
        "a-s3alias",
        "a--ol-s3",
        "a.mrap",
        "a--x-s3",
        "a--table-s3",
    ),
    Field.PREFIX: ("a/..", "..", ".", "a/."),
    Field.TOPIC: ("news.", "news.fif", "arn:", "arn:aws:sn", SNS, SNS + "n."),
    Field.LOG_GROUP: (
        "a",
        "arn:aws",
        LOGS,
        LOGS[:-3],
        LOGS + "trails",
        LOGS + "trails:",
        "arn:aws:logs:us-east-1:1111",
    ),
    Field.ROLE: ("arn:aws:iam:", IAM, IAM + "path/", IAM[:-3], IAM + "r" * 65),
    Field.KMS_KEY: (
        "a",
        "al",
        "alias/",
        "mrk-0",
        UUID[:-1],
        "arn",
        "arn:aws:kms",
        KMS + "k",
        KMS + "key/" + UUID[:9],
        "ab",
    ),
    Field.ATTRIBUTE_KEY: ("", "E", "EventN"),
    Field.ATTRIBUTE_VALUE: ("",),
    Field.READ_ONLY_VALUE: ("t", "fals"),
    Field.TAG_KEY: ("",),
}
WRONG: dict[Field, tuple[tuple[str, str], ...]] = {
    Field.NAME: (
        ("-ab", "Start with a letter or a digit"),
        ("_a", "Start"),
        ("my-_name", "Two of . _ - in a row"),
        ("my--name", "in a row"),
        ("a..b", "in a row"),
        ("a b", "Only "),
        ("ab\n", "Only "),
        ("naïve", "Only "),
        ("a" * 129, "1 character too long"),
        ("a" * 130, "2 characters too long"),
        ("a" * 127 + "-", "End with"),
    ),
    Field.TRAIL: (
        ("a b", "Only "),
        ("arn:aws:s3:::x", "Expected arn:…:cloudtrail:"),
        ("arn:aws:cloudtrail:us-east-1:11112222333:trail/abc", "12 digits"),
        (TRAIL + "a--b", "trail/NAME"),
        (TRAIL.replace("trail/", "channel/"), "trail/"),
    ),
    Field.BUCKET: (
        ("Abc", "Capital"),
        ("a_b", "Underscore"),
        ("a b", "Only "),
        ("-ab", "Start"),
        (".ab", "Start"),
        ("a..b", "Two periods"),
        ("a.-b", "dash next to a period"),
        ("a-.b", "dash next to a period"),
        ("xn--a", "xn--"),
        ("sthree-a", "sthree-"),
        ("a" * 64, "1 character too long"),
        ("a" * 62 + "-", "End with"),
        ("a" * 55 + "-s3alias", "-s3alias"),
        ("ab\n", "Only "),
    ),
    Field.PREFIX: (
        ("/a", "Remove the /"),
        ("../a", ". or .."),
        ("a/../b", ". or .."),
        ("a/./b", ". or .."),
        ("a\x00b", "Control"),
        ("a\nb", "Control"),
        ("a\ud800", "Control"),
        ("x" * 201, "too long"),
        ("x" * 197 + "/..", ". or .."),
    ),
    Field.TOPIC: (
        ("a b", "Only "),
        ("news.x", "Only "),
        (".fifo", "Only "),
        ("t" * 257, "too long"),
        ("arn:aws:sqs:us-east-1:111122223333:q", "Expected arn:…:sns:"),
        ("arn:aws:sns::111122223333:t", "Region"),
        (SNS + "a b", "arn:…:sns:REGION:ACCOUNT:NAME"),
        (SNS + "a:b", "arn:…:sns:REGION:ACCOUNT:NAME"),
    ),
    Field.LOG_GROUP: (
        ("trails", "Expected arn:…:"),
        ("arn:aws:s3", "Expected arn:…:logs:"),
        ("arn::logs", "partition"),
        (LOGS + ":*", "Log group name"),
        (LOGS + "a b:*", "Log group name"),
        (LOGS + "trails:x", ":*"),
        (LOGS + "trails:*:*", ":*"),
        (LOGS + "trails:log-stream:x", ":*"),
        ("arn:aws:logs:us-east-1:1111222233334:", "12 digits"),
        ("arn:aws:logs:US:", "Region"),
    ),
    Field.ROLE: (
        ("role", "Expected arn:…:"),
        ("arn:aws:iam:us-east-1:111122223333:role/x", "no Region"),
        ("arn:aws:iam::111122223333:user/x", "role/"),
        (IAM + "a b", "role/"),
        ("arn:aws:iam::11112222333x", "12 digits"),
    ),
    Field.KMS_KEY: (
        ("my-key", "alias/"),
        ("Alias/k", "alias/"),
        ("alias/a b", "alias/"),
        (UUID + "0", "alias/"),
        ("mrk-" + "0" * 33, "alias/"),
        ("arn:aws:kms:us-east-1:111122223333:grant/x", "key/"),
        ("arn:aws:kms::111122223333:alias/k", "Region"),
    ),
    Field.ATTRIBUTE_KEY: (("eventName", "Use one of"), ("EventNames", "Use one of")),
    Field.ATTRIBUTE_VALUE: (("x" * 2001, "1 character too long"), ("_" * 1001, "2 characters too long")),
    Field.READ_ONLY_VALUE: (("True", "true or false"), ("trues", "true or false")),
    Field.TAG_KEY: (("aws:x", "aws:"), ("AWS:x", "aws:"), ("a;b", "Only "), ("x" * 129, "too long")),
    Field.TAG_VALUE: (("a;b", "Only "), ("x" * 257, "too long")),
}


def _flat(table: dict[Field, tuple[Any, ...]]) -> list[Any]:
    return [
        pytest.param(field, value, id=f"{field}-{n}") for field, many in table.items() for n, value in enumerate(many)
    ]


@pytest.mark.parametrize(("field", "value"), _flat(GOOD))
def test_a_good_value_passes_and_typing_it_is_never_shouted_at(field: Field, value: str) -> None:
    finding = validate_value(field, value)
    assert (finding.validity, finding.reason, finding.code) == (Validity.OK, "", "")
    for length in range(len(value)):
        assert validate_value(field, value[:length]).validity is not Validity.INVALID, value[:length]


@pytest.mark.parametrize(("field", "value"), _flat(UNFINISHED))
def test_a_half_typed_value_is_unfinished_with_a_reason(field: Field, value: str) -> None:
    finding = validate_value(field, value)
    assert finding.validity is Validity.INCOMPLETE
    assert finding.reason
    assert finding.code.endswith("Exception")


@pytest.mark.parametrize(("field", "case"), _flat(WRONG))
def test_a_hopeless_value_is_wrong_and_says_why(field: Field, case: tuple[str, str]) -> None:
    value, words = case
    finding = validate_value(field, value)
    assert finding.validity is Validity.INVALID
    assert words in finding.reason
    for more in ("a", "1", "ab1", "-x", "/x", ":*"):
        assert validate_value(field, value + more).validity is Validity.INVALID, "typing on must not help"


def test_every_field_with_rules_has_good_and_bad_values() -> None:
    assert {rule.field for rule in RULES} == set(GOOD) == set(WRONG)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_what_is_wrong_stays_wrong_and_an_unfinished_name_can_be_finished(field: Field, data: st.DataObject) -> None:
    alphabet = sorted(set("".join(GOOD[field][:6]) + "-._/:A \n"))
    text = data.draw(st.text(alphabet, max_size=12) | st.sampled_from(GOOD[field]).map(lambda good: good[:20]))
    more = data.draw(st.text(alphabet, min_size=1, max_size=6))
    validity = validate_value(field, text).validity
    if validity is Validity.INVALID:
        assert validate_value(field, text + more).validity is Validity.INVALID
    if validity is Validity.INCOMPLETE and field in (Field.NAME, Field.BUCKET, Field.PREFIX):
        assert validate_value(field, text + "aaa").ok


def test_the_codes_are_those_of_the_service() -> None:
    assert {(rule.field, rule.code) for rule in RULES} == {
        (Field.NAME, "InvalidTrailNameException"),
        (Field.TRAIL, "InvalidTrailNameException"),
        (Field.TRAIL, "CloudTrailARNInvalidException"),
        (Field.BUCKET, "InvalidS3BucketNameException"),
        (Field.PREFIX, "InvalidS3PrefixException"),
        (Field.TOPIC, "InvalidSnsTopicNameException"),
        (Field.LOG_GROUP, "InvalidCloudWatchLogsLogGroupArnException"),
        (Field.ROLE, "InvalidCloudWatchLogsRoleArnException"),
        (Field.KMS_KEY, "InvalidKmsKeyIdException"),
        (Field.ATTRIBUTE_KEY, "InvalidLookupAttributesException"),
        (Field.ATTRIBUTE_VALUE, "InvalidLookupAttributesException"),
        (Field.READ_ONLY_VALUE, "InvalidLookupAttributesException"),
        (Field.TAG_KEY, "InvalidTagParameterException"),
        (Field.TAG_VALUE, "InvalidTagParameterException"),
    }


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        (Field.BUCKET, "amzn-s3-demo-logs", "reserved for examples"),
        (Field.PREFIX, "logs/", "folder without a name"),
        (Field.PREFIX, "a//b", "folder without a name"),
    ],
)
def test_a_warning_blocks_nobody(field: Field, value: str, word: str) -> None:
    finding = validate_value(field, value)
    assert finding.ok
    assert word in finding.warning


@pytest.mark.parametrize(
    ("key", "value", "validity"),
    [
        ("Username", "alice", Validity.OK),
        ("Username", "", Validity.INCOMPLETE),
        ("ReadOnly", "true", Validity.OK),
        ("ReadOnly", "yes", Validity.INVALID),
        ("UserName", "alice", Validity.INVALID),
        ("EventName", "x" * 2001, Validity.INVALID),
    ],
)
def test_an_attribute_is_judged_by_key_and_value(key: str, value: str, validity: Validity) -> None:
    finding = validate_attribute(key, value)
    assert finding.validity is validity
    assert finding.ok or finding.code == "InvalidLookupAttributesException"


@pytest.mark.parametrize(("key", "value"), [(AttributeKey.READ_ONLY, "yes"), (AttributeKey.USERNAME, "")])
def test_a_lookup_cannot_hold_an_attribute_the_service_would_refuse(key: AttributeKey, value: str) -> None:
    with pytest.raises(ValueError, match=key):
        LookupAttribute(key, value)


def test_underscore_space_comma_and_newline_count_twice() -> None:
    assert attribute_length("a_b c,d\ne") == 13


@pytest.mark.parametrize(
    ("tags", "word"),
    [
        ([("a", "1"), ("a", "2")], "Two tags have the key 'a'"),
        ([("aws:a", "1")], "Key of 'aws:a'"),
        ([("a", ";")], "Value of 'a'"),
        ([(f"k{n}", "") for n in range(51)], "50 at most"),
    ],
)
def test_tags_are_judged_one_by_one_and_all_together(tags: list[tuple[str, str]], word: str) -> None:
    assert validate_tags([]).ok
    assert word in validate_tags(tags).reason


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({Field.LOG_GROUP: "g"}, Field.ROLE, "InvalidCloudWatchLogsRoleArnException"),
        ({Field.ROLE: "r", Field.LOG_GROUP: ""}, Field.LOG_GROUP, "InvalidCloudWatchLogsLogGroupArnException"),
        (
            {Field.MULTI_REGION: True, Field.GLOBAL_EVENTS: False},
            Field.GLOBAL_EVENTS,
            "InvalidParameterCombinationException",
        ),
        ({Field.KMS_KEY: KMS + "alias/k"}, Field.KMS_KEY, "KmsKeyNotFoundException"),
    ],
)
def test_fields_that_do_not_agree_are_found(values: dict[Field, str | bool], field: Field, code: str) -> None:
    found = validate_together(values, "us-east-1", bucket_region="eu-west-1")
    assert [(one.field, one.code) for one in found] == [(field, code)]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {Field.LOG_GROUP: "g", Field.ROLE: "r"},
        {Field.LOG_GROUP: None, Field.ROLE: ""},
        {Field.MULTI_REGION: True},
        {Field.MULTI_REGION: True, Field.GLOBAL_EVENTS: True},
        {Field.MULTI_REGION: False, Field.GLOBAL_EVENTS: False},
        {Field.KMS_KEY: KMS + "alias/k"},
        {Field.KMS_KEY: "alias/k"},
        {Field.KMS_KEY: "arn:broken"},
    ],
)
def test_fields_that_agree_are_left_alone(values: dict[Field, str | bool | None]) -> None:
    assert validate_together(values, "us-east-1", bucket_region="us-east-1") == ()


def test_a_key_far_from_home_is_a_warning_while_the_buckets_region_is_unknown() -> None:
    (finding,) = validate_together({Field.KMS_KEY: KMS + "alias/k"}, "eu-west-1")
    assert finding.ok
    assert "Region of the bucket" in finding.warning


@pytest.fixture(scope="module")
def shapes() -> dict[str, Any]:
    """The shapes of botocore's own service model of CloudTrail."""
    folder = Path(botocore.__file__).parent / "data" / "cloudtrail" / "2013-11-01"
    return dict(json.loads(gzip.decompress((folder / "service-2.json.gz").read_bytes()))["shapes"])


def test_limits_and_names_are_those_of_the_service_model(shapes: dict[str, Any]) -> None:
    assert set(shapes["LookupAttributeKey"]["enum"]) == set(AttributeKey)
    for shape, field in {
        "LookupAttributeValue": Field.ATTRIBUTE_VALUE,
        "TagKey": Field.TAG_KEY,
    }.items():
        assert (shapes[shape]["min"], shapes[shape]["max"]) == (int(field in REQUIRED), MAX_LENGTHS[field])
    assert shapes["MaxResults"]["max"] == PAGE_SIZE
    assert shapes["TagValue"]["max"] == MAX_LENGTHS[Field.TAG_VALUE]
    asked = set(shapes["CreateTrailRequest"]["members"])
    ours = {str(field) for field in Field} - {
        *(Field.TRAIL, Field.TAG_KEY, Field.TAG_VALUE, Field.ATTRIBUTE_KEY, Field.ATTRIBUTE_VALUE),
        Field.READ_ONLY_VALUE,
    }
    assert ours <= asked
    assert set(shapes["CreateTrailRequest"]["required"]) == {Field.NAME, Field.BUCKET}


def test_every_code_is_an_error_the_action_can_give(shapes: dict[str, Any]) -> None:
    model = BotocoreSession().get_service_model("cloudtrail")
    given = {
        action: {shape.name for shape in model.operation_model(action).error_shapes}
        for action in ("CreateTrail", "UpdateTrail", "DeleteTrail", "LookupEvents")
    }
    lookups = {Field.ATTRIBUTE_KEY, Field.ATTRIBUTE_VALUE, Field.READ_ONLY_VALUE}
    for rule in RULES:
        if rule.field in lookups:
            assert rule.code in given["LookupEvents"]
        elif rule.field is Field.TRAIL:
            assert rule.code in given["UpdateTrail"] & given["DeleteTrail"]
        else:
            assert rule.code in given["CreateTrail"]


def test_the_numbers_the_service_model_writes_in_words_are_ours(shapes: dict[str, Any]) -> None:
    members = shapes["CreateTrailRequest"]["members"]
    assert "maximum length is 200 characters" in members["S3KeyPrefix"]["documentation"]
    assert "maximum length is 256 characters" in members["SnsTopicName"]["documentation"]
    assert "between 3 and 128 characters" in members["Name"]["documentation"]
    assert "limit is 50" in shapes["TagsLimitExceededException"]["documentation"]
