"""Link: a node of a chain while it grows."""

from collections.abc import Sequence
from dataclasses import field

from ctui.model.connection import Scope
from ctui.model.event.credentials import TEMPORARY, Credentials
from ctui.model.event.issuance import Issuance
from ctui.model.event.issuer import Call, proof_of
from ctui.model.trace.trace_state import Activity, End, IssuingEvent, Node
from ctui.model.values import dataclass


@dataclass(slots=True)
class Link:
    """A node while it grows."""

    credentials: Credentials
    scopes: Sequence[Scope] = ()
    """Where its events are looked for; () for the scopes on the screen."""
    issued: Issuance | None = None
    """What is known of how they were issued, where the trace came from there."""
    issuer: IssuingEvent | None = None
    end: End | None = None
    end_below: End | None = None
    activity: Activity | None = None
    children: "list[Link]" = field(default_factory=list)
    traced: bool = False

    @property
    def other_account(self) -> str:
        """The account in whose scopes its events are looked for; "" for the scopes on the screen."""
        if not self.scopes:
            return ""
        # A tree has events of any account.
        return self.credentials.account if self.scopes[0].in_files else self.scopes[0].account

    def contains(self, credentials: Credentials) -> bool:
        """True if this node or one below it has the same key."""
        same = bool(credentials.key) and self.credentials.key == credentials.key
        return same or any(child.contains(credentials) for child in self.children)

    def did(self, call: Call) -> bool:
        """True if a call was made with these credentials.

        A sign-in names no key and no session: its calls are those of who signed in, in a session that began about then.
        """
        if self.credentials.is_session_of(call.credentials):
            return True
        if self.issued is None or self.issuer is None or call.credentials.kind not in TEMPORARY:
            return False
        return proof_of(self.issued, self.issuer.second, call.credentials) is not None

    def frozen(self) -> Node:
        """The node as it is now."""
        children = tuple(child.frozen() for child in self.children)
        return Node(
            self.credentials, self.issuer, self.end, self.end_below, self.activity, children, traced=self.traced
        )
