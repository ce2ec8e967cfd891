"""Link: a node of a chain while it grows."""

from collections.abc import Sequence
from dataclasses import field

from ctui.model.connection import Scope
from ctui.model.event.credentials import Credentials
from ctui.model.trace.trace_state import Activity, End, IssuingEvent, Node
from ctui.model.values import dataclass


@dataclass(slots=True)
class Link:
    """A node while it grows."""

    credentials: Credentials
    scopes: Sequence[Scope] = ()
    """Where its events are looked for; () for the scopes on the screen."""
    issuer: IssuingEvent | None = None
    end: End | None = None
    end_below: End | None = None
    activity: Activity | None = None
    children: "list[Link]" = field(default_factory=list)
    traced: bool = False

    def contains(self, credentials: Credentials) -> bool:
        """True if this node or one below it has the same key."""
        same = bool(credentials.key) and self.credentials.key == credentials.key
        return same or any(child.contains(credentials) for child in self.children)

    def frozen(self) -> Node:
        """The node as it is now."""
        children = tuple(child.frozen() for child in self.children)
        return Node(
            self.credentials, self.issuer, self.end, self.end_below, self.activity, children, traced=self.traced
        )
