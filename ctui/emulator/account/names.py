"""Names and ARNs: checked against the rules, and refused with the condition of the first rule that is broken."""

from dataclasses import dataclass
from itertools import pairwise

from ctui.emulator.account.accounts import Account
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.model.rules.rule import Field
from ctui.model.rules.validate import validate_value

ARN_PREFIX = "arn:"


@dataclass(frozen=True, slots=True)
class TrailArn:
    """The parts of a trail's ARN."""

    partition: str
    region: str
    account: str
    name: str


def broken(field: Field, text: str) -> str | None:
    """Why the rules refuse `text`, as a sentence, or None if it is valid."""
    finding = validate_value(field, text)
    return None if finding.ok else f"{finding.reason}."


def check_trail_name(name: str) -> None:
    """Raises Refusal for an invalid trail name."""
    if broken(Field.NAME, name) is None:
        return
    length = len(name)
    if not name:
        raise Refusal(Condition.NAME_BLANK)
    if length < 3:
        raise Refusal(Condition.NAME_SHORT, length=length)
    if length > 128:
        raise Refusal(Condition.NAME_LONG, length=length)
    if not _is_plain(name[0]):
        raise Refusal(Condition.NAME_START)
    if not _is_plain(name[-1]):
        raise Refusal(Condition.NAME_END)
    if not all(_is_plain(sign) or sign in "._-" for sign in name):
        raise Refusal(Condition.NAME_SIGNS)
    if any(one in "._-" and two in "._-" for one, two in pairwise(name)):
        raise Refusal(Condition.NAME_ADJACENT)
    raise Refusal(Condition.NAME_IP)


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def parse_trail_arn(text: str) -> TrailArn:
    """The parts of a trail ARN. Raises Refusal(ARN_INVALID)."""
    if broken(Field.TRAIL, text) is not None:
        raise Refusal(Condition.ARN_INVALID, trail=text)
    _, partition, _, region, account, resource = text.split(":", 5)
    return TrailArn(partition, region, account, resource.removeprefix("trail/"))


def topic_arn(account: Account, region: str, topic: str) -> str:
    """The ARN of a topic that is given by ARN, or by name in the trail's Region."""
    return topic if topic.startswith(ARN_PREFIX) else account.arn("sns", region, topic)
