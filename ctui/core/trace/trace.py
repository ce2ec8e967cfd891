"""Trace: the chain of a session: who issued its credentials, up to a person or a service, and what came of them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from ctui.core.explorer.queries import Queries
from ctui.core.rows.row_filter import ReadRows
from ctui.core.server_clock import ServerClock
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.core.trace.activity import activity_of, issued_by, issuing_event
from ctui.core.trace.finder import MOST_PAGES, Finder, Found, FoundCall
from ctui.core.trace.link import Link
from ctui.core.trace.origin import end_above, parent_of
from ctui.errors import CtuiError, StoreError
from ctui.model.connection import Scope
from ctui.model.event.credentials import TEMPORARY, CredentialKind, Credentials
from ctui.model.event.issuer import Call, Proof, better, is_of_portal, proof_of, same_call
from ctui.model.trace.searches import Search, search_around, search_for_calls, search_up_to, searches_for_issuer
from ctui.model.trace.trace_state import End, EndCause, TraceState

MOST_CALLS = 30
"""Pages after which a trace begins no further lookup."""
MOST_UP = 10
"""Credentials above those that it began with."""
MOST_DOWN = 4
"""Credentials below them, one issued with the other."""
MOST_CHILDREN = 8
"""Credentials issued with the same ones, of which is looked at what they did."""
_SURE = (Proof.KEY, Proof.SIGN_IN_SESSION, Proof.SESSION)


class Trace:
    """One trace, under way from the start. It publishes a state with each step; `cancel` ends it."""

    def __init__(
        self,
        row_id: int,
        queries: Queries,
        read: ReadRows,
        tasks: Tasks,
        server_clock: ServerClock,
    ) -> None:
        """`row_id`: the event to begin with; `read` reads stored rows off the loop."""
        self.changed: Signal[TraceState] = Signal()
        self.state = TraceState(regions=tuple(scope.region for scope in queries.stored.scopes() if not scope.in_files))
        self._queries = queries
        self._finder = Finder(queries, read, self._count)
        self._server_clock = server_clock
        self._root: Link | None = None
        self._account = ""
        self._calls_before = 0
        self._task: asyncio.Task[None] = tasks.start(self._run(row_id, tasks), "trace")

    def cancel(self) -> None:
        """End it; a page that is being stored still is."""
        self._task.cancel()

    async def _run(self, row_id: int, tasks: Tasks) -> None:
        problem = ""
        try:
            await tasks.guard(self._walk(row_id))
        except CtuiError as error:
            problem = error.message
        self._publish(running=False, looking_for=None, problem=problem)

    async def _walk(self, row_id: int) -> None:
        call = await self._finder.read(row_id)
        if call is None:
            raise StoreError("Event store", "This event is no longer in the store.", "Press r to load it again.")
        self._account = call.account
        traced = self._root = Link(call.credentials, traced=True)
        if call.issued is not None and (call.issued.credentials.key or call.issued.credentials.principal):
            traced.credentials, traced.issued = call.issued.credentials, call.issued
            self._publish()
            above = await self._found_issuer(traced, FoundCall(row_id, call), Proof.KEY, None)
        else:
            self._publish()
            above = await self._above_call(traced, call)
        depth = 0
        while above is not None:
            link, at = above
            depth += 1
            if depth > MOST_UP:
                link.end = End(EndCause.DEPTH)
                break
            above = await self._issuer_above(link, at)
        await self._below(traced, call.second, 0)

    # Up: who issued them.

    async def _above_call(self, traced: Link, call: Call) -> tuple[Link, int] | None:
        """What issued the credentials that a call was made with, in another account if it came from there."""
        foreign = traced.credentials.kind is CredentialKind.OTHER_ACCOUNT
        if foreign and not await self._continue_elsewhere(traced, call):
            return None
        return await self._issuer_above(traced, call.second)

    async def _issuer_above(self, link: Link, at: int) -> tuple[Link, int] | None:
        """Look for what issued these credentials, used at a second; returns what it was made with, and when."""
        searches = searches_for_issuer(link.credentials, at)
        if not searches:
            link.end = end_above(link.credentials)
            self._publish()
            return None
        best: tuple[Proof, FoundCall, Search] | None = None
        complete = True
        for search, stored in ((searches[0], True), *((search, False) for search in searches)):
            found = await self._find(search, link, lambda calls: self._best(link, calls) is None, stored=stored)
            if isinstance(found, End):
                link.end = found
                break
            complete = complete and (found.complete or stored)
            proven = self._best(link, found.calls)
            if proven is not None and (best is None or better(proven[0], best[0])):
                best = (*proven, search)
            if best is not None and best[0] in _SURE:
                break
            if found.error is not None and not (stored or self._finder.store_only):
                link.end = End(EndCause.FAILED, problem=found.error.message)
                break
        if best is None:
            link.end = link.end or self._not_found(link, searches, complete)
            self._publish()
            return None
        link.end = None
        proof, issuer, search = best
        return await self._found_issuer(link, issuer, proof, search)

    def _best(self, link: Link, calls: Sequence[FoundCall]) -> tuple[Proof, FoundCall] | None:
        """The event among these that issued the credentials of a link for the surest reason, the nearest in time."""
        used, best = link.credentials, None
        nearest = 0
        for one in calls:
            proof = _proof(one.call, used)
            if proof is None:
                continue
            apart = abs(one.call.second - (used.began if used.began is not None else one.call.second))
            if best is None or better(proof, best[0]) or (proof is best[0] and apart < nearest):
                best, nearest = (proof, one), apart
        return best

    def _not_found(self, link: Link, searches: tuple[Search, ...], complete: bool) -> End:
        if self._finder.store_only or link.scopes:
            cause = EndCause.OFFLINE
        elif link.credentials.kind is CredentialKind.USER_KEY:
            cause = EndCause.MADE_BEFORE
        elif link.credentials.kind is CredentialKind.SAML:
            return replace(end_above(link.credentials), searches=searches, complete=complete)
        else:
            cause = EndCause.NOT_FOUND
        return End(cause, account=link.other_account, searches=searches, complete=complete)

    async def _found_issuer(
        self, link: Link, found: FoundCall, proof: Proof, search: Search | None
    ) -> tuple[Link, int] | None:
        """This event issued the credentials of a link: put what it was made with above it."""
        call = found.call
        link.issuer = issuing_event(found, proof, search, other_account=link.other_account)
        above = Link(parent_of(call), scopes=link.scopes)
        if self._is_known(above.credentials):
            link.end = End(EndCause.LOOP)
            self._publish()
            return None
        above.children.append(link)
        self._root = above
        self._publish()
        elsewhere = above.credentials.kind is CredentialKind.OTHER_ACCOUNT
        if elsewhere and not await self._continue_elsewhere(above, call):
            return None
        return above, call.second

    async def _continue_elsewhere(self, above: Link, call: Call) -> bool:
        """The caller is of another account: go on in what is stored of that; False if the chain ends here."""
        issued, account = call.issued, above.credentials.account
        scopes = self._queries.stored.scopes_of(account) if account else []
        if scopes:
            found = await self._find(search_around(call.name, call.second), above, lambda _: True, scopes=scopes)
            calls = found.calls if isinstance(found, Found) else ()
            if (twin := next((one for one in calls if same_call(one.call, call)), None)) is not None:
                above.credentials, above.scopes = twin.call.credentials, scopes
                self._publish()
                return True
        who = ""
        if issued is not None and issued.internal:
            found = await self._find(search_around("SwitchRole", call.second), above, lambda _: True)
            for one in found.calls if isinstance(found, Found) else ():
                switch = one.call.issued
                if switch is not None and switch.credentials.principal == issued.credentials.principal:
                    who = switch.switched_from
        above.end = End(EndCause.OTHER_ACCOUNT, account=account, who=who)
        self._publish()
        return False

    # Down: what came of them.

    async def _below(self, link: Link, at: int, depth: int) -> None:
        """What these credentials did, and what they issued."""
        credentials = link.credentials
        search = search_for_calls(credentials, at, int(self._server_clock.time().likely.timestamp()))
        if search is None:
            return
        if not link.scopes and credentials.account and self._account and credentials.account != self._account:
            link.scopes = self._queries.stored.scopes_of(credentials.account)
            if not link.scopes:
                link.end_below = End(EndCause.OTHER_ACCOUNT, account=credentials.account)
                self._publish()
                return
        up_to = False
        found = await self._find(search, link, lambda _: True)
        if not depth and isinstance(found, Found) and _has_only_later(found, at):
            # Its key is busy: what was done up to the event matters more than what was done last.
            search, up_to = search_up_to(search, at), True
            found = await self._find(search, link, lambda _: True)
        if isinstance(found, End):
            link.end_below = found
            self._publish()
            return
        if found.error is not None and not self._finder.store_only:
            link.end_below = End(EndCause.FAILED, problem=found.error.message)
        calls = [one for one in found.calls if link.did(one.call)]
        issued = issued_by(calls)
        followed = issued[:MOST_CHILDREN] if depth < MOST_DOWN else []
        sure = all(credentials.is_session_of(one.call.credentials) for one in calls)
        link.activity = activity_of(
            calls, search, complete=found.complete, sure=sure, up_to=up_to, not_followed=len(issued) - len(followed)
        )
        for one in followed:
            assert one.call.issued is not None, "it is among those that issued something"
            below = one.call.issued.credentials
            issuer = issuing_event(one, Proof.KEY, search)
            child = Link(below, scopes=link.scopes, issued=one.call.issued, issuer=issuer)
            if self._is_known(below):
                child.end_below = End(EndCause.LOOP)
            link.children.append(child)
        self._publish()
        for child in link.children:
            if child.end_below is None and child.issuer is not None:
                await self._below(child, child.issuer.second, depth + 1)

    def _is_known(self, credentials: Credentials) -> bool:
        return self._root is not None and self._root.contains(credentials)

    # How it is looked up.

    async def _find(
        self,
        search: Search,
        link: Link,
        wanted: Callable[[Sequence[FoundCall]], bool],
        *,
        stored: bool = False,
        scopes: Sequence[Scope] = (),
    ) -> Found | End:
        """The events of a lookup, or why none is made."""
        left = MOST_CALLS - self.state.calls
        scopes = scopes or link.scopes
        if left <= 0 and not (stored or scopes):
            return End(EndCause.CALLS, searches=(search,))
        self._calls_before = self.state.calls
        self._publish(looking_for=search)
        found = await self._finder.find(search, wanted, pages=min(left, MOST_PAGES), stored=stored, scopes=scopes)
        self._publish(looking_for=None)
        return found

    def _count(self, pages: int) -> None:
        if self._calls_before + pages != self.state.calls:
            self._publish(calls=self._calls_before + pages)

    def _publish(self, **changes: object) -> None:
        root = None if self._root is None else self._root.frozen()
        store_only = self._finder.store_only
        self.state = replace(self.state, root=root, store_only=store_only, **changes)  # type: ignore[arg-type]
        self.changed.publish(self.state)


def _has_only_later(found: Found, at: int) -> bool:
    """True if not all was loaded, and nothing of what was done by that second."""
    return not (found.complete or found.error) and all(one.call.second > at for one in found.calls)


def _proof(call: Call, used: Credentials) -> Proof | None:
    """Why this call is taken for the one that issued credentials; None if it is not."""
    if used.kind is CredentialKind.SAML:
        return Proof.LIKELY if is_of_portal(call, used) else None
    if call.issued is None or used.kind not in (*TEMPORARY, CredentialKind.USER_KEY):
        return None
    return proof_of(call.issued, call.second, used)
