"""TreeFacts: what the screen says of trees of log files, made once for each of their states."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.session import Session
from ctui.model.log_files.files_in_range import MissingFiles
from ctui.model.log_files.tree_state import Deliveries, TreeState
from ctui.render.text import times
from ctui.ui.session_facts import account_names
from ctui.ui.widgets.headings import HoleAt

if TYPE_CHECKING:
    from ctui.render.panes.files_line import FilesFacts
    from ctui.render.panes.hole_line import HoleWords


class TreeFacts:
    """Reads the trees of a session. What it has made of a state is kept as long as that is current."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._facts: FilesFacts | None = None
        self._facts_of: tuple[tuple[TreeState, ...], int] = ((), 0)
        self._holes: tuple[HoleAt, ...] = ()
        self._holes_of: tuple[tuple[MissingFiles, ...], Mapping[str, str]] = ((), {})

    @property
    def alone(self) -> bool:
        """Whether log files are all that is looked at."""
        return self._session.state.files_alone

    @property
    def trees(self) -> tuple[TreeState, ...]:
        """How each tree stands."""
        return self._session.state.trees

    @property
    def paths(self) -> list[str]:
        """The paths of the trees, as they were given."""
        return [tree.path for tree in self.trees]

    @property
    def deliveries(self) -> tuple[Deliveries, ...]:
        """Accounts and Regions with log files: tree after tree, what is not known last."""
        return deliveries_of(self.trees)

    def facts(self, state: ExplorerState) -> "FilesFacts | None":
        """All trees together, with what may be missing in the range; None if there is no tree."""
        trees, holes = self.trees, len(_missing(state))
        if trees is not self._facts_of[0] or holes != self._facts_of[1]:
            from ctui.render.panes.files_line import files_facts  # noqa: PLC0415 - most sessions have no log files

            self._facts_of, self._facts = (trees, holes), files_facts(trees, holes)
        return self._facts if trees else None

    def holes(self, state: ExplorerState) -> tuple[HoleAt, ...]:
        """Where between the rows of a range files may be missing, the newest first."""
        missing = _missing(state)
        if not missing:
            return ()
        names = account_names(self._session)
        if missing is not self._holes_of[0] or names != self._holes_of[1]:
            now = self._session.server_now()
            self._holes_of = (missing, names)
            self._holes = tuple(HoleAt(one.second, _words(one, names, now)) for one in missing)
        return self._holes


def deliveries_of(trees: Iterable[TreeState]) -> tuple[Deliveries, ...]:
    """Accounts and Regions with log files: tree after tree, what is not known last."""
    return tuple(one for tree in trees for one in sorted(tree.deliveries, key=_not_known))


def _not_known(one: Deliveries) -> bool:
    return not one.account


def _missing(state: ExplorerState) -> tuple[MissingFiles, ...]:
    return () if state.files is None else state.files.missing


def _words(missing: MissingFiles, names: Mapping[str, str], now: datetime) -> "HoleWords":
    from ctui.render.panes.files_line import instant  # noqa: PLC0415 - most sessions have no log files
    from ctui.render.panes.hole_line import HoleWords  # noqa: PLC0415 - as above

    return HoleWords(
        times.near(instant(missing.start), now),
        times.near(instant(missing.end), now),
        times.length(missing.end - missing.start),
        tuple(" ".join(filter(None, (names.get(account, account), region))) for account, region in missing.of),
        missing.explained_by,
    )
