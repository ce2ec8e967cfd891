"""Sample traffic: a believable week of an account and the time after it, all derived from a seed."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from ctui.emulator.options import Lag
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.lag import available_at
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.traffic import chains, machines, people
from ctui.emulator.traffic.cast import REGIONS, Organization, SampleAccount
from ctui.emulator.traffic.counterparts import counterparts
from ctui.emulator.traffic.crossing import crossing, intrusion
from ctui.emulator.traffic.incident import incident, incident_begins, incident_stop
from ctui.emulator.traffic.insights import insights as insights_of
from ctui.emulator.traffic.scene import DAY, HOUR, Scene

__all__ = ["REGIONS", "WEEK", "Organization", "incident_begins", "incident_stop", "live", "past"]

WEEK = 7 * DAY

_Script = Callable[[Scene], None]
_Note = tuple[int, dict[str, Any]]

_SCRIPTS: dict[str, _Script] = {
    "people": people.work,
    "servers": machines.servers,
    "functions": machines.functions,
    "scaling": machines.scaling,
    "services": machines.services,
    "pipelines": machines.pipelines,
    "monitoring": machines.monitoring,
    "chains": chains.chains,
}
_SPILL = 1
"""Hours by which events that start in one hour may continue into later ones."""
_order = itemgetter(0, 1, 2, 3, 4)


def past(
    seed: int,
    account: str,
    now: int,
    lag: Lag,
    *,
    insights: bool = False,
    regions: tuple[str, ...] = REGIONS,
    organization: Organization = (),
) -> Iterator[Recorded]:
    """The week before the epoch second `now`, with the incident, newest first.

    The same seed and `now` give the same events in the same order. The incident is one to two days ago, in the early
    morning (UTC). `insights`: with its Insights events, which the service has for trails that ask for them. `regions`
    have traffic at any hour. In an organization the incident begins in its first account.
    """
    sample = SampleAccount(seed, account, regions, organization)
    week = range(now - WEEK, now)
    # What happens in the same second is ordered by script, and the incident comes after all of them.
    calls = [] if organization and organization[0][0] != account else incident(sample, now).records
    calls += crossing(sample, now) if organization else []
    unusual = insights_of(sample, calls) if insights else []
    pending = [(second, 1, 0, 0, place, record) for place, (second, record) in enumerate((*calls, *unusual))]
    for hour in range((now - 1) // HOUR, week.start // HOUR - _SPILL - 1, -1):
        for number, (name, script) in enumerate(_scripts_of(sample).items()):
            notes = _played(sample, name, script, hour)
            pending += [(second, 0, hour, number, place, record) for place, (second, record) in enumerate(notes)]
        pending.sort(key=_order, reverse=True)
        # Earlier hours add nothing from here on.
        settled = bisect_right(pending, -(hour + _SPILL) * HOUR, key=lambda note: -note[0])
        yield from _events([(note[0], note[-1]) for note in pending[:settled]], account, week, lag, Origin.SEEDED)
        del pending[:settled]
    yield from _events([(note[0], note[-1]) for note in pending], account, week, lag, Origin.SEEDED)


def live(
    seed: int,
    account: str,
    since: int,
    until: int,
    lag: Lag,
    *,
    regions: tuple[str, ...] = REGIONS,
    organization: Organization = (),
) -> list[Recorded]:
    """The events of the epoch seconds [since, until), oldest first. Splitting the range gives the same events.

    `regions` and `organization` as for `past`. In an organization an intruder comes by every twenty minutes.
    """
    sample = SampleAccount(seed, account, regions, organization)
    found: list[Recorded] = []
    for hour in range(since // HOUR - _SPILL, (until - 1) // HOUR + 1):
        found += _events(_live_hour(sample, hour), account, range(since, until), lag, Origin.LIVE)
    return sorted(found, key=lambda event: event.time)


@lru_cache(maxsize=12)
def _live_hour(sample: SampleAccount, hour: int) -> tuple[_Note, ...]:
    # This runs once a second for each account: each hour is generated once and kept until the next.
    played = [_played(sample, name, script, hour) for name, script in _scripts_of(sample).items()]
    played.append(_played(sample, "pulse", machines.pulse, hour))
    if sample.organization:
        played.append(_played(sample, "intrusion", intrusion, hour))
    return tuple(note for notes in played for note in notes)


def _scripts_of(sample: SampleAccount) -> dict[str, _Script]:
    """The scripts of an account: in an organization also what calls of the other accounts leave in it."""
    return {**_SCRIPTS, "counterparts": counterparts} if sample.organization else _SCRIPTS


def _played(sample: SampleAccount, name: str, script: _Script, hour: int) -> list[_Note]:
    scene = Scene(sample, name, hour)
    script(scene)
    return scene.records


def _events(
    notes: list[_Note] | tuple[_Note, ...], account: str, stretch: range, lag: Lag, origin: Origin
) -> Iterator[Recorded]:
    for second, record in notes:
        if second in stretch:
            available = available_at(record["eventID"], second, lag)
            yield recorded(record, account=account, origin=origin, available=available)
