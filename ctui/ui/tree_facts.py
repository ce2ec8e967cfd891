"""TreeFacts: what the screen says of trees of log files, made once for each of their states."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.session import Session
from ctui.model.log_files.tree_state import Deliveries, TreeState
from ctui.render.text import times
from ctui.ui.session_facts import account_names
from ctui.ui.widgets.headings import HoleAt

if TYPE_CHECKING:
    from ctui.model.log_files.hole_groups import HoleGroup
    from ctui.render.panes.files_line import FilesFacts
    from ctui.render.panes.hole_line import HoleWords


class TreeFacts:
    """Reads the trees of a session. What it has made of a state is kept as long as that is current."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._trees: tuple[TreeState, ...] = ()
        self._facts: FilesFacts | None = None
        self._holes: tuple[HoleAt, ...] = ()
        self._holes_of: tuple[object, ...] = ()
        self._holes_trees: tuple[TreeState, ...] = ()

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
    def facts(self) -> "FilesFacts | None":
        """All trees together; None if there is none."""
        if self.trees is not self._trees:
            from ctui.render.panes.files_line import files_facts  # noqa: PLC0415 - most sessions have no log files

            self._trees, self._facts = self.trees, files_facts(self.trees)
        return self._facts if self._trees else None

    @property
    def deliveries(self) -> tuple[Deliveries, ...]:
        """Accounts and Regions with log files: tree after tree."""
        return tuple(one for tree in self.trees for one in tree.deliveries)

    def holes(self, state: ExplorerState) -> tuple[HoleAt, ...]:
        """Where between the rows of a range files may be missing, the newest first."""
        if not self.trees:
            return ()
        names, (start, end) = account_names(self._session), state.pinned
        # The end of a range that is open moves on with the clock.
        subject = (start, None if state.timespan.open_ended else end, names)
        if self.trees is not self._holes_trees or subject != self._holes_of:
            from ctui.model.log_files.hole_groups import hole_groups  # noqa: PLC0415 - most sessions have no log files
            from ctui.render.panes.files_line import holes_in  # noqa: PLC0415 - as above

            self._holes_trees, self._holes_of = self.trees, subject
            found = hole_groups(holes_in(self.trees, start, end))
            now = self._session.server_now()
            self._holes = tuple(HoleAt(group.start, _words(group, names, now)) for group in found)
        return self._holes


def _words(group: "HoleGroup", names: Mapping[str, str], now: datetime) -> "HoleWords":
    from ctui.render.panes.files_line import instant  # noqa: PLC0415 - most sessions have no log files
    from ctui.render.panes.hole_line import HoleWords  # noqa: PLC0415 - as above

    return HoleWords(
        times.near(instant(group.start), now),
        times.near(instant(group.end), now),
        times.length(group.end - group.start),
        tuple(" ".join(filter(None, (names.get(account, account), region))) for account, region in group.scopes),
        group.explained_by,
    )
