"""Regions: which ones are searched from the start, and which ones an account has."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ctui.core.explorer.explorer import Explorer
from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.connection import Connection, Scope
from ctui.model.region import global_services_in
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RegionList:
    """The Regions of one account."""

    enabled: Mapping[str, bool]
    """Of each Region, whether it is enabled as the service says; True for those of which it says nothing."""
    error: CtuiError | None = None
    """Why the service does not say; then these are the Regions of the partition, and none is known to be disabled."""


class Regions:
    """Adds the Regions that were asked for at the start. Nothing here blocks."""

    def __init__(
        self,
        tasks: Tasks,
        stored: SessionStore,
        wanted: Sequence[str],
        *,
        every: bool,
        global_services: bool,
        explorer: Callable[[], Explorer],
        listing: Callable[[bool], None],
    ) -> None:
        """`wanted`, `every` and `global_services` as in Session; `explorer` returns the session's explorer. `listing`
        is called with True when an account is asked for its Regions, and with False when all of them are known."""
        self.lists: dict[str, RegionList] = {}
        """By account, as far as they are known."""
        self.listed: Signal[None] = Signal()
        """Publishes that the Regions of an account are known."""
        self.global_region: str | None = None
        """The Region that is searched for its global services alone; None if there is none."""
        self._tasks = tasks
        self._stored = stored
        self._wanted = tuple(wanted)
        self._every = every
        self._global_services = global_services
        self._begun = False
        self._reading: dict[str, Scope] = {}
        self._asked: set[str] = set()
        """Accounts that are asked for their Regions without searching them."""
        self._brought: set[str] = set()
        """Regions that are searched because an account has them."""
        self._explorer = explorer
        self._listing = listing

    def search_from(self, connection: Connection) -> None:
        """Search the Regions of the start with the first connection, and those that are searched already with a later
        one: the working Region of this login may be among them."""
        new = list[str]()
        if not self._begun:
            self._begun = True
            new += self._wanted
            home = global_services_in(connection.origin)
            if self._global_services and home not in (None, connection.region):
                self.global_region = home
                new.append(str(home))
        self._explorer().join_regions(*new)

    def search_every(self, gateway: Gateway, scope: Scope) -> None:
        """From now on search every Region that is enabled, in this account and in those that are reached later."""
        self._every = True
        if (known := self.lists.get(scope.account)) is None:
            self.reached(gateway, scope)
        else:
            self._search_listed(scope, known.enabled)

    def reached(self, gateway: Gateway, scope: Scope) -> None:
        """An account can be asked: learn its Regions if all of them are wanted."""
        if self._every and scope.account not in self.lists:
            self._reading[scope.account] = scope
            if not scope.provisional:
                # A Region that another account has may not be enabled in this one.
                self._stored.unlisted |= _in_others(scope, self._brought)
            self._listing(True)
            self._tasks.start(self._add_all(gateway, scope), "regions")

    def list_of(self, gateway: Gateway, account: str) -> None:
        """Learn the Regions of an account, unless they are known or asked for; `listed` says when they are."""
        if account not in self.lists and account not in self._reading.keys() | self._asked:
            self._asked.add(account)
            self._tasks.start(self._list(gateway, account), "list of Regions")

    async def _list(self, gateway: Gateway, account: str) -> None:
        try:
            await self.read(gateway, account)
        finally:
            self._asked.discard(account)
        self.listed.publish(None)

    async def read(self, gateway: Gateway, account: str) -> RegionList:
        """Ask for the Regions of an account; what the partition has where the service does not say."""
        try:
            listed = await self._tasks.guard(gateway.list_regions())
            found = RegionList({region.name: region.enabled for region in listed})
        except CtuiError as error:
            found = RegionList(dict.fromkeys(gateway.known_regions, True), error)
        self.lists[account] = found
        return found

    async def _add_all(self, gateway: Gateway, scope: Scope) -> None:
        try:
            self._search_listed(scope, (await self.read(gateway, scope.account)).enabled)
        finally:
            self._reading.pop(scope.account, None)
            self._listing(bool(self._reading))

    def _search_listed(self, scope: Scope, enabled: Mapping[str, bool]) -> None:
        """Search the Regions that an account has, and those that others have where it has them too."""
        self._reading.pop(scope.account, None)
        names = sorted(name for name, is_enabled in enabled.items() if is_enabled)
        new = set(names).difference(self._stored.added_regions)
        self._brought |= new
        self._stored.unlisted -= _in_others(scope, self._brought)
        self._stored.unlisted |= {each for other in self._reading.values() for each in _in_others(other, new)}
        self._stored.left_out |= _in_others(scope, set(enabled).difference(names))
        self._explorer().join_regions(*names)


def _in_others(scope: Scope, regions: Iterable[str]) -> frozenset[Scope]:
    """The account of this scope in these Regions, without the scope itself."""
    return frozenset(replace(scope, region=region) for region in regions if region != scope.region)
