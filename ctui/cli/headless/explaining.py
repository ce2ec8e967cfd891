"""`ctui search --explain`: what a search would ask of the service, and how long that takes. It asks nothing."""

import contextlib
import json
from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from ctui.cli.headless.answer_report import not_covered, written_second
from ctui.cli.headless.exit_codes import ExitCode
from ctui.cli.headless.run import Run
from ctui.cli.headless.searching import SearchOptions, asked
from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup.forecast import Forecast
from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.lookup.planner import PAGE_EVENTS
from ctui.errors import NotConnected
from ctui.model.filter.write import write_term
from ctui.model.lookup.lookup import Clause
from ctui.render.text import times
from ctui.render.text.ranges import range_in_full
from ctui.render.text.spans import clean_text, count

if TYPE_CHECKING:
    from pathlib import Path

_AS_JSON = ("json", "ndjson")
"""Formats in which the plan is one object."""


async def explain(run: Run, options: SearchOptions) -> ExitCode:
    """Write the plan, in words or as JSON, and make no call. Raises CtuiError, ReaderLeft."""
    explorer, streams = run.session.explorer, run.streams
    if not asked(run, options):
        return ExitCode.UNREADABLE
    if not run.settings.files_alone:
        with contextlib.suppress(NotConnected):
            await run.connect()
    if run.settings.files_alone:
        plan: _Plan | _FilesPlan = _FilesPlan(explorer, run.settings.files)
    else:
        forecasts = run.session.forecasts(run.settings.working_region or "")
        plan = _Plan(explorer, forecasts, run.settings.lookup_rate, run.settings.files)
    if options.format in _AS_JSON:
        text = json.dumps(plan.as_json())
    else:
        text = "\n".join(f"{name:14} {clean_text(words)}" for name, words in plan.lines())
    await streams.write(f"{text}\n".encode())
    return ExitCode.COMPLETE


class _Plan:
    """What a question takes, in all its Regions."""

    def __init__(
        self, explorer: Explorer, forecasts: Sequence[Forecast], rate: float, files: "Sequence[Path]" = ()
    ) -> None:
        """`files`: the log files that are searched besides."""
        self._state = explorer.state
        self._files = [str(path) for path in files]
        self._forecasts = forecasts
        self._rate = rate
        # All Regions select by the same clause; each category of events by one of its own.
        selected = forecasts[0].server_filter
        self._selected = [f"{one.key.value}={one.value}" for one in selected]
        self._by_category = {one.category.value: one.server_filter for one in forecasts}
        self._filtered_here = [write_term(term) for term in explorer.filtered_here(selected)]
        calls = [one.calls for one in forecasts]
        self._scans = sum(len(one.scans) for one in forecasts)
        self._calls = None if None in calls else sum(filter(None, calls))
        # Each Region has a pace of its own.
        by_region: dict[str, float] = {}
        for one in forecasts:
            by_region[one.region] = by_region.get(one.region, 0.0) + one.seconds(rate)
        self._seconds = max(by_region.values())

    def lines(self) -> list[tuple[str, str]]:
        """Each fact with its name."""
        lookup, state = self._state.query.lookup, self._state
        lines = [("range", range_in_full(state.timespan, state.pinned))]
        if lookup.impossible:
            return [*lines, ("calls", "none: no event can match")]
        if lookup.marked:
            return [*lines, ("calls", "none: marked events are all stored")]
        lines += [
            ("Regions", ", ".join(dict.fromkeys(one.region or "that of the login" for one in self._forecasts))),
            *([("events", " and ".join(self._by_category))] if lookup.insights is not None else ()),
            *(
                (f"AWS selects {category} by" if len(self._by_category) > 1 else "AWS selects by", _words(selected))
                for category, selected in self._by_category.items()
            ),
            ("filtered here", " ".join(self._filtered_here) or "nothing"),
            *(("log files", path) for path in self._files),
        ]
        if not self._scans:
            return [*lines, ("calls", "none: all of it is stored")]
        pace = f"{self._rate:g} a second in each Region"
        if self._calls is None:
            return [
                *lines,
                ("calls", f"one for each 50 events, {count(self._scans)} at least: no stored events say how many"),
                ("takes", f"{pace}: 1,000 events in {times.length(ceil(1000 / PAGE_EVENTS * SPACING / self._rate))}"),
            ]
        takes = times.between(self._seconds, self._seconds)
        return [*lines, ("calls", f"about {count(self._calls)}, as dense as stored events are"), ("takes", takes)]

    def as_json(self) -> dict[str, Any]:
        """For programs; null is what is not known."""
        lookup = self._state.query.lookup
        return {
            "range": {"from": written_second(self._state.pinned[0]), "to": written_second(self._state.pinned[1])},
            "regions": list(dict.fromkeys(one.region or None for one in self._forecasts)),
            "categories": list(self._by_category),
            "selected_by_aws": self._selected,
            "filtered_here": self._filtered_here,
            "scans": self._scans,
            "calls": self._calls,
            "seconds": None if self._calls is None else round(self._seconds, 1),
            "not_covered": not_covered((one.region, part) for one in self._forecasts for part in one.uncovered),
            "impossible": lookup.impossible,
            **({"files": self._files} if self._files else {}),
        }


class _FilesPlan:
    """What a question takes where log files are all that is searched."""

    def __init__(self, explorer: Explorer, files: "Sequence[Path]") -> None:
        self._state = explorer.state
        self._files = [str(path) for path in files]
        self._filtered_here = [write_term(term) for term in self._state.line.terms]

    def lines(self) -> list[tuple[str, str]]:
        """Each fact with its name."""
        return [
            ("range", range_in_full(self._state.timespan, self._state.pinned)),
            *(("log files", path) for path in self._files),
            ("filtered here", " ".join(self._filtered_here) or "nothing"),
            ("reads", "files that are new since they were indexed, and those with records that may match"),
            ("calls", "none: log files alone"),
        ]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        start, end = self._state.pinned
        return {
            "range": {"from": written_second(start), "to": written_second(end)},
            "filtered_here": self._filtered_here,
            "calls": 0,
            "seconds": 0,
            "impossible": self._state.query.lookup.impossible,
            "files": self._files,
        }


def _words(selected: Clause) -> str:
    return " or ".join(f"{one.key.value}={one.value}" for one in selected) or "nothing: every event in range is read"
