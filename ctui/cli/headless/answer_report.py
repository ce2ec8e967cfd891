"""What an answer rests on, in one sentence for people and as one JSON object for programs."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.remedies import words_of
from ctui.core.lookup.planner import end_in_files
from ctui.core.lookup.query_state import Halt, instant
from ctui.core.rows.empty_answer import StoredValues, empty_result
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.connection import ANY
from ctui.model.empty_result.evidence import Cause, Reason
from ctui.model.empty_result.reasons import reasons_of, reasons_with_rows
from ctui.model.filter.write import write_filter
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.render.text.ranges import range_words
from ctui.render.text.spans import count
from ctui.render.text.times import moment

if TYPE_CHECKING:
    from ctui.cli.headless.files_report import FilesReport
    from ctui.core.explorer.explorer_state import ExplorerState


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """What was searched, and what was not."""

    matched: int
    """Rows that were written."""
    complete: bool
    """True if every event that matches was written, by what the service has said; of log files it says nothing."""
    limited: bool
    """True if the person's own limit has ended it before that."""
    range: str
    """The range in words."""
    start: int | None
    """Its first second; None for the start of history."""
    end: int
    """Its last second."""
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    """Those that are known by now."""
    scanned: int
    """Events that were compared with the line, or that the service selected."""
    reached: datetime | None
    """How far back every Region was searched that is not refused; None if none was."""
    uncovered: tuple[tuple[str, Stretch], ...]
    """Region and seconds of which it is not known whether every event is here."""
    refused: tuple[str, ...]
    """Regions that are not continued because of `error`."""
    unreached: tuple[tuple[str, CtuiError | None], ...]
    """Logins whose accounts were not searched, and why."""
    error: CtuiError | None
    """Why it failed or is incomplete, if an error says so."""
    failed: bool
    """True if it failed as a whole."""
    halt: Halt | None
    """Why it ended before its goal, if no error did."""
    unreadable: int
    """Events that could not be read, or not in full."""
    own_hidden: int
    """Reads of ctui itself that match and were left out."""
    late: int
    """Rows that were written behind older ones."""
    gone: int
    """Events that the store had deleted before they could be written."""
    reasons: tuple[Reason, ...]
    """Why nothing matches, or what is wrong with the line although something does."""
    files: "FilesReport | None" = None
    """The log files that were searched."""

    @classmethod
    def of(
        cls,
        session: Session,
        matched: int,
        *,
        limited: bool = False,
        late: int = 0,
        gone: int = 0,
        values: StoredValues | None = None,
        error: CtuiError | None = None,
    ) -> "AnswerReport":
        """Of a session whose explorer was asked, after so many rows were written.

        `values` were read to explain it; `error` is what has ended it, if that was none of the explorer's.
        """
        explorer = session.explorer
        state, query, read_error = explorer.state, explorer.state.query, explorer.read_error
        evidence = empty_result(session, state, values)
        files = None if state.files is None else _files_report(session, state)
        # What log files prove is said apart.
        by_service = replace(state, files=None).complete
        uncovered = [] if state.impossible else explorer.query.uncovered()
        if not (uncovered or state.impossible or by_service or (files is not None and files.alone)):
            # Nothing was planned: there is no connection.
            whole = Stretches.of(Stretch.between(state.pinned[0] or 0, state.pinned[1] + 1))
            uncovered = [(region, whole) for region in session.state.regions or ("",)]
        return cls(
            matched=matched,
            complete=by_service and error is None and not (query.store_only or limited or gone),
            limited=limited,
            range=range_words(state.timespan, state.pinned),
            start=state.pinned[0],
            end=state.pinned[1],
            regions=tuple(region for region in session.state.regions if region != ANY),
            accounts=session.state.accounts,
            scanned=query.scanned,
            reached=query.oldest,
            uncovered=tuple((region, part) for region, parts in uncovered for part in parts),
            refused=query.refused,
            unreached=tuple((login.label, login.error) for login in session.state.unreached),
            error=error or read_error or query.error,
            failed=(error or read_error or explorer.query.load_error) is not None or query.store_only,
            halt=query.halt,
            unreadable=query.unreadable,
            own_hidden=state.own_hidden,
            late=late,
            gone=gone,
            reasons=(reasons_with_rows if state.shown else reasons_of)(evidence),
            files=files,
        )

    @property
    def exit_code(self) -> ExitCode:
        """How the command ends with it: a limit of the person's own makes nothing incomplete, unless newer events may
        be missing before it."""
        if self.failed:
            return ExitCode.FAILED
        newest_are_here = self.limited and not (self.refused or self.gone or self.unreached)
        all_searched = self.files is None or self.files.all_searched
        return ExitCode.COMPLETE if (self.complete or newest_are_here) and all_searched else ExitCode.INCOMPLETE

    @property
    def _complete_with_files(self) -> bool | None:
        """False if something is known to be missing, else None, for log files prove nothing."""
        assert self.files is not None, "log files were searched"
        return None if self.complete and self.files.all_searched else False

    def as_json(self) -> dict[str, Any]:
        """For programs: instants in UTC with Z; `null` is the start of history, or not known."""
        return {
            "matched": self.matched,
            "complete": self.complete if self.files is None else self._complete_with_files,
            "ended_at_limit": self.limited,
            "range": {"from": written_second(self.start), "to": written_second(self.end)},
            "regions": list(self.regions),
            "accounts": list(self.accounts),
            "scanned": self.scanned,
            "reached_back_to": None if self.reached is None else written_second(int(self.reached.timestamp())),
            "not_covered": not_covered(self.uncovered),
            "refused": list(self.refused),
            "not_reached": {label: None if error is None else words_of(error) for label, error in self.unreached},
            "halted": None if self.halt is None else self.halt.value,
            "error": None if self.error is None else words_of(self.error),
            "why_empty": [] if self.matched else [_as_json(reason) for reason in self.reasons],
            "about_the_line": [_as_json(reason) for reason in self.reasons] if self.matched else [],
            "unreadable": self.unreadable,
            "own_calls_hidden": self.own_hidden,
            "late": self.late,
            "gone": self.gone,
            **({} if self.files is None else {"files": self.files.as_json()}),
        }

    def sentences(self) -> list[str]:
        """For people: what matches and what was searched; behind it what they must know, a line each."""
        regions = f" in {', '.join(self.regions)}" if self.regions else ""
        match = f"{count(self.matched)} event{'s' * (self.matched != 1)} match{'es' * (self.matched == 1)}"
        back = "" if self.complete or self.reached is None else f", back to {moment(self.reached)} UTC"
        end = ": complete" if self.complete else ""
        said = [f"{match}. {count(self.scanned)} scanned{regions}, {self.range}{back}{end}."]
        if self.files is not None:
            by_service = [] if self.files.alone else [f"AWS{regions}{back}{end}."]
            said = [f"{match}, {self.range}.", *by_service, f"Log files: {self.files.sentence()}."]
        if self.limited:
            said.append("Stopped at --limit: more may match.")
        if self.own_hidden:
            said.append(
                f"Reads of ctui itself that match and are hidden: {count(self.own_hidden)}; --own-calls shows them."
            )
        if self.late:
            said.append(f"Events that came late and stand behind older ones: {count(self.late)}.")
        why = "Note" if self.matched else "Why"
        said += self.warnings()
        for reason in self.reasons:
            if reason.cause is not Cause.REFUSED:
                instead = _instead(reason)
                said.append(f"{why}: {reason.fact}." + (f" Instead: {instead}" if instead else ""))
        return said

    def warnings(self) -> list[str]:
        """What is missing of the answer, also for those who want no other words."""
        said = [f"Events that could not be read in full: {count(self.unreadable)}."] if self.unreadable else []
        if self.gone:
            said.append(f"Events that the store deleted before they were written: {count(self.gone)}; --keep-size.")
        if self.files is not None:
            said += self.files.warnings()
        if self.complete:
            return said
        said += [f"{label} not searched: {words_of(error) if error else 'no login'}" for label, error in self.unreached]
        if self.error is not None:
            words = words_of(self.error)
            said.append(f"{', '.join(self.refused)} refused: {words}" if self.refused else words)
        if self.limited:
            return said
        if self.halt is not None:
            said.append(_HALTED[self.halt])
        if not self.failed and self.uncovered:
            parts = ", ".join(f"{region} {_stretch(part)}" for region, part in self.uncovered)
            said.append(f"Incomplete, not covered: {parts}.")
        return said


_HALTED = {
    Halt.BOUND: "Stopped at --scan-limit.",
    Halt.NO_PROGRESS: "The service went on returning pages without a new event.",
}


def _files_report(session: Session, state: "ExplorerState") -> "FilesReport":
    from ctui.cli.headless.files_report import FilesReport  # noqa: PLC0415 - most searches have no log files

    trees, (start, last) = session.state.trees, state.pinned
    end = end_in_files(state.timespan, last)
    inside = [hole for tree in trees for hole in tree.holes if hole.start <= end and hole.end >= (start or 0)]
    holes = sorted(inside, key=lambda hole: (-hole.end, hole.account, hole.region))
    return FilesReport(trees, tuple(holes), session.state.files_alone)


def not_covered(parts: Iterable[tuple[str, Stretch]]) -> list[dict[str, str | None]]:
    """Seconds that are not covered, by Region, for programs: both ends belong to them."""
    return [
        {"region": region or None, "from": written_second(part.start or None), "to": written_second(part.end - 1)}
        for region, part in parts
    ]


def _stretch(part: Stretch) -> str:
    end = f"to {moment(instant(part.end - 1))} UTC"
    return end if not part.start else f"from {moment(instant(part.start))} {end}"


def _as_json(reason: Reason) -> dict[str, str | None]:
    return {"cause": reason.cause.value, "why": reason.fact, "instead": _instead(reason)}


def _instead(reason: Reason) -> str | None:
    """The line that is suggested, as it can be given to a search; None if none is."""
    if reason.line is None:
        return None
    everything = "" if reason.line.since or reason.line.until else " --since all"
    return f"{shlex.quote(write_filter(reason.line))}{everything}"


def written_second(second: int | None) -> str | None:
    """An epoch second in UTC with Z; None stays None."""
    return None if second is None else f"{instant(second):%Y-%m-%dT%H:%M:%SZ}"
