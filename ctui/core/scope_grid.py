"""ScopeGrid: every account and Region that could be searched, which of them are, and how each stands."""

from collections.abc import Collection, Mapping

from ctui.core.lookup.scope_state import ScopeState
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ScopeCell:
    """One account in one Region."""

    searched: bool
    enabled: bool
    """False only if the service says that the Region is not enabled in the account."""
    state: ScopeState | None = None
    """How it stands in the query; None if it is not part of that."""


@dataclass(frozen=True, slots=True)
class ScopeGrid:
    """Accounts by Regions."""

    accounts: tuple[str, ...]
    """The accounts that are reached, that of the working login first; provisional while it is not known."""
    regions: tuple[str, ...]
    """Those that are searched, the working one first, then others that an account has."""
    cells: Mapping[tuple[str, str], ScopeCell]
    """By account and Region."""
    origin: str = ""
    unlisted: Mapping[str, CtuiError] | None = None
    """By account: why the service does not say which Regions it has."""

    @property
    def searched(self) -> frozenset[Scope]:
        """Every scope that is searched."""
        return frozenset(Scope(self.origin, *place) for place, cell in self.cells.items() if cell.searched)

    @property
    def not_looked_at(self) -> int:
        """Scopes that are not searched, although the service does not say that they are not enabled."""
        return sum(not cell.searched and cell.enabled for cell in self.cells.values())


def scope_grid(
    grid: Collection[Scope],
    asked: Collection[Scope],
    enabled: Mapping[str, Mapping[str, bool]],
    states: Collection[ScopeState],
    unlisted: Mapping[str, CtuiError],
) -> ScopeGrid:
    """`grid`: accounts in each Region that is searched; `asked`: those of it that are; `enabled`: by account, of each
    Region that it lists. All by the names that accounts have now."""
    accounts = tuple(dict.fromkeys(scope.account for scope in grid))
    listed = sorted({region for account in accounts for region in enabled.get(account, ())})
    regions = tuple(dict.fromkeys((*(scope.region for scope in grid), *listed)))
    asked_places = {(scope.account, scope.region) for scope in asked}
    by_place = {(one.scope.account, one.scope.region): one for one in states}
    cells = {
        (account, region): ScopeCell(
            (account, region) in asked_places,
            enabled.get(account, {}).get(region, True),
            by_place.get((account, region)),
        )
        for account in accounts
        for region in regions
    }
    origin = next((scope.origin for scope in grid), "")
    return ScopeGrid(accounts, regions, cells, origin, unlisted)
