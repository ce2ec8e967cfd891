"""TrailChange, one change of a trail, and Verification, whether the service shows that it happened."""

from enum import StrEnum
from typing import Any

from ctui.model.rules.validate import Field, Value
from ctui.model.trail.draft import TrailDraft, trail_values
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.model.values import dataclass


class Verb(StrEnum):
    """The five changes, by the API's names."""

    CREATE = "CreateTrail"
    UPDATE = "UpdateTrail"
    DELETE = "DeleteTrail"
    START = "StartLogging"
    STOP = "StopLogging"


@dataclass(frozen=True, slots=True)
class TrailChange:
    """One change of one trail, and the Region it is sent to."""

    verb: Verb
    name: str
    """The trail's name, for people."""
    key: str
    """The Name parameter of the call: the trail's ARN, or its name if it has no ARN (yet)."""
    region: str
    """The trail's home Region: the only one that accepts changes."""
    draft: TrailDraft | None = None
    """The values of a new or updated trail."""

    @classmethod
    def create(cls, draft: TrailDraft, region: str) -> "TrailChange":
        """Create a trail in this Region, which becomes its home."""
        return cls(Verb.CREATE, draft.name, draft.name, region, draft)

    @classmethod
    def update(cls, draft: TrailDraft, region: str) -> "TrailChange":
        """Update the trail that the draft is based on. `region` is used if the trail does not name its home Region."""
        if draft.base is None:
            raise ValueError("this draft is of a new trail")
        return cls(Verb.UPDATE, draft.name, draft.base.key, draft.base.home_region or region, draft)

    @classmethod
    def of(cls, verb: Verb, trail: Trail, region: str) -> "TrailChange":
        """Delete, start or stop this trail. `region` is used if the trail does not name its home Region."""
        return cls(verb, trail.name, trail.key, trail.home_region or region)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the call, by the API's names."""
        if self.draft is None:
            return {"Name": self.key}
        return self.draft.create_parameters() if self.verb is Verb.CREATE else self.draft.update_parameters()

    def is_about(self, trail: Trail) -> bool:
        """True for the trail that this changes. For a new trail: one of its name whose home is this Region."""
        if self.verb is Verb.CREATE:
            return trail.name == self.name and trail.home_region in (None, self.region)
        return trail.key == self.key


@dataclass(frozen=True, slots=True)
class Verification:
    """What the service shows of a trail after a change."""

    trail: Trail | None
    """The trail as it is described now, or None if there is none."""
    happened: bool | None
    """True if all of the change is visible, False if none of it is, None if that cannot be decided."""


def verification_of(change: TrailChange, trail: Trail | None, status: TrailStatus | None) -> Verification:
    """Compare a change with the trail as it is now. `status` is needed for a start or a stop."""
    if change.verb is Verb.DELETE:
        return Verification(trail, trail is None)
    if change.verb is Verb.CREATE:
        # A trail of that name with other values may have been created by another person.
        return Verification(trail, False if trail is None else _has_values(change, trail) or None)
    if trail is None:
        return Verification(None, None)
    if change.verb is Verb.UPDATE:
        if _has_values(change, trail):
            return Verification(trail, True)
        return Verification(trail, None if _differs_from_base(change, trail) else False)
    logging = None if status is None else status.is_logging
    return Verification(trail, None if logging is None else logging is (change.verb is Verb.START))


def _has_values(change: TrailChange, trail: Trail) -> bool:
    """True if the trail has the values that were sent."""
    assert change.draft is not None
    actual, wanted = trail_values(trail), change.draft.values
    fields = wanted if change.verb is Verb.CREATE else [edit.field for edit in change.draft.changes()]
    return all(_is_same(field, wanted[field], actual[field]) for field in fields)


def _differs_from_base(change: TrailChange, trail: Trail) -> bool:
    """True if anything differs from the trail before the update."""
    assert change.draft is not None
    assert change.draft.base is not None
    return trail_values(trail) != trail_values(change.draft.base)


def _is_same(field: Field, wanted: Value, actual: Value) -> bool:
    if wanted == actual:
        return True
    if not (wanted and actual and isinstance(wanted, str) and isinstance(actual, str)):
        return False
    if field is Field.TOPIC:
        return wanted.rpartition(":")[2] == actual.rpartition(":")[2]
    # A key is sent by alias or ID and described by its ARN.
    return field is Field.KMS_KEY
