"""The tree of a trace in words: what is sure and what is not, why it ends, and nothing that acts on a terminal."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ctui.model.event.credentials import CredentialKind, Credentials
from ctui.model.event.issuer import Proof
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.model.trace.searches import Search
from ctui.model.trace.trace_state import Activity, End, EndCause, IssuingEvent, NameCount, Node, TraceState
from ctui.render.panes.trace import trace_lines, trace_progress, trace_title
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = int(datetime(2026, 11, 20, 9, 0, 0, tzinfo=UTC).timestamp())
SEARCH = Search(LookupAttribute(AttributeKey.ACCESS_KEY_ID, "ASIAADMIN"), AT, AT + 3600)
BY_KEY = Search(LookupAttribute(AttributeKey.RESOURCE_NAME, "ASIAADMIN"), AT - 60, AT + 60)
BY_NAME = Search(LookupAttribute(AttributeKey.EVENT_NAME, "AssumeRole"), AT - 60, AT + 60)
ISSUER = IssuingEvent(
    row_id=1, event_id="e1", name="AssumeRole", second=AT, region="us-east-1", ip="192.0.2.10", proof=Proof.KEY,
    switched_from="", search=BY_KEY,
)  # fmt: skip
DID = Activity(
    calls=1250, failed=2, first=AT, last=AT + 90, complete=True, search=SEARCH,
    names=(
        NameCount("DeleteTrail", 2, 2, True),
        NameCount("CreateUser", 3, 1, True),
        NameCount("ListUsers", 1245, 0, False),
    ),
)  # fmt: skip
ADMIN = Node(
    Credentials(CredentialKind.ROLE, "ASIAADMIN", name="bob", role="admin", account="111111111111", began=AT),
    issuer=ISSUER, activity=DID, traced=True,
)  # fmt: skip
BOB = Node(
    Credentials(CredentialKind.USER_KEY, "AKIABOB", name="bob"),
    end=End(EndCause.MADE_BEFORE, searches=(replace(BY_KEY, first=None, last=AT),)),
    children=(ADMIN,),
)
STATE = TraceState(root=BOB, running=False, calls=3, regions=("us-east-1", "eu-west-1"))


def drawn(state: TraceState, cells: int = 120) -> list[str]:
    lines = [line.line for line in trace_lines(state, NOW, cells)]
    assert all(width(line) <= cells for line in lines)
    return [plain(line) for line in lines]


def test_a_chain_reads_from_the_person_down() -> None:
    assert drawn(STATE) == [
        "bob · long-term key · AKIABOB",
        "· no event in us-east-1, eu-west-1 made this key, until 20 Nov 09:00:00",
        "└─ 20 Nov 09:00:00 AssumeRole from 192.0.2.10 in us-east-1",
        "   bob as admin · ASIAADMIN  ◂ traced",
        "   1,250 calls, ✗ 2 failed, 20 Nov 09:00:00 to 09:01:30",
        "   wrote DeleteTrail 2 ✗, CreateUser 3 ✗1",
        "   read ListUsers 1,245",
    ]


def test_names_are_never_torn_from_their_numbers() -> None:
    lines = drawn(STATE, 34)
    assert lines[-3:] == ["   wrote DeleteTrail 2 ✗,", "     CreateUser 3 ✗1", "   read ListUsers 1,245"]


def test_each_line_tells_what_enter_shows() -> None:
    lines = trace_lines(STATE, NOW, 120)
    assert [line.event.event_id if line.event else "" for line in lines] == ["", "", "e1", "", "", "", ""]
    assert [line.node.credentials.key for line in lines if line.node] == ["AKIABOB"] * 2 + ["ASIAADMIN"] * 5
    assert [line.is_traced for line in lines].index(True) == 3
    assert [line.is_traced for line in lines].count(True) == 1


def _with(**changes: object) -> TraceState:
    return replace(STATE, root=replace(ADMIN, issuer=None, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (End(EndCause.PERSON), "a person: nothing stands above"),
        (End(EndCause.SERVICE), "an AWS service"),
        (End(EndCause.PROVIDER), "another system signs this identity in"),
        (End(EndCause.IDENTITY_CENTER), "IAM Identity Center signed them in"),
        (End(EndCause.OTHER_ACCOUNT, account="222222222222"), "in the history of 222222222222"),
        (
            End(EndCause.OTHER_ACCOUNT, account="2", who="arn:aws:iam::2:user/eve"),
            "SwitchRole names arn:aws:iam::2:user/eve",
        ),
        (
            End(EndCause.NOT_FOUND, searches=(BY_KEY, BY_NAME)),
            "no event in us-east-1, eu-west-1 issued this: looked for its key, AssumeRole, 20 Nov 08:59:00 to 09:01:00",
        ),
        (End(EndCause.NOT_FOUND, searches=(BY_KEY,), complete=False), "of which not all is loaded"),
        (End(EndCause.UNKNOWN), "the record does not say"),
        (End(EndCause.LOOP), "in this chain already"),
        (End(EndCause.DEPTH), "not followed further"),
        (End(EndCause.CALLS), "has made 3 calls"),
        (End(EndCause.OFFLINE, account="222222222222", searches=(BY_NAME,)), "not in what is stored of 222222222222"),
        (End(EndCause.FAILED, problem="You may not."), "the lookup failed: You may not."),
    ],
)  # fmt: skip
def test_why_a_chain_ends_is_said(end: End, words: str) -> None:
    assert words in " ".join(drawn(_with(end=end, activity=None), 200))


def test_what_is_not_found_may_be_where_sign_ins_are_recorded() -> None:
    missing = _with(end=End(EndCause.NOT_FOUND, searches=(BY_KEY,)), activity=None)
    assert "which is not searched" not in " ".join(drawn(missing, 200))
    made_before = replace(STATE, regions=("eu-west-1",))
    assert "; many are in us-east-1, which is not searched" in " ".join(drawn(made_before, 200))
    elsewhere = " ".join(drawn(replace(missing, regions=("eu-west-1",)), 200))
    assert elsewhere.endswith("; many are in us-east-1, which is not searched")


def test_what_is_below_can_end_for_a_reason_of_its_own() -> None:
    both = _with(end=End(EndCause.LOOP), end_below=End(EndCause.OTHER_ACCOUNT, account="222222222222"), activity=None)
    assert [line[:30] for line in drawn(both)[1:]] == [
        "· these credentials are in thi",
        "· the rest is in the history o",
    ]


def test_every_cause_has_words() -> None:
    for cause in EndCause:
        assert len(drawn(_with(end=End(cause, searches=(BY_KEY,)), activity=None), 200)) == 2


@pytest.mark.parametrize(
    ("activity", "store_only", "words"),
    [
        (replace(DID, complete=False), False, "1,250 calls loaded, there are more"),
        (replace(DID, complete=False), True, "1,250 calls in what is stored"),
        (replace(DID, calls=0, names=(), first=None, last=None), False, "no call in us-east-1"),
        (replace(DID, calls=0, names=(), complete=False), False, "no call in what is loaded"),
        (replace(DID, complete=False, up_to=True), False, "calls in 12 h up to this event loaded, there are more"),
        (replace(DID, sure=False), False, "1,250 calls, likely: who and when fit, ✗ 2 failed"),
        (replace(DID, not_followed=12), False, "12 more sessions issued, not looked at"),
    ],
)
def test_a_count_says_of_what_it_is(activity: Activity, store_only: bool, words: str) -> None:
    assert words in "\n".join(drawn(replace(_with(activity=activity), store_only=store_only)))


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (Proof.LIKELY, "likely: who and when fit, its record names no key (21 s apart)"),
        (Proof.SESSION, "the console's session"),
        (Proof.SIGN_IN_SESSION, "the same sign-in session"),
    ],
)
def test_what_is_not_sure_says_so(proof: Proof, words: str) -> None:
    issuer = replace(ISSUER, proof=proof, second=AT + 21)
    state = replace(STATE, root=replace(BOB, children=(replace(ADMIN, issuer=issuer),)))
    assert words in "\n".join(drawn(state, 200))


def test_the_title_tells_what_is_under_way_and_what_it_has_cost() -> None:
    assert plain(trace_title(STATE)) == "Trace ── us-east-1, eu-west-1"
    assert plain(trace_progress(STATE)) == "done · 3 calls"
    looking = replace(STATE, running=True, looking_for=BY_KEY, calls=1)
    assert plain(trace_progress(looking)) == "looking for the event that issued ASIAADMIN · 1 call"
    assert plain(trace_progress(replace(STATE, store_only=True))) == "done · what is stored"


def test_recorded_text_cannot_act_and_a_narrow_pane_holds_a_deep_tree() -> None:
    hostile = Credentials(
        CredentialKind.ROLE, "\x1b[2J", name="[/red][@click=app.bell]x\x1b]0;owned\x07", role="\u202eevil"
    )
    node = Node(hostile, issuer=replace(ISSUER, name="\x1b[31m", ip="\u202e9"), activity=DID)
    for _ in range(30):
        node = Node(hostile, issuer=ISSUER, children=(node,))
    for cells in (20, 40, 76):
        text = "".join(drawn(replace(STATE, root=node, problem="\x1bx"), cells))
        assert text.isprintable()
