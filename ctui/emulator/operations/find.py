"""Finds the trail that a call names: by name or ARN, at home, as a shadow trail, or as an organization trail."""

from ctui.emulator.account.names import ARN_PREFIX, check_trail_name, parse_trail_arn
from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Call, ServiceState

OTHER_RESOURCES = frozenset({"eventdatastore", "channel", "dashboard"})
"""Kinds of resources that the service can tag and the emulator does not have."""


def trails_seen(state: ServiceState, call: Call) -> list[TrailRecord]:
    """All trails that the call's Region shows: its own, and today also shadow and organization trails."""
    account, region = call.caller.account, call.caller.region
    own = state.store.trails(account.id)
    if not state.rules.today:
        return [trail for trail in own if trail.region == region]
    above = state.store.trails(account.management) if account.management else []
    return [trail for trail in (*own, *(t for t in above if t.organization)) if trail.seen_in(region)]


def own_trail(state: ServiceState, call: Call, name: str) -> TrailRecord | None:
    """The account's trail of that name at home in the call's Region, or None. Raises Refusal for an invalid name."""
    check_trail_name(name)
    return state.store.trail(call.caller.account.id, call.caller.region, name)


def trail_by_arn(state: ServiceState, call: Call, text: str) -> TrailRecord | None:
    """The trail of an ARN in any Region, or None if the account may not see it. Raises Refusal for an invalid ARN."""
    account, arn = call.caller.account, parse_trail_arn(text)
    if arn.partition != account.partition or arn.account not in (account.id, account.management):
        return None
    trail = state.store.trail(arn.account, arn.region, arn.name)
    return trail if trail is None or trail.organization or trail.account == account.id else None


def is_arn(state: ServiceState, text: str) -> bool:
    """True for what today's service takes for an ARN. In 2015 an ARN is an invalid name."""
    return state.rules.today and text.startswith(ARN_PREFIX)


def trail_to_read(state: ServiceState, call: Call, text: str) -> TrailRecord:
    """The trail of that name or ARN. Shadow and organization trails have to be named by ARN.

    Raises Refusal for an invalid name or ARN, and for a trail that is not seen in the call's Region.
    """
    trail = trail_by_arn(state, call, text) if is_arn(state, text) else own_trail(state, call, text)
    if trail is None or not trail.seen_in(call.caller.region):
        raise unknown(state, call, text)
    return trail


def trail_to_change(state: ServiceState, call: Call, text: str) -> TrailRecord:
    """The trail a writing call names. Raises Refusal: unknown, another account's, not at home here, or busy."""
    trail = trail_by_arn(state, call, text) if is_arn(state, text) else own_trail(state, call, text)
    if trail is None and not is_arn(state, text):
        trail = next((shadow for shadow in trails_seen(state, call) if shadow.name == text), None)
    if trail is None:
        raise unknown(state, call, text)
    if trail.account != call.caller.account.id:
        raise Refusal(Condition.ORGANIZATION_MEMBER, account=call.caller.account.id)
    if trail.region != call.caller.region:
        raise Refusal(Condition.HOME_REGION, trail=text, home=trail.region)
    if state.rules.today:
        check_free(trail, text)
    return trail


def tagged_trail(state: ServiceState, call: Call, text: str) -> TrailRecord:
    """The trail of an ARN, for the actions of tags. They take ARNs of the caller's account and Region alone.

    Raises Refusal for any other text, for other kinds of resources and for an unknown trail.
    """
    account, region = call.scope
    # arn:PARTITION:cloudtrail:REGION:ACCOUNT:TYPE/NAME
    kind = text.rsplit(":", 1)[-1].partition("/")[0]
    if not text.startswith(ARN_PREFIX):
        raise Refusal(Condition.ARN_INVALID, trail=text)
    if kind in OTHER_RESOURCES:
        raise Refusal(Condition.RESOURCE_TYPE, resource=text)
    arn = parse_trail_arn(text)
    if arn.account != account:
        raise Refusal(Condition.ARN_ACCOUNT, account=account)
    if arn.region != region:
        raise Refusal(Condition.ARN_REGION, region=region)
    trail = trail_by_arn(state, call, text)
    if trail is None:
        raise Refusal(Condition.RESOURCE_MISSING, resource=text)
    return trail


def check_free(trail: TrailRecord, text: str) -> None:
    """Raises Refusal if another change to the trail, named as `text`, goes on."""
    if trail.busy:
        raise Refusal(Condition.TRAIL_BUSY, trail=text)


def unknown(state: ServiceState, call: Call, text: str) -> Refusal:
    """The refusal of a call that names a trail, as `text`, that is unknown.

    Today's service puts in the ARN that it makes of a name, except in GetTrail. In 2015 trails had no ARNs.
    """
    caller = call.caller
    by_name = state.rules.today and call.action != "GetTrail" and not is_arn(state, text)
    named = caller.account.arn("cloudtrail", caller.region, f"trail/{text}") if by_name else text
    return Refusal(Condition.TRAIL_NOT_FOUND, trail=named, account=caller.account.id)
