"""FollowState: how following stands, at a glance."""

from ctui.core.follow.arrivals import Lag
from ctui.errors import CtuiError
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FollowState:
    """A snapshot: made when something happens, and when time alone has changed something."""

    on: bool = False
    waits: bool = False
    """True while there is no connection to follow with; nothing is lost, it goes on from where it was."""
    shows: bool = True
    """False if the question on the screen ends before now, or takes no new events: they are stored all the same."""
    behind: int = 0
    """Seconds by which the scope that lags most is behind, of those that are not refused; 0 if none is."""
    behind_scope: str = ""
    """What that scope is called among the others; "" if it is the only one."""
    calls_an_hour: int = 0
    """At the rate of the last hour, or since following began; 0 before the first."""
    lag: Lag | None = None
    late: frozenset[int] = frozenset()
    """Rows that joined the list below newer ones a short while ago."""
    scopes: int = 0
    """How many are followed."""
    error: CtuiError | None = None
    """Why a scope is not followed at present; it is tried again."""
    error_scope: str = ""
    """What it is called among the others; "" if it is the only one."""
