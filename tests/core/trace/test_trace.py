"""A trace finds the chain of a session and what came of it, says why it ends, and asks for nothing twice."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import CONNECTION, FakeCloudTrail, FakeConnector, denied
from support.real_records import event_of, real_records
from support.session_records import (
    ACCOUNT,
    OTHER,
    START,
    assume,
    call,
    foreigner,
    make_key,
    role,
    sign_in,
    user,
)
from support.session_records import service as service_identity
from support.stored import insert

from ctui.core.trace.trace import MOST_CALLS, MOST_CHILDREN, MOST_UP
from ctui.model.connection import Scope
from ctui.model.event.credentials import CredentialKind
from ctui.model.event.event import Event
from ctui.model.event.issuer import Proof
from ctui.model.trace.trace_state import EndCause, Node, TraceState, nodes_of

SERVICE = service_identity("cloudtrail")
BOB = user("bob", "AKIABOB")
RELEASE = role("release", "bob", "ASIARELEASE", START + 10)
PROD = role("prod", "bob", "ASIAPROD", START + 60, account=OTHER)
CHAIN = [
    assume(START + 10, BOB, RELEASE),
    call(START + 20, RELEASE, "DescribeStacks"),
    call(START + 25, RELEASE, "DescribeStacks"),
    call(START + 30, RELEASE, "UpdateStack", errorCode="AccessDenied"),
    assume(START + 60, RELEASE, PROD, sharedEventID="shared-1"),
]
"""A person takes a role, and with it one in another account."""
SINCE = [call(START + 4000 + second, SERVICE, "GenerateDataKey", source="kms") for second in range(120)]
"""More than the page that a session loads as it starts, and later than what tests trace."""


async def trace(session: CoreDriver, event_id: str) -> TraceState:
    """The trace that begins with an event, once it is done."""
    rows = {session.event(row).event_id: row for row in session.explorer.query.ids}
    started = session.trace(rows[event_id])
    await session.idle()
    assert not started.state.running
    return started.state


async def traced(start: StartSession, service: FakeCloudTrail, history: list[Event], event: Event) -> TraceState:
    """The trace of an event, in a session that has loaded that one event of the history, and what happened since."""
    service.events = [*history, *SINCE]
    session = await start()
    await session.ask(f"id:{event.event_id}")
    return await trace(session, event.event_id)


def tree(state: TraceState) -> list[tuple[int, str, str, EndCause | None]]:
    """(depth, name and role, key, why it ends above or below) of each node, from the top."""
    return [
        (depth, "/".join(filter(None, (node.credentials.name, node.credentials.role))), node.credentials.key,
         next((end.cause for end in (node.end, node.end_below) if end is not None), None))
        for depth, node in nodes_of(state.root)
    ]  # fmt: skip


def nodes(state: TraceState) -> Iterator[Node]:
    return (node for _, node in nodes_of(state.root))


async def test_a_chain_leads_up_to_a_person_and_down_to_another_account(
    start: StartSession, service: FakeCloudTrail
) -> None:
    state = await traced(start, service, CHAIN, CHAIN[1])
    assert tree(state) == [
        (0, "bob", "AKIABOB", EndCause.MADE_BEFORE),
        (1, "bob/release", "ASIARELEASE", None),
        (2, "bob/prod", "ASIAPROD", EndCause.OTHER_ACCOUNT),
    ]
    person, release, prod = nodes(state)
    assert (release.traced, person.traced, person.activity) == (True, False, None)
    assert release.issuer is not None
    assert (release.issuer.name, release.issuer.proof) == ("AssumeRole", Proof.KEY)
    did = release.activity
    assert did is not None
    assert (did.calls, did.failed, did.first, did.last, did.complete) == (4, 1, START + 20, START + 60, True)
    assert [(one.name, one.calls, one.failed, one.writes) for one in did.names] == [
        ("UpdateStack", 1, 1, True),
        ("DescribeStacks", 2, 0, False),
        ("AssumeRole", 1, 0, False),
    ]
    assert prod.end_below is not None
    assert prod.end_below.account == OTHER
    assert prod.activity is None, "what it did is not recorded here, which is not: nothing"


async def test_each_call_is_counted_and_none_is_made_twice(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [*CHAIN, *SINCE]
    session = await start()
    await session.ask(f"id:{CHAIN[1].event_id}")
    before = service.calls["LookupEvents"]
    state = await trace(session, CHAIN[1].event_id)
    # Who issued the session, who made the key of the person, what the session did.
    assert state.calls == service.calls["LookupEvents"] - before == 3
    again = await trace(session, CHAIN[1].event_id)
    assert again.calls == 0
    assert service.calls["LookupEvents"] == before + state.calls
    assert tree(again) == tree(state)


async def test_what_is_loaded_already_takes_no_call(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = CHAIN
    session = await start()
    await session.load_all()
    before = service.calls["LookupEvents"]
    state = await trace(session, CHAIN[1].event_id)
    assert (state.calls, service.calls["LookupEvents"]) == (0, before)
    assert len(list(nodes(state))) == 3


async def test_a_trace_that_begins_with_the_issuing_event_is_of_what_it_issued(
    start: StartSession, service: FakeCloudTrail
) -> None:
    state = await traced(start, service, CHAIN, CHAIN[0])
    assert [node.credentials.key for node in nodes(state) if node.traced] == ["ASIARELEASE"]
    assert tree(state)[0][1] == "bob"


LAMBDA = role("worker", "worker", "ASIAWORKER", START)
SAML = {"type": "SAMLUser", "principalId": "idp:carol", "userName": "carol", "identityProvider": "idp"}
RESERVED = role("AWSReservedSSO_Admin_0123456789abcdef", "carol", "ASIACAROL", START)
TOKEN = {"type": "WebIdentityUser", "principalId": "idp:repo", "userName": "repo:shop", "identityProvider": "idp"}
CI = role("ci", "run-1", "ASIACI", START)
PORTAL = {"type": "IdentityCenterUser", "accountId": ACCOUNT, "onBehalfOf": {"userId": "906-carol"}}
FEDERATE = call(
    START - 1, PORTAL, "Federate", source="sso", serviceEventDetails={"role_name": "Admin", "account_id": ACCOUNT}
)
DAVE = user("dave", "ASIADAVE", began=START)
FED: dict[str, Any] = {
    "type": "FederatedUser",
    "principalId": f"{ACCOUNT}:app",
    "accountId": ACCOUNT,
    "accessKeyId": "ASIAFED",
}
FED["arn"] = f"arn:aws:sts::{ACCOUNT}:federated-user/app"
FED["sessionContext"] = {"attributes": {"creationDate": "2026-11-20T09:00:00Z"}}
FEDERATION = {
    "requestParameters": {"name": "app"},
    "responseElements": {
        "credentials": {"accessKeyId": "ASIAFED"},
        "federatedUser": {"arn": FED["arn"], "federatedUserId": FED["principalId"]},
    },
    "resources": ("ASIAFED",),
}
SESSION_TOKEN = {"responseElements": {"credentials": {"accessKeyId": "ASIADAVE"}}, "resources": ("ASIADAVE",)}
LOGIN_ARN = f"arn:aws:signin:eu-west-1:{ACCOUNT}:session/1"
LOGGED_IN = user("dave", "ASIALOGIN", began=START)
LOGGED_IN["sessionContext"]["signInSessionArn"] = LOGIN_ARN
GRANTED = call(
    START + 200, user("dave", began=START), "CreateOAuth2Token", source="signin",
    additionalEventData={"signInSessionArn": LOGIN_ARN, "success": "true"},
)  # fmt: skip
BACKUP = user("backup", "AKIABACKUP")


@pytest.mark.parametrize(
    ("used", "issuers", "expected"),
    [
        (
            LAMBDA,
            [assume(START, service_identity("lambda"), LAMBDA)],
            [("lambda.amazonaws.com", CredentialKind.SERVICE, EndCause.SERVICE, Proof.KEY)],
        ),
        (
            CI,
            [assume(START, TOKEN, CI, eventName="AssumeRoleWithWebIdentity")],
            [("repo:shop", CredentialKind.WEB_IDENTITY, EndCause.PROVIDER, Proof.KEY)],
        ),
        (
            RESERVED,
            [assume(START, SAML, RESERVED, eventName="AssumeRoleWithSAML")],
            [("carol", CredentialKind.SAML, EndCause.IDENTITY_CENTER, Proof.KEY)],
        ),
        (
            RESERVED,
            [FEDERATE, assume(START, SAML, RESERVED, eventName="AssumeRoleWithSAML")],
            [
                ("906-carol", CredentialKind.IDENTITY_CENTER, EndCause.PERSON, Proof.LIKELY),
                ("carol", CredentialKind.SAML, None, Proof.KEY),
            ],
        ),
        (
            {**CI},
            [assume(START, SAML, CI, eventName="AssumeRoleWithSAML")],
            [("carol", CredentialKind.SAML, EndCause.PROVIDER, Proof.KEY)],
        ),
        (
            DAVE,
            [sign_in(START + 21, user("dave"))],
            [("dave", CredentialKind.PERSON, EndCause.PERSON, Proof.LIKELY)],
        ),
        (
            DAVE,
            [call(START, user("dave", "AKIADAVE"), "GetSessionToken", source="sts", **SESSION_TOKEN)],
            [("dave", CredentialKind.USER_KEY, EndCause.MADE_BEFORE, Proof.KEY)],
        ),
        (
            LOGGED_IN,
            [GRANTED, sign_in(START, user("dave"))],
            [
                ("dave", CredentialKind.PERSON, EndCause.PERSON, Proof.LIKELY),
                ("dave", CredentialKind.USER_SESSION, None, Proof.SIGN_IN_SESSION),
            ],
        ),
        (
            FED,
            [call(START, BOB, "GetFederationToken", source="sts", **FEDERATION)],
            [("bob", CredentialKind.USER_KEY, EndCause.MADE_BEFORE, Proof.KEY)],
        ),
        (
            BACKUP,
            [make_key(START - 100, user("intruder", "AKIALEAKED"), "backup", "AKIABACKUP")],
            [("intruder", CredentialKind.USER_KEY, EndCause.MADE_BEFORE, Proof.KEY)],
        ),
        (
            LAMBDA,
            [assume(START, service_identity("lambda"), {**LAMBDA, "accessKeyId": ""})],
            [("lambda.amazonaws.com", CredentialKind.SERVICE, EndCause.SERVICE, Proof.LIKELY)],
        ),
    ],
    ids=[
        "a service", "a pipeline", "Identity Center elsewhere", "Identity Center here", "another SAML provider",
        "the console", "GetSessionToken", "aws login", "GetFederationToken", "a key that was made",
        "an issuer that names no key",
    ],
)  # fmt: skip
async def test_credentials_are_followed_to_where_they_came_from(
    start: StartSession,
    service: FakeCloudTrail,
    used: dict[str, Any],
    issuers: list[Event],
    expected: list[tuple[str, CredentialKind, EndCause | None, Proof]],
) -> None:
    what = call(START + 30, used, "DescribeInstances")
    state = await traced(start, service, [what, *issuers], what)
    chain = list(nodes(state))
    assert [
        (above.credentials.name, above.credentials.kind, above.end and above.end.cause, below.issuer.proof)
        for above, below in pairwise(chain)
        if below.issuer is not None
    ] == expected


async def test_a_chain_that_cannot_be_followed_says_what_was_looked_for(
    start: StartSession, service: FakeCloudTrail
) -> None:
    what = call(START + 3000, RELEASE, "DescribeInstances")
    state = await traced(start, service, [what], what)
    (only,) = nodes(state)
    assert only.end is not None
    assert only.end.cause is EndCause.NOT_FOUND
    assert [(each.attribute.value, each.first, each.last) for each in only.end.searches] == [
        ("ASIARELEASE", START - 50, START + 70),
        ("AssumeRole", START - 50, START + 70),
    ]
    assert only.activity is not None
    assert (only.activity.calls, only.activity.complete) == (1, True)


async def test_another_session_of_the_same_name_is_not_taken_for_this_one(
    start: StartSession, service: FakeCloudTrail
) -> None:
    what = call(START + 30, RELEASE, "DescribeInstances")
    others = [
        assume(START + 10, BOB, {**RELEASE, "accessKeyId": "ASIAOTHER"}),
        assume(START - 30, BOB, RELEASE),
        assume(START + 10, BOB, RELEASE, errorCode="AccessDenied"),
    ]
    state = await traced(start, service, [what, *others], what)
    assert [node.end and node.end.cause for node in nodes(state)] == [EndCause.NOT_FOUND]


async def test_the_console_uses_several_keys_for_one_session(start: StartSession, service: FakeCloudTrail) -> None:
    taken = role("admin", "bob", "ASIAFIRST", START)
    in_console = {"sessionCredentialFromConsole": "true"}
    what = call(START + 30, {**taken, "accessKeyId": "ASIASECOND"}, "RunInstances", **in_console)
    more = call(START + 40, {**taken, "accessKeyId": "ASIATHIRD"}, "CreateUser", **in_console)
    later = call(START + 50, role("admin", "bob", "ASIAFOURTH", START + 45), "DeleteUser", **in_console)
    issuer = assume(START, user("bob", "ASIACONSOLE", began=START - 500), taken, userAgent="AWS Internal")
    login = sign_in(START - 490, user("bob"))
    state = await traced(start, service, [what, more, later, issuer, login], what)
    assert [(node.issuer and node.issuer.proof) for node in nodes(state)] == [None, Proof.LIKELY, Proof.SESSION]
    session = next(node for node in nodes(state) if node.traced)
    assert session.activity is not None
    assert [one.name for one in session.activity.names] == ["CreateUser", "RunInstances"]


async def test_a_caller_from_another_account_ends_the_chain_unless_that_account_is_stored(
    start: StartSession, service: FakeCloudTrail
) -> None:
    taken = role("admin", "bob", "ASIAADMIN", START)
    what = call(START + 30, taken, "CreateUser")
    console = {"userAgent": "AWS Internal", "sourceIPAddress": "AWS Internal"}
    issuer = assume(START, foreigner(), taken, sharedEventID="shared-2", **console)
    bob = user("bob", "AKIAAWAY", account=OTHER)
    switch = call(
        START, {key: taken[key] for key in ("type", "principalId", "arn", "accountId")}, "SwitchRole",
        source="signin", responseElements={"SwitchRole": "Success"}, additionalEventData={"SwitchFrom": bob["arn"]},
    )  # fmt: skip
    service.events = [what, issuer, switch, *SINCE]
    session = await start()
    await session.ask(f"id:{what.event_id}")
    state = await trace(session, what.event_id)
    above = next(nodes(state))
    assert above.end is not None
    assert (above.end.cause, above.end.account, above.end.who) == (EndCause.OTHER_ACCOUNT, OTHER, bob["arn"])

    store = session._stored.store
    assert store is not None
    there = Scope(CONNECTION.origin, OTHER, "eu-west-1")
    # By what both records share, although the key is not in this one.
    twin = assume(START, bob, {**taken, "accessKeyId": ""}, sharedEventID="shared-2", account=OTHER)
    await insert(store, there, [twin, make_key(START - 900, user("ann", "AKIAANN", account=OTHER), "bob", "AKIAAWAY")])
    before = service.calls["LookupEvents"]
    state = await trace(session, what.event_id)
    assert [node.credentials.key for node in nodes(state)] == ["AKIAANN", "AKIAAWAY", "ASIAADMIN"]
    top, bob_key, _ = nodes(state)
    assert top.end is not None
    assert (top.end.cause, top.end.account) == (EndCause.OFFLINE, OTHER)
    assert bob_key.issuer is not None
    assert bob_key.issuer.other_account == OTHER
    assert service.calls["LookupEvents"] == before, "another account cannot be asked"


async def test_what_a_role_in_another_account_did_is_shown_if_that_account_is_stored(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.events = CHAIN
    session = await start()
    store = session._stored.store
    assert store is not None
    there = [call(START + 90, PROD, "DeleteStack", account=OTHER), call(START + 80, PROD, "GetRole", account=OTHER)]
    await insert(store, Scope(CONNECTION.origin, OTHER, "us-east-1"), there)
    await session.load_all()
    state = await trace(session, CHAIN[1].event_id)
    prod = list(nodes(state))[-1]
    assert prod.activity is not None
    assert [one.name for one in prod.activity.names] == ["DeleteStack", "GetRole"]
    assert not prod.activity.complete, "nobody knows whether that is all"


async def test_a_loop_ends(start: StartSession, service: FakeCloudTrail) -> None:
    one, two = role("one", "x", "ASIAONE", START), role("two", "x", "ASIATWO", START + 1)
    history = [assume(START, two, one), assume(START + 1, one, two), call(START + 30, two, "ListUsers")]
    state = await traced(start, service, history, history[2])
    assert EndCause.LOOP in [end.cause for node in nodes(state) for end in (node.end, node.end_below) if end]
    assert len(list(nodes(state))) <= 4


async def test_depth_breadth_and_calls_are_bounded(start: StartSession, service: FakeCloudTrail) -> None:
    ladder = [role(f"r{step}", "x", f"ASIA{step}", START + step) for step in range(40)]
    history = [assume(START + step + 1, ladder[step], ladder[step + 1]) for step in range(39)]
    service.events = [*history, call(START + 60, ladder[39], "ListUsers")]
    session = await start()
    await session.load_all()
    state = await trace(session, service.events[-1].event_id)
    assert len(list(nodes(state))) == MOST_UP + 2
    assert next(nodes(state)).end == next(nodes(state)).end
    assert (end := next(nodes(state)).end) is not None
    assert end.cause is EndCause.DEPTH

    hub = role("hub", "x", "ASIAHUB", START)
    many = [assume(START + 5 + n, hub, role(f"s{n}", "x", f"ASIAS{n}", START + 5 + n)) for n in range(20)]
    service.events = [assume(START, BOB, hub), *many]
    state = await traced(start, service, service.events, service.events[0])
    hub_node = next(node for node in nodes(state) if node.traced)
    assert len(hub_node.children) == MOST_CHILDREN
    assert hub_node.activity is not None
    assert hub_node.activity.not_followed == 20 - MOST_CHILDREN
    assert state.calls <= MOST_CALLS


async def test_a_busy_key_is_not_loaded_to_the_end_and_its_count_says_so(
    start: StartSession, service: FakeCloudTrail
) -> None:
    busy = [call(START + second, BOB, "GetObjectAcl") for second in range(600)]
    service.events = [*busy, *SINCE]
    session = await start()
    await session.ask(f"id:{busy[400].event_id} OR id:{busy[120].event_id} OR id:{busy[0].event_id}")
    seen = []
    for _ in range(4):
        state = await trace(session, busy[400].event_id)
        (only,) = nodes(state)
        assert only.activity is not None
        assert (only.activity.complete, only.activity.up_to) == (False, False)
        seen.append((only.activity.calls, state.calls))
    assert all(200 <= counted <= 300 for counted, _ in seen)
    # To trace it again does not dig deeper for ever: the last quarter of an hour is asked for each time, and no more.
    assert [costs for _, costs in seen] == [6, 3, 1, 1]
    # An old event of it is among what is counted, with what was done before.
    state = await trace(session, busy[120].event_id)
    (only,) = nodes(state)
    assert only.activity is not None
    assert (only.activity.calls, only.activity.last) == (121, START + 120)
    assert only.activity.up_to
    await session.ask("key:AKIABOB")
    await session.load_all()
    (only,) = nodes(await trace(session, busy[0].event_id))
    assert only.activity is not None
    assert (only.activity.calls, only.activity.complete) == (600, True)


async def test_a_lookup_that_fails_is_told_and_ends_the_trace(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [*CHAIN, *SINCE]
    session = await start()
    await session.ask(f"id:{CHAIN[1].event_id}")
    service.refusing["eu-west-1"] = denied("LookupEvents")
    state = await trace(session, CHAIN[1].event_id)
    (only,) = nodes(state)
    assert only.end is not None
    assert only.end.cause is EndCause.FAILED
    assert re.search("may not call LookupEvents", only.end.problem)
    assert not state.running


async def test_without_a_connection_only_what_is_stored_is_looked_at(
    start: StartSession, service: FakeCloudTrail, lasting: Any
) -> None:
    service.events = CHAIN
    first = await start(open_store=lasting)
    await first.load_all()
    await first.close()
    session = await start(FakeConnector(service, [denied("anything")]), open_store=lasting)
    state = await trace(session, CHAIN[1].event_id)
    assert state.store_only
    assert [node.credentials.key for node in nodes(state)] == ["AKIABOB", "ASIARELEASE", "ASIAPROD"]
    top = next(nodes(state))
    assert top.end is not None
    assert top.end.cause is EndCause.OFFLINE


async def test_a_trace_that_is_canceled_asks_for_nothing_more(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [*CHAIN, *SINCE]
    session = await start()
    await session.ask(f"id:{CHAIN[1].event_id}")
    rows = {session.event(row).event_id: row for row in session.explorer.query.ids}
    before = service.calls["LookupEvents"]
    begun = session.trace(rows[CHAIN[1].event_id])
    heard: list[TraceState] = []
    begun.changed.subscribe(heard.append)
    begun.changed.subscribe(lambda state: begun.cancel() if state.looking_for is not None else None)
    await session.idle()
    assert service.calls["LookupEvents"] - before <= 1
    assert session.queue.state.queued == 0
    assert heard


async def test_the_question_on_the_screen_stays(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = CHAIN
    session = await start()
    await session.ask("name:DescribeStacks")
    query, ids, behind = session.explorer.query, list(session.explorer.rows.ids), session.explorer.state.behind
    changes: list[None] = []
    session.explorer.changed.subscribe(changes.append)
    await trace(session, CHAIN[1].event_id)
    assert not changes, "nothing of the screen below is drawn again"
    assert session.explorer.query is query
    assert (list(session.explorer.rows.ids), session.explorer.state.behind) == (ids, behind)


async def test_states_are_made_for_steps_and_not_for_rows(start: StartSession, service: FakeCloudTrail) -> None:
    few, many = ([call(START + second, BOB, "GetObjectAcl") for second in range(size)] for size in (40, 200))
    numbers = []
    for history in (few, many):
        service.events = [*history, *SINCE]
        session = await start()
        await session.load_all()
        rows = {session.event(row).event_id: row for row in session.explorer.query.ids}
        states: list[TraceState] = []
        begun = session.trace(rows[history[0].event_id])
        begun.changed.subscribe(states.append)
        await session.idle()
        numbers.append(len(states))
    assert numbers[0] == numbers[1] < 15


async def test_every_region_that_is_searched_is_looked_at(start: StartSession, service: FakeCloudTrail) -> None:
    used = call(START + 30, RELEASE, "DescribeStacks")
    service.events = [used, *SINCE]
    service.elsewhere = {"us-east-1": [assume(START + 10, BOB, RELEASE, awsRegion="us-east-1"), *SINCE[:60]]}
    session = await start()
    await session.ask(f"id:{used.event_id}")
    state = await trace(session, used.event_id)
    assert [end.cause for node in nodes(state) if (end := node.end)] == [EndCause.NOT_FOUND]
    session.explorer.search_also("us-east-1")
    await session.idle()
    state = await trace(session, used.event_id)
    assert state.regions == ("eu-west-1", "us-east-1")
    issuer = next(node for node in nodes(state) if node.traced).issuer
    assert issuer is not None
    assert issuer.region == "us-east-1"


async def test_one_region_that_refuses_hides_no_issuer_that_another_has(
    start: StartSession, service: FakeCloudTrail
) -> None:
    used = call(START + 30, RELEASE, "DescribeStacks")
    service.events = [used, assume(START + 10, BOB, RELEASE), *SINCE]
    service.elsewhere = {"us-east-1": list(SINCE)}
    session = await start()
    await session.ask(f"id:{used.event_id}")
    session.explorer.search_also("us-east-1")
    await session.idle()
    service.refusing["us-east-1"] = denied("LookupEvents")
    state = await trace(session, used.event_id)
    top, release = nodes(state)
    assert release.issuer is not None
    # That nobody made the key of the person cannot be said: one Region has not answered.
    assert top.end is not None
    assert top.end.cause is EndCause.FAILED
    assert release.end_below is not None
    assert release.end_below.cause is EndCause.FAILED
    assert release.activity is not None
    assert not release.activity.complete


async def test_attack_techniques_are_traced_to_the_user_behind_them(
    start: StartSession, service: FakeCloudTrail
) -> None:
    """Stratus Red Team's own records, one account for each technique. They name no resources beside the record, so
    that the issuer is found by its name."""
    records = [
        record for record in real_records() if "stratus-red-team" in json.dumps(record) and record.get("eventTime")
    ]
    history = [
        event_of(
            {**record, "recipientAccountId": ACCOUNT},
            event_id=record["eventID"],
            time=datetime.fromisoformat(record["eventTime"]),
            name=record["eventName"],
            source=record["eventSource"],
            access_key_id=(record.get("userIdentity") or {}).get("accessKeyId"),
        )
        for record in records
    ]
    service.clock = AutoClock(datetime(2025, 1, 1, tzinfo=UTC))
    service.events = history
    session = await start()
    await session.load_all()
    sessions = {
        event.access_key_id: event
        for event in history
        if event.access_key_id and event.access_key_id.startswith("ASIA")
    }
    ends = Counter[tuple[str, str]]()
    for event in sessions.values():
        state = await trace(session, event.event_id)
        top = next(nodes(state))
        ends[top.credentials.kind.value, top.credentials.name] += 1
        if top.traced:
            # Its AssumeRole is not among the records that were published.
            assert top.end is not None
            assert top.end.cause is EndCause.NOT_FOUND
    assert ends["user key", "christophe"] >= 4
    assert ends["user key", "stratus-red-team-user-federation-user"] == 1


async def test_a_call_from_another_account_is_followed_there_by_what_both_records_share(
    start: StartSession, service: FakeCloudTrail
) -> None:
    here = call(START, foreigner(), "Decrypt", source="kms", sharedEventID="shared-3")
    service.events = [here, *SINCE]
    session = await start()
    await session.ask(f"id:{here.event_id}")
    (only,) = nodes(await trace(session, here.event_id))
    assert only.end is not None
    assert (only.end.cause, only.end.account) == (EndCause.OTHER_ACCOUNT, OTHER)
    store = session._stored.store
    assert store is not None
    away = role("app", "x", "ASIAAPP", START - 100, account=OTHER)
    there = [
        call(START, away, "Decrypt", source="kms", sharedEventID="shared-3", account=OTHER),
        call(START + 1, away, "Decrypt", source="kms", sharedEventID="shared-4", account=OTHER),
        assume(START - 100, service_identity("ec2"), away, account=OTHER),
    ]
    await insert(store, Scope(CONNECTION.origin, OTHER, "us-east-1"), there)
    top, app = nodes(await trace(session, here.event_id))
    assert (top.credentials.kind, app.credentials.key) == (CredentialKind.SERVICE, "ASIAAPP")
    assert app.issuer is not None
    assert app.issuer.other_account == OTHER
    assert app.activity is not None
    assert (app.activity.calls, app.activity.complete) == (2, False)


async def test_times_that_no_clock_has_shown_break_nothing(start: StartSession, service: FakeCloudTrail) -> None:
    for stamp in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "x"):
        odd = role("admin", "bob", "ASIAODD", START)
        odd["sessionContext"]["attributes"]["creationDate"] = stamp
        state = await traced(start, service, [call(START, odd, "ListUsers")], call(START, odd, "ListUsers"))
        (only,) = nodes(state)
        assert only.end is not None
        assert only.end.cause is EndCause.NOT_FOUND


async def test_a_sign_in_leads_to_the_sessions_that_began_about_then(
    start: StartSession, service: FakeCloudTrail
) -> None:
    login = sign_in(START + 21, user("dave"))
    later, other = user("dave", "ASIALATER", began=START + 5000), user("eve", "ASIAEVE", began=START)
    history = [
        login,
        call(START + 40, DAVE, "RunInstances"),
        call(START + 50, user("dave", "AKIADAVE"), "CreateUser"),
        call(START + 5100, later, "DeleteUser"),
        call(START + 60, other, "DeleteTrail"),
    ]
    state = await traced(start, service, history, login)
    person, session = nodes(state)
    assert (person.credentials.kind, session.traced) == (CredentialKind.PERSON, True)
    assert session.activity is not None
    assert [one.name for one in session.activity.names] == ["RunInstances"]
    assert (session.activity.sure, session.activity.complete) == (False, True)
