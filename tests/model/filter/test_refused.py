"""Lines that are refused: at which character, with what to write instead, and which are only not finished yet."""

import pytest

from ctui.model.filter.parse import DEEPEST, LONGEST, MOST_TERMS, FilterError, parse_filter

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
        ("eventTime:>=2026-11-01", 10, "write since:2026-11-01"),
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
        ("ip:10.0.0.0/*", 11, "write ip:10.0.0.0/8"),
        ("ip:10/8", 3, "'10' is no whole address"),
        ("ip:10-11", 3, "'10' is no whole address"),
        ("ip:-10.0.0.0/8", 3, "no whole address"),
        ("ip:10.0.0.1-::1", 3, "not of one version"),
        ("ip:10.0.0", 3, "write ip:10.0.0.*"),
        ("requestParameters.a>b", 20, "neither a number nor a time"),
        ("requestParameters.a>1,2", 20, "takes one number or time"),
        ("user>5", 4, "user is a text"),
        ("eventTime>=2026-11-01", 9, "write since:2026-11-01"),
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
