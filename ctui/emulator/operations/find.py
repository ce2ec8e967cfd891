"""Finding the trail a call names: by name or ARN, at home or as a shadow trail."""

from ctui.emulator.call import Call, Desk
from ctui.emulator.conditions import Condition, Refusal
from ctui.emulator.names import ARN_PREFIX, check_trail_name, parse_trail_arn
from ctui.emulator.trails import TrailRecord


def named_trail(desk: Desk, call: Call, text: str) -> TrailRecord | None:
    """The trail that `text` names as seen from the call's Region, None where there is none.

    A name finds the Region's own trail before a shadow trail. In 2015 a trail is seen at home alone and ARNs are
    invalid names. Raises Refusal for an invalid name or ARN.
    """
    account = call.caller.account
    if desk.rules.today and text.startswith(ARN_PREFIX):
        arn = parse_trail_arn(text)
        if (arn.partition, arn.account) != (account.partition, account.id):
            return None
        return desk.store.trail(account.id, arn.region, arn.name)
    check_trail_name(text)
    own = desk.store.trail(account.id, call.caller.region, text)
    if own is not None or not desk.rules.today:
        return own
    return next((trail for trail in desk.store.trails(account.id) if trail.multi_region and trail.name == text), None)


def trail_to_change(desk: Desk, call: Call) -> TrailRecord:
    """The trail a writing call names. Raises Refusal: unknown, not at home here, or busy."""
    text = call.parameters["Name"]
    trail = named_trail(desk, call, text)
    if trail is None:
        raise unknown(call)
    if trail.region != call.caller.region:
        raise Refusal(Condition.HOME_REGION, trail=text, home=trail.region)
    if trail.busy and desk.rules.today:
        raise Refusal(Condition.TRAIL_BUSY, trail=text)
    return trail


def unknown(call: Call) -> Refusal:
    """The refusal of a call that names an unknown trail."""
    return Refusal(Condition.TRAIL_NOT_FOUND, trail=call.parameters["Name"], account=call.caller.account.id)
