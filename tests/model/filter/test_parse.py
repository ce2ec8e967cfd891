"""Reading a filter line: the tree of terms, and what is refused at which character."""

import pytest

from ctui.model.filter import fields
from ctui.model.filter.kinds import EventKind
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import DEEPEST, LONGEST, MOST_TERMS, FilterError, parse_filter
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


UNFINISHED = {
    # With what more typing makes of it.
    "name:": "name:x",
    "name:a,": "name:a,b",
    "-": "-xy",
    'user:"open': 'user:"open"',
    'a "': 'a "b"',
    "/open": "/open/",
    "/open\\/": "/open\\//",
    "(user:a": "(user:a)",
    "-(a b": "-(a b)",
    "a OR": "a OR b",
    "NOT": "NOT a",
}
"""The lines below that are only not finished yet."""


@pytest.mark.parametrize(("text", "finished"), UNFINISHED.items())
def test_what_is_not_finished_yet_can_be_finished(text: str, finished: str) -> None:
    assert finished.startswith(text)
    assert parse_filter(finished).terms


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("name:", 5, "value is missing"),
        ("name:a,,b", 7, "value is missing"),
        ("name:a,", 7, "value is missing"),
        ('name:""', 5, "value is missing"),
        ("ok ,x", 3, "value is missing"),
        ("-", 0, "- negates"),
        ("a - b", 2, "- negates"),
        ("nmae:x", 0, "did you mean name?"),
        ("arn:aws:iam", 0, "quote it"),
        ("https://x", 0, "no field 'https'"),
        ("is:wirte", 3, "did you mean write?"),
        ("is:write,x", 9, "is: takes"),
        ("is:wr*", 3, "is: takes"),
        ('user:"open', 5, "not closed"),
        ('a "', 2, "not closed"),
        ("/open", 0, "no closing /"),
        ("/open\\/", 0, "no closing /"),
        ("//", 0, "empty"),
        ("/a/b", 3, "ends at /"),
        ("/aws/lambda", 5, "ends at /"),
        ("ok /(a/", 4, "invalid regular expression: missing )"),
        ("/(?=a)/", 1, "invalid regular expression: invalid perl operator"),
        ("/(a)\\1/", 1, "invalid regular"),
        ("/\ud800/", 1, "half a character"),
        ("since:tomorrow", 6, "is not a time"),
        ("since:0m", 6, "leaves no time"),
        ("since:7d..3d", 6, "since: takes one time, write since:7d until:3d"),
        ("until:2026-11-15..2026-11-16", 6, "until: takes one time, write since:2026-11-15 until:2026-11-16"),
        ("since:..3d", 6, "since: takes one time, write until:3d"),
        ("since:..", 6, "since: takes one time"),
        ("since:2h,3h", 6, "one time"),
        ("since:2*", 6, "one time"),
        ("since:2h since:3h", 15, "already in the line"),
        ("-since:2h", 0, "cannot be negated"),
        ("since:1h until:2h", 15, "starts after it ends"),
        ("until:2h since:1h", 15, "starts after it ends"),
        ("a " * LONGEST, LONGEST, "10,000 at most"),
        # What other languages write: it would be sought as a text, in silence.
        ("sourceIPAddress:192.0.2.0/24", 25, "write ip:192.0.2.0/24"),
        ("eventTime:>=2026-11-01", 10, "write since: and until:"),
        ("user:!=alice", 5, "!= is not supported: write -user:alice"),
        ("user:!alice", 5, "write -user:alice"),
        ("name:=X", 5, "write name:X"),
        ("ok -User==alice", 8, "== is not supported: write user:alice"),
        ("userIdentity.type!=Root", 17, "write -userIdentity.type:Root"),
        ("errorCode=~Denied", 9, "write /expression/"),
        ("user = alice", 5, "write user:alice"),
        ("user =alice", 5, "write user:alice"),
        ("a && b", 2, "leave it out"),
        ("a || b", 2, "write OR"),
        ("-NOT", 1, "NOT is an operator"),
        ("!user:x", 0, "write -user:x"),
        ("! user:x", 0, "write -name:Value"),
        ("error | stats", 6, "only filters"),
        ("(user:a", 0, "not closed"),
        ("-(a b", 1, "not closed"),
        ("user:(a", 5, "write A,B"),
        ("user:a)", 6, "closes nothing"),
        ("a b))", 3, "closes nothing"),
        ("name:A|B", 6, "write name:A,B"),
        ("name:Get?bject", 8, "write *"),
        ("user:/ali.*/", 5, "write /expression/ alone"),
        ("resource:/^a/i", 9, "write /expression/ alone"),
        ("eventTime:[2026-11-01 TO 2026-11-02]", 10, "[ for ranges"),
        # Operators and parentheses.
        ("a OR", 2, "missing after OR"),
        ("OR a", 0, "missing before OR"),
        ("a AND OR b", 6, "missing before OR"),
        ("a OR AND b", 5, "missing before AND"),
        ("NOT", 0, "missing after NOT"),
        ("(a OR) b", 3, "missing after OR"),
        ("a () b", 2, "are empty"),
        ("(a)b", 3, "a space after )"),
        ("(/a/b)", 4, "ends at /"),
        ("-(since:2h)", 8, "cannot be negated"),
        ("NOT today", 4, "cannot be negated"),
        ("-today", 1, "cannot be negated"),
        ("a OR b since:2h", 13, "holds for the whole line"),
        ("(a since:2h) OR b", 9, "holds for the whole line"),
        ("today since:2h", 12, "already in the line"),
        ("(" * 60 + "a", DEEPEST, "are open"),
        ("a " * (MOST_TERMS + 1), 2 * MOST_TERMS, "more than 500 terms"),
        # Networks, numbers and times.
        ("ip:10.0.0.0/33", 3, "write 10.0.0.0/0 to 10.0.0.0/32"),
        ("ip:10.0.0.9-10.0.0.1", 3, "write 10.0.0.1-10.0.0.9"),
        ("ip:10.0.0.1-2001:db8::1", 3, "not of one version"),
        ("ip:10.0.0.1-9", 3, "no whole address"),
        ("ip:10.0.0", 3, "write ip:10.0.0.*"),
        ("requestParameters.a>b", 20, "neither a number nor a time"),
        ("requestParameters.a>1,2", 20, "takes one number or time"),
        ("user>5", 4, "user is a text"),
        ("eventTime>=2026-11-01", 9, "write since: and until:"),
        ("since>=2h", 5, "write since:"),
        # Quotes: what stands in them means itself, what stands beside them does not.
        ('user!="alice smith"', 4, '!= is not supported: write -user:"alice smith"'),
        ("user:'alice'", 5, "' does not quote here"),
        ("'two words'", 0, "' does not quote here"),
        ("user:\u201calice\u201d", 5, "does not quote here"),
        ("`eventName`", 0, "` does not quote here"),
        # SQL.
        ("eventName LIKE 'Stop%'", 10, "LIKE is not supported"),
        ("user like 'ali%'", 5, "like is not supported: write user:*ali*"),
        ("userIdentity.arn in x", 17, "in is not supported: write userIdentity.arn:x"),
        ("SELECT a", 0, "leave it out"),
        ("a LIMIT 10", 2, "leave it out"),
        ("errorCode IS NULL", 10, "-name:* none"),
        ("user<>alice", 4, "<> is not supported: write -user:alice"),
        ("user <> alice", 5, "<> is not supported: write -user:alice"),
        ("name:Stop%", 9, "% is not a wildcard: write *"),
        ("error:null", 6, "write -error:*"),
        ('errorCode != ""', 10, "for any value, write errorCode:*"),
        ("errorCode=null", 10, "for no value, write -errorCode:*"),
        ("errorCode is not null", 10, "errorCode:* means any value, -errorCode:* none"),
        ("user='alice'", 5, "does not quote here"),
        ("user:{a,b}", 5, "write user:a,b"),
        # Words that only their neighbors make operators.
        ("name:A or name:B", 7, "write OR"),
        ("alice and user:b", 6, "write AND"),
        ("user:a or b", 7, "write OR"),
        ("not user:alice", 0, "write NOT"),
        ("last 2h", 0, "write since:2h"),
        ("since 30m name:A", 0, "write since:30m"),
        # jq, JSON, Insights.
        ('.eventName=="A"', 10, '== is not supported: write eventName:"A"'),
        (".eventName", 0, "write eventName:Value"),
        ("$.userIdentity.type:Root", 0, "write userIdentity.type:Value"),
        ("select(.eventName)", 7, "functions are not supported"),
        ("resources[0].ARN:x", 9, "a path with dots"),
        ('"eventName": "A"', 11, "JSON is not supported: write eventName:A"),
        ('{"bucketName":"a"}', 13, "JSON is not supported: write a path of the record"),
        ("@message like /A/", 0, "@message is not needed"),
        # Lucene and Splunk.
        ("+user:alice", 0, "leave it out"),
        ("alice~2", 5, "for similar words"),
        ('"a b"~3', 5, "for similar words"),
        ("alice^4", 5, "for weights"),
        ("a:{1", 0, "no field"),
        ("eventTime:{1 TO 5}", 10, "{ for ranges"),
        ("requestParameters.a:1..5", 21, ".. for ranges of values"),
        ("earliest=-24h", 8, "write since:24h"),
        ("username=alice", 0, "write user:alice"),
        ("durationSeconds>3600", 15, "of a path"),
        ("since>2h", 5, "write since:2h"),
        # Shells and expressions.
        ("-i alice", 1, "no options"),
        ("alice --since", 7, "no options"),
        ("alice|bob", 5, "write A OR B"),
        ("^Stop", 0, "write /expression/"),
        ("Stop$", 4, "write /expression/"),
        ("Stop.*Logging", 4, "write *, or /expression/"),
        ("name:Stop.*", 9, "write *, or /expression/"),
        # Terms that run into each other.
        ("user:a,ip:10.1", 7, "write a space between terms"),
        ("a,user:b", 2, "write a space between terms"),
        ("user:a;ip:10.1", 6, "write a space"),
        ("user:a&&ip:10.1", 6, "write a space"),
        ("x" * (LONGEST - 1) + ":y", LONGEST, "10,001"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_character(text: str, position: int, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    assert words in str(caught.value)
    assert caught.value.position == position
    # What is wrong stands below the line in 80 columns, even if what helps does not fit.
    assert len(str(caught.value).split("; ")[0]) < 80
    assert caught.value.unfinished is (text in UNFINISHED)


@pytest.mark.parametrize("text", ["x" * 5000 + ":y", "is:" + "w" * 5000])
def test_a_long_word_is_not_said_again_in_full(text: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text)
    assert len(str(caught.value)) < 300


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
