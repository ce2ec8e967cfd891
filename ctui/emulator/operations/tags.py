"""AddTags, RemoveTags and ListTags, and the tags of CreateTrail."""

from msgspec.structs import replace

from ctui.emulator.account.names import broken
from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.find import check_free, tagged_trail
from ctui.model.rules.rule import Field

MAX_TAGS = 50
"""Tags that a trail may have."""
MAX_RESOURCES = 20
"""ARNs in one ListTags."""

Tags = dict[str, str | None]
"""Tag key -> value, or None for a key without a value."""


def add_tags(state: ServiceState, call: Call) -> Answer:
    """Add tags to a trail. The value of a key that is there is replaced."""
    trail = _trail_to_tag(state, call)
    tags = trail.tags | tags_of(call.parameters["TagsList"])
    check_count(tags)
    state.store.put(replace(trail, tags=tags), call.now)
    return {}


def remove_tags(state: ServiceState, call: Call) -> Answer:
    """Remove the tags with these keys, whatever their values. Keys that are not there are ignored."""
    trail = _trail_to_tag(state, call)
    removed = tags_of(call.parameters["TagsList"])
    tags = {key: value for key, value in trail.tags.items() if key not in removed}
    state.store.put(replace(trail, tags=tags), call.now)
    return {}


def list_tags(state: ServiceState, call: Call) -> Answer:
    """The tags of some trails, in the order of the request."""
    if "NextToken" in call.parameters:
        raise Refusal(Condition.TOKEN_RESERVED)
    arns = call.parameters["ResourceIdList"]
    if len(arns) > MAX_RESOURCES:
        raise Refusal(Condition.RESOURCES_MANY, limit=MAX_RESOURCES)
    tags_by_arn = {arn: tagged_trail(state, call, arn).tags for arn in arns}
    return {"ResourceTagList": [{"ResourceId": arn, "TagsList": _written(tags)} for arn, tags in tags_by_arn.items()]}


def tags_of(tags: list[dict[str, str]]) -> Tags:
    """The tags of a request. Raises Refusal for a repeated key, or an invalid key or value."""
    tags_by_key: Tags = {}
    for tag in tags:
        key, value = tag["Key"], tag.get("Value")
        if key in tags_by_key:
            raise Refusal(Condition.TAG_INVALID, reason=f"Tag key {key} is given twice.")
        for field, text in ((Field.TAG_KEY, key), (Field.TAG_VALUE, value or "")):
            if (reason := broken(field, text)) is not None:
                raise Refusal(Condition.TAG_INVALID, reason=f"Tag {key}, {field}: {reason}")
        tags_by_key[key] = value
    return tags_by_key


def check_count(tags: Tags) -> None:
    """Raises Refusal if these are more tags than a trail may have."""
    if len(tags) > MAX_TAGS:
        raise Refusal(Condition.TAGS_MANY, limit=MAX_TAGS, count=len(tags))


def _trail_to_tag(state: ServiceState, call: Call) -> TrailRecord:
    """The trail that AddTags and RemoveTags name. Raises Refusal."""
    arn = call.parameters["ResourceId"]
    trail = tagged_trail(state, call, arn)
    check_free(trail, arn)
    return trail


def _written(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key} if value is None else {"Key": key, "Value": value} for key, value in tags.items()]
