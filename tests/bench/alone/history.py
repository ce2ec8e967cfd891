"""How long a page of the emulator's event history takes, and how much memory, with many events.

    python tests/bench/bench_history.py 1000000

Not run by pytest. Prints one line per question; exits with 1 where a page of 50 takes longer than 5 ms (median of 40).
`--folder DIR` keeps the events there and asks them again at the next start: on a busy machine only the CPU time counts.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from ctui.emulator.records.event_history import EventHistory, Query
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.model.event.event import Resource

ACCOUNT, REGION, START = "111111111111", "us-east-1", 1_700_000_000
LIMIT_MS = 5.0
PAGES = 40


def events(count: int) -> Iterator[Recorded]:
    """Events in time order, three a second, with common and rare values, lag, and records of about 1 KiB."""
    dice = Random(1)
    filling = "x" * 900
    for number in range(count):
        second = START + number // 3
        event_id = str(uuid.UUID(int=dice.getrandbits(128)))
        yield Recorded(
            account=ACCOUNT,
            region=REGION,
            event_id=event_id,
            time=second,
            available=second + dice.random() * 600,
            name="Rare" if number == count // 2 else f"Describe{number % 200}",
            source=f"service{number % 20}.amazonaws.com",
            username=f"user{number % 50}",
            read_only="false" if number % 5 == 0 else "true",
            access_key_id=f"AKIA{number % 300}",
            resources=(Resource("AWS::EC2::Instance", f"i-{number}"),) if number % 3 == 0 else (),
            record=f'{{"eventID":"{event_id}","filling":"{filling}"}}',
            origin=Origin.LIVE,
        )


def questions(count: int, top: int) -> Iterator[tuple[str, Query]]:
    """Every attribute with common, rare and absent values; horizons; the edition of 2015."""
    end = START + count // 3
    base = Query(ACCOUNT, REGION, 0, end, end + 1000.0, top)
    instance = f"i-{count // 2 // 3 * 3}"
    attributes = [
        None,
        ("EventName", "Describe7"),
        ("EventName", "Rare"),
        ("EventName", "None"),
        ("ReadOnly", "true"),
        ("ReadOnly", "false"),
        ("Username", "user7"),
        ("Username", "nobody"),
        ("ResourceType", "AWS::EC2::Instance"),
        ("ResourceType", "AWS::S3::Bucket"),
        ("ResourceName", instance),
        ("EventSource", "service3.amazonaws.com"),
        ("AccessKeyId", "AKIA7"),
        ("EventId", "no-such-id"),
    ]
    stretches = tuple(
        (START + step, START + step + 500.0) for step in range(0, count // 3, max(1000, count // 3 // 30))
    )
    for attribute in attributes:
        name = "everything" if attribute is None else "=".join(attribute)
        yield name, replace(base, attribute=attribute)
        yield f"{name}, half of it not yet available", replace(base, attribute=attribute, horizon=START + count / 6)
        yield f"{name}, 2015", replace(base, attribute=attribute, write_only=True, stretches=stretches)


def measure(history: EventHistory, query: Query) -> tuple[list[float], list[float], int]:
    """Milliseconds on the clock, milliseconds of CPU, of each of PAGES pages; and how many events came.

    Pages are walked from the newest on, and over again from the newest where they end.
    """
    times: list[float] = []
    cpu_times: list[float] = []
    found: set[str | None] = set()
    position = None
    for _ in range(PAGES):
        begun, used = time.perf_counter(), time.thread_time()
        page, position = history.page(query, position, 50)
        times.append((time.perf_counter() - begun) * 1000)
        cpu_times.append((time.thread_time() - used) * 1000)
        found.update(event.event_id for event in page)
    return times, cpu_times, len(found)


def memory() -> float:
    """The largest memory this process has had, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Fill a history, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int, nargs="?", default=100_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        folder.mkdir(exist_ok=True)
        history = EventHistory(folder / "state.db")
        begun, used = time.perf_counter(), time.process_time()
        if history.top() == 0:
            history.add(events(given.events))
        wall, cpu = time.perf_counter() - begun, time.process_time() - used
        size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
        say(f"{given.events:,} events in {wall:.1f} s ({cpu:.1f} s of CPU), {size:,.0f} MiB, memory {memory():.0f} MiB")
        slow = 0
        for name, query in questions(given.events, history.top()):
            times, cpu_times, seen = measure(history, query)
            median = statistics.median(times)
            slow += median > LIMIT_MS
            say(
                f"{median:7.2f} ms median {max(times):8.2f} ms max {statistics.median(cpu_times):7.2f} ms of CPU "
                f"{seen:5} events  {name}"
            )
        say(f"memory {memory():.0f} MiB; {slow} questions over {LIMIT_MS:.0f} ms")
        history.close()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
