"""Reading a filter line: the tree of terms, and what is refused at which character."""

import pytest

from ctui.model.event.kind import EventKind
from ctui.model.filter import fields
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import MOST_TERMS, parse_filter
from ctui.model.filter.terms import (
    AllOf,
    AnyOf,
    CompareTerm,
    Comparison,
    FieldTerm,
    Filter,
    KindTerm,
    PathTerm,
    RegexTerm,
    Term,
    WordTerm,
    negate,
)
from ctui.model.filter.write import write_filter

A, B, C = (WordTerm((Pattern((text,)),)) for text in "abc")


def exact(*texts: str) -> tuple[Pattern, ...]:
    return tuple(Pattern((text,)) for text in texts)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        ("  \t ", ()),
        ("name:ConsoleLogin", (FieldTerm(fields.NAME, exact("ConsoleLogin")),)),
        ("-source:ec2", (FieldTerm(fields.SOURCE, exact("ec2.amazonaws.com"), True),)),
        ("source:ec2,s3", (FieldTerm(fields.SOURCE, exact("ec2.amazonaws.com", "s3.amazonaws.com")),)),
        ("source:ec2.amazonaws.com", (FieldTerm(fields.SOURCE, exact("ec2.amazonaws.com")),)),
        ("source:ec2*", (FieldTerm(fields.SOURCE, (Pattern(("ec2", "")),)),)),
        ('source:"ec2"', (FieldTerm(fields.SOURCE, exact("ec2")),)),
        ("error:*", (FieldTerm(fields.ERROR, (Pattern(("", "")),)),)),
        ("ip:10.*", (FieldTerm(fields.IP, (Pattern(("10.", "")),)),)),
        ("name:a**b***", (FieldTerm(fields.NAME, (Pattern(("a", "b", "")),)),)),
        ("region:us-east-1,eu-west-1", (FieldTerm(fields.REGION, exact("us-east-1", "eu-west-1")),)),
        ("type:AWS::S3::Bucket", (FieldTerm(fields.TYPE, exact("AWS::S3::Bucket")),)),
        ("resource:/aws/lambda/x", (FieldTerm(fields.RESOURCE, exact("/aws/lambda/x")),)),
        ("user:-x", (FieldTerm(fields.USER, exact("-x")),)),
        ("user:DOMAIN\\alice", (FieldTerm(fields.USER, exact("DOMAIN\\alice")),)),
        ("is:write is:error,root", (KindTerm((EventKind.WRITE,)), KindTerm((EventKind.ERROR, EventKind.ROOT)))),
        ("-is:service", (KindTerm((EventKind.SERVICE,), True),)),
        (
            "requestParameters.bucketName:logs*",
            (PathTerm(("requestParameters", "bucketName"), (Pattern(("logs", "")),)),),
        ),
        ("eventVersion:1.08", (PathTerm(("eventVersion",), exact("1.08")),)),
        ("a.b-c.0.$d:x", (PathTerm(("a", "b-c", "0", "$d"), exact("x")),)),
        ("/re gex/", (RegexTerm("re gex"),)),
        ("-/^a\\/b\\\\/i", (RegexTerm("^a/b\\\\", True, True),)),
        ("/a/ /b/i", (RegexTerm("a"), RegexTerm("b", True))),
        ('"two words"', (WordTerm(exact("two words")),)),
        ('"a \\"b\\" \\\\ \\n"', (WordTerm(exact('a "b" \\ \\n')),)),
        ("word -other", (WordTerm(exact("word")), WordTerm(exact("other"), True))),
        ("--x", (WordTerm(exact("-x"), True),)),
        ('one"and two"*three', (WordTerm((Pattern(("oneand two", "three")),)),)),
        ("a,b", (WordTerm(exact("a", "b")),)),
        ('"a,b"', (WordTerm(exact("a,b")),)),
        ('name:"a*b",c', (FieldTerm(fields.NAME, exact("a*b", "c")),)),
        ('"arn:aws:iam::1:user/x"', (WordTerm(exact("arn:aws:iam::1:user/x")),)),
        ("10.0.0.1:443", (WordTerm(exact("10.0.0.1:443")),)),
        ("*", (WordTerm((Pattern(("", "")),)),)),
        # Words and texts of people's, and what another language would mean once it stands in quotes.
        ("and", (WordTerm(exact("and")),)),
        ("not or", (WordTerm(exact("not")), WordTerm(exact("or")))),
        ("ANDROID", (WordTerm(exact("ANDROID")),)),
        ("f(x)", (WordTerm(exact("f(x)")),)),
        ("a=b", (WordTerm(exact("a=b")),)),
        ('"a|b"', (WordTerm(exact("a|b")),)),
        ("user is not in", tuple(WordTerm(exact(word)) for word in ("user", "is", "not", "in"))),
        ("last and", (WordTerm(exact("last")), WordTerm(exact("and")))),
        ("O'Brien", (WordTerm(exact("O'Brien")),)),
        ("error:Client.*", (FieldTerm(fields.ERROR, (Pattern(("Client.", "")),)),)),
        ("dGVzdA== a&b v1.2~rc1", tuple(WordTerm(exact(word)) for word in ("dGVzdA==", "a&b", "v1.2~rc1"))),
        ('"{\\"a\\":1}"', (WordTerm(exact('{"a":1}')),)),
        ("10.0.0.0/8", (WordTerm(exact("10.0.0.0/8")),)),
        ("requestParameters.cidrIp:10.0.0.0/8", (PathTerm(("requestParameters", "cidrIp"), exact("10.0.0.0/8")),)),
        ("resource:/aws/lambda/", (FieldTerm(fields.RESOURCE, exact("/aws/lambda/")),)),
        ('resource:"a?b"', (FieldTerm(fields.RESOURCE, exact("a?b")),)),
        ('ip:"10.0.0.0/8"', (FieldTerm(fields.IP, exact("10.0.0.0/8")),)),
        ('"AND"', (WordTerm(exact("AND")),)),
        ('"(a" "b)"', (WordTerm(exact("(a")), WordTerm(exact("b)")))),
        ('"!user=x"', (WordTerm(exact("!user=x")),)),
        ('user:">1"', (FieldTerm(fields.USER, exact(">1")),)),
        ('user:"("*', (FieldTerm(fields.USER, (Pattern(("(", "")),)),)),
        # The tree: AND binds tighter than OR, and the normal form has no group that is not needed.
        ("a AND b", (A, B)),
        ("a OR b", (AnyOf((A, B)),)),
        ("a b OR c", (AnyOf((AllOf((A, B)), C)),)),
        ("(a OR b) c", (AnyOf((A, B)), C)),
        ("(a (b)) c", (A, B, C)),
        ("a OR (b OR c)", (AnyOf((A, B, C)),)),
        ("-(a b)", (AllOf((A, B), True),)),
        ("NOT (a OR b) c", (AnyOf((A, B), True), C)),
        ("NOT -(a OR b)", (AnyOf((A, B)),)),
        ("NOT NOT a NOT b", (A, negate(B))),
        ("-(-ab)", (WordTerm(exact("ab")),)),
        ("(f(x) OR /y/) (z)", (AnyOf((WordTerm(exact("f(x)")), RegexTerm("y"))), WordTerm(exact("z")))),
        ('"OR" "a OR b" "(a"', tuple(WordTerm(exact(text)) for text in ("OR", "a OR b", "(a"))),
        ("ANDROID OR NOTHING", (AnyOf((WordTerm(exact("ANDROID")), WordTerm(exact("NOTHING")))),)),
        # Names in any letter case, an equals sign for the colon.
        ("Name:X USER=y", (FieldTerm(fields.NAME, exact("X")), FieldTerm(fields.USER, exact("y")))),
        ('eventname="StopLogging"', (PathTerm(("eventName",), exact("StopLogging")),)),
        ("userIdentity.type=Root", (PathTerm(("userIdentity", "type"), exact("Root")),)),
        ("is=ERROR", (KindTerm((EventKind.ERROR,)),)),
        ("error:~denied*", (FieldTerm(fields.ERROR, (Pattern(("denied", "")),), ignore_case=True),)),
        ('user:"~x"', (FieldTerm(fields.USER, exact("~x")),)),
        ("-a.b:~x,y", (PathTerm(("a", "b"), exact("x", "y"), True, True),)),
        # Networks, and what is only written like one.
        ("-ip:10.20.0.0/16", (FieldTerm(fields.IP, (AddressRange("10.20.0.0/16"),), True),)),
        ("ip:192.0.2.1,2001:db8::/32", (FieldTerm(fields.IP, (*exact("192.0.2.1"), AddressRange("2001:db8::/32"))),)),
        ("ip:10.0.0.0/255.0.0.0", (FieldTerm(fields.IP, (AddressRange("10.0.0.0/255.0.0.0"),)),)),
        ("ip:10.0.0.1-10.0.0.9", (FieldTerm(fields.IP, (AddressRange("10.0.0.1-10.0.0.9"),)),)),
        ("ip:aws-internal", (FieldTerm(fields.IP, exact("aws-internal")),)),
        # Numbers and times of a path.
        ("requestParameters.a>3", (CompareTerm(("requestParameters", "a"), Comparison.MORE, "3"),)),
        ("-a.b:<=-1.5e3", (CompareTerm(("a", "b"), Comparison.AT_MOST, "-1.5e3", True),)),
        (
            'additionalEventData.x>="2026-11-01 12:00"',
            (CompareTerm(("additionalEventData", "x"), Comparison.AT_LEAST, "2026-11-01 12:00"),),
        ),
    ],
)
def test_a_line_is_read(text: str, terms: tuple[Term, ...]) -> None:
    line = parse_filter(text)
    assert line == Filter(terms)
    assert parse_filter(write_filter(line)) == line


def test_the_most_terms_are_read() -> None:
    assert parse_filter("a " * MOST_TERMS).terms == (A,) * MOST_TERMS


def test_since_and_until_are_a_stretch() -> None:
    line = parse_filter("since:2h name:X until:5m")
    assert line == Filter((FieldTerm(fields.NAME, exact("X")),), "2h", "5m")
    assert line.timespan is not None
    assert line.timespan.text == "2h..5m"
    assert write_filter(line) == "name:X since:2h until:5m"


@pytest.mark.parametrize(
    ("text", "stretch", "open_ended"),
    [
        ("since:2h", "2h", True),
        ("until:2h", "..2h", False),
        ("until:now", "..now", True),
        ("since:2026-11-01T12:00Z", "2026-11-01T12:00Z", True),
        ('since:"2026-11-01 12:00" until:2026-11-02', "2026-11-01 12:00..2026-11-02", False),
    ],
)
def test_one_end_is_enough(text: str, stretch: str, open_ended: bool) -> None:
    line = parse_filter(text)
    assert line.timespan is not None
    assert (line.timespan.text, line.timespan.open_ended) == (stretch, open_ended)
    assert parse_filter(write_filter(line)) == line
    assert parse_filter("x").timespan is None
