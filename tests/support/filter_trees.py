"""Random trees of filter terms, and events that they may match, odd ones among them."""

import json
from datetime import UTC, datetime
from random import Random

from hypothesis import strategies as st

from ctui.model.event.event import Event, Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.terms import Filter, Term, all_of, any_of, negate

_LEAVES = (
    "user:a", "user:b", "user:a,b", "user:A", "user:a*", "user:~a", "user:*", "name:Get", "name:Put", "name:Get*",
    "name:Put*", "name:*t", "name:Get,Put", "name:~get", "name:~PUT", "key:K", "key:K,L", "resource:r", "resource:s",
    "resource:r,s", "resource:*", "type:T", "type:U", "error:Denied", "error:Other", "error:*", "error:~denied",
    "source:ec2", "source:iam", "is:read", "is:write", "is:read,write", "is:error", "is:root", "is:write,error",
    "is:login", "is:mfa",
    "about:r", "about:r*", "about:~R", "about:t/r", "about:arn:aws:iam::1:role/t/r", "about:1,2", "about:*",
    "who:a", "who:b", "session:s", "role:R", "role:R*", "mfa:yes", "mfa:no", "mfa:unknown",
    "ip:10.0.0.1", "ip:10.0.0.0/8", "ip:10.0.0.0/24", "ip:192.168.0.0/16", "ip:2001:db8::/32", "ip:ec2.amazonaws.com",
    "ip:10.0.0.0-10.0.0.9", "ip:10.*", "ip:::ffff:10.0.0.1", "account:1", "account:2", "region:eu-west-1",
    "region:us-east-1", "agent:aws-cli*", "agent:console", "id:e1", "id:e2", "Get", "get*r", "/Get/", "/get/i",
    "requestParameters.x:1", "requestParameters.x:2", "requestParameters.x:~A", "requestParameters.x:a*",
    "requestParameters.x>1", "requestParameters.x<=1", "requestParameters.x:*",
)  # fmt: skip
leaves = st.sampled_from([parse_filter(text).terms[0] for text in _LEAVES])
"""Every kind of leaf, few values of each, so that terms meet."""


def _groups(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    some = st.lists(inner, min_size=1, max_size=4)
    return some.map(any_of) | some.map(all_of) | inner.map(negate)


terms: st.SearchStrategy[Term] = st.recursive(leaves | leaves.map(negate), _groups, max_leaves=8)
"""Trees of terms in their normal form."""
lines: st.SearchStrategy[Filter] = st.lists(terms, max_size=4).map(lambda some: Filter().with_terms(some))
"""Lines of such trees, without a range."""

_SELECTED = (
    "user:a",
    "user:b",
    "user:a,b",
    "name:Get",
    "name:Put",
    "key:K",
    "resource:r",
    "type:T",
    "is:read",
    "error:*",
)
_selected_terms: st.SearchStrategy[Term] = st.recursive(
    st.sampled_from([parse_filter(text).terms[0] for text in _SELECTED]), _groups, max_leaves=8
)


def random_line(choose: Random) -> Filter:
    """A line of such leaves, in groups or alone; cheaper than drawing one of `lines`."""

    def some(depth: int) -> Term:
        if not depth or choose.random() < 0.5:
            term = parse_filter(choose.choice(_LEAVES)).terms[0]
        else:
            term = choose.choice((any_of, all_of))([some(depth - 1) for _ in range(choose.randint(2, 3))])
        return negate(term) if choose.random() < 0.3 else term

    return Filter().with_terms([some(2) for _ in range(choose.choice((1, 1, 1, 2, 3)))])


selected_lines: st.SearchStrategy[Filter] = st.lists(_selected_terms, min_size=1, max_size=3).map(
    lambda some: Filter().with_terms(some)
)
"""Lines of which the service can nearly always select a part, often by attributes of several keys."""

_ODD: tuple[object, ...] = (None, "", [], {}, ["1", "2"], {"y": "a"}, 1, 2, True, "A", ["a", {"x": "2"}])
_TEXTS = {
    "name": (None, "Get", "Put", "get", "GetPut", ""),
    "username": (None, "a", "b", "A", "ab", ""),
    "access_key_id": (None, "K", "L"),
    "source": (None, "ec2.amazonaws.com", "iam.amazonaws.com", "ec2"),
    "read_only": (None, "true", "false", "True"),
}
_RECORDED = {
    "sourceIPAddress": (
        "10.0.0.1", "10.0.0.77", "192.168.1.1", "::ffff:10.0.0.1", "2001:db8::1", "2001:DB8::1", "ec2.amazonaws.com",
        "10.0.0.1.example", "", *_ODD,
    ),
    "errorCode": ("Denied", "Other", "denied", *_ODD),
    "errorMessage": ("Denied", "Other", *_ODD),
    "userAgent": ("aws-cli/2", "console", *_ODD),
    "awsRegion": ("eu-west-1", "us-east-1", *_ODD),
    "recipientAccountId": ("1", "2", *_ODD),
    "userIdentity": (
        {"type": "Root", "accountId": "1"}, {"accountId": "2", "type": ["Root"]},
        {"arn": "arn:aws:sts::1:assumed-role/R/s", "sessionContext": {"attributes": {"mfaAuthenticated": "true"}}},
        {"sessionContext": {"sessionIssuer": {"userName": "R", "arn": "arn:aws:iam::1:role/x/S"}}}, *_ODD,
    ),
    "additionalEventData": ({"MFAUsed": "Yes"}, {"MFAUsed": "No"}, {"MFAUsed": ["Yes", "No"]}, *_ODD),
    "requestParameters": ({"x": "1"}, {"x": [1, 2]}, {"x": {"y": "a"}}, {"x": "A"}, {"x": None},
                          {"x": "t/r", "y": ["arn:aws:iam::1:role/t/r"]}, {"x": "R"}, *_ODD),
    "more": ("Get", "gEt or", *_ODD),
}  # fmt: skip
_RESOURCES = (
    (), (Resource("T", "r"),), (Resource("U", "s"), Resource("T", "r")), (Resource(None, "s"), Resource("T", None)),
    (Resource("", ""),),
)  # fmt: skip


def _event(choose: Random) -> Event:
    record = {key: choose.choice(values) for key, values in _RECORDED.items() if choose.random() < 0.6}
    parts = {key: choose.choice(values) for key, values in _TEXTS.items()}
    raw = choose.choice([json.dumps(record)] * 9 + ["", "[]", "not json"])
    time = datetime(2026, 11, 21, tzinfo=UTC)
    resources = choose.choice(_RESOURCES)
    event_id = f"e{choose.randint(1, 3)}"
    return Event(event_id=event_id, time=time, resources=resources, record=raw, oddity=None, **parts)


events: st.SearchStrategy[Event] = st.randoms(use_true_random=False).map(_event)
"""Events of which every part may be missing, odd, or several."""
EVENTS = tuple(_event(Random(seed)) for seed in range(300))
"""The same few hundred such events for every line."""
