"""What is asked for in a change of a trail, and whether the service shows that it has happened."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ctui.model.rules.validate import Field, Value
from ctui.model.trail.draft import TrailDraft, trail_values
from ctui.model.trail.trail import Trail, TrailStatus


class Verb(StrEnum):
    """The five changes, by the API's names."""

    CREATE = "CreateTrail"
    UPDATE = "UpdateTrail"
    DELETE = "DeleteTrail"
    START = "StartLogging"
    STOP = "StopLogging"


@dataclass(frozen=True, slots=True)
class Request:
    """One change of one trail, and where it goes."""

    verb: Verb
    name: str
    """The trail's name, for people."""
    key: str
    """What the service is told: the ARN, or the name where there is none (yet)."""
    region: str
    """The trail's home Region: the only one that takes changes."""
    draft: TrailDraft | None = None
    """What a new or changed trail shall be."""

    @classmethod
    def create(cls, draft: TrailDraft, region: str) -> "Request":
        """Make a trail in this Region, which becomes its home."""
        return cls(Verb.CREATE, draft.name, draft.name, region, draft)

    @classmethod
    def update(cls, draft: TrailDraft, region: str) -> "Request":
        """Change the trail the draft is based on; `region` is for a trail that does not say where home is."""
        if draft.base is None:
            raise ValueError("this draft is of a new trail")
        return cls(Verb.UPDATE, draft.name, draft.base.key, draft.base.home_region or region, draft)

    @classmethod
    def of(cls, verb: Verb, trail: Trail, region: str) -> "Request":
        """Delete, start or stop this trail; `region` is for a trail that does not say where home is."""
        return cls(verb, trail.name, trail.key, trail.home_region or region)

    @property
    def parameters(self) -> dict[str, Any]:
        """What is sent, by the API's names."""
        if self.draft is None:
            return {"Name": self.key}
        return self.draft.create_parameters() if self.verb is Verb.CREATE else self.draft.update_parameters()

    def is_about(self, trail: Trail) -> bool:
        """True for the trail this changes; for a new one, a trail of its name whose home is this Region."""
        if self.verb is Verb.CREATE:
            return trail.name == self.name and trail.home_region in (None, self.region)
        return trail.key == self.key


@dataclass(frozen=True, slots=True)
class Verification:
    """What the service shows of a trail after a change."""

    trail: Trail | None
    """The trail as it is described now, None where there is none."""
    happened: bool | None
    """True where all of the change is to be seen, False where nothing of it is, None where it cannot be told."""


def verify(request: Request, trail: Trail | None, status: TrailStatus | None) -> Verification:
    """Hold a change against what is there; `status` is needed for a start or a stop."""
    if request.verb is Verb.DELETE:
        return Verification(trail, trail is None)
    if request.verb is Verb.CREATE:
        # A trail of that name which is not as it was wished may be somebody else's.
        return Verification(trail, False if trail is None else _holds(request, trail) or None)
    if trail is None:
        return Verification(None, None)
    if request.verb is Verb.UPDATE:
        return Verification(trail, True if _holds(request, trail) else None if _moved(request, trail) else False)
    logging = None if status is None else status.is_logging
    return Verification(trail, None if logging is None else logging is (request.verb is Verb.START))


def _holds(request: Request, trail: Trail) -> bool:
    assert request.draft is not None
    held, wanted = trail_values(trail), request.draft.values
    fields = wanted if request.verb is Verb.CREATE else [change.field for change in request.draft.changes()]
    return all(_agree(field, wanted[field], held[field]) for field in fields)


def _moved(request: Request, trail: Trail) -> bool:
    """True where something differs from what the trail was before."""
    assert request.draft is not None
    assert request.draft.base is not None
    return trail_values(trail) != trail_values(request.draft.base)


def _agree(field: Field, wanted: Value, held: Value) -> bool:
    if wanted == held:
        return True
    if not (wanted and held and isinstance(wanted, str) and isinstance(held, str)):
        return False
    if field is Field.TOPIC:
        return wanted.rpartition(":")[2] == held.rpartition(":")[2]
    # A key is sent by alias or id and described by its ARN.
    return field is Field.KMS_KEY
