"""A pace that several ctui processes share through files: whose turn it is, what is learned, what is not believed."""

import asyncio
import os
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.fakes.clock import EPOCH, AutoClock, FakeClock
from support.fakes.cloudtrail import FakeCloudTrail

from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.lookup.pacing.rate_limit import RateLimiter
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.core.server_clock import ServerClock
from ctui.core.tasks import Tasks
from ctui.model.clock import SystemClock
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan
from ctui.store.opening.files import make_folder, try_lock
from ctui.store.pace_files import REMEMBERED_SECONDS, PaceFiles

SCOPE = Scope("aws", "111111111111", "eu-west-1")


class Machine:
    """Processes of one machine: each has the same clock and folder, and files of its own."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.folder = folder
        self.clock = clock
        self._opened: list[PaceFiles] = []

    def files(self) -> PaceFiles:
        """Those of one more process."""
        self._opened.append(PaceFiles(self.folder, self.clock))
        return self._opened[-1]

    def limiter(self, rate: float = 2.0) -> RateLimiter:
        """That of one more process."""
        return RateLimiter(rate, self.files())

    def pace_files(self) -> list[Path]:
        """What is in the folder."""
        return sorted(self.folder.iterdir())

    def close(self) -> None:
        """Close all files."""
        for files in self._opened:
            files.close()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "pace", FakeClock())
    made.clock.advance(1000.0)
    yield made
    made.close()


def refuse(limiter: RateLimiter, clock: FakeClock, where: Scope = SCOPE) -> None:
    """Send a call, and have it throttled."""
    call = limiter.send(where, clock.monotonic())
    assert call is not None
    clock.advance(0.1)
    limiter.refused(where, call, clock.monotonic())


class Processes:
    """Several on one machine, each with a queue of its own, before a service that allows two calls a second."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.tasks = AutoClock(), Tasks()
        self.service = FakeCloudTrail(self.clock, window=2, latency=0.05)
        self.machine = Machine(folder, self.clock)
        self.pages: list[int] = []

    def asking(self, rate: float, *, until: float, every: float = 0.0) -> "asyncio.Task[list[float]]":
        """One more process, which asks for page after page, or for one so often; the seconds that each took."""
        number = len(self.pages)
        self.pages.append(0)
        queue = LookupQueue(self.clock, ServerClock(self.clock), self.tasks, rate, self.machine.files())
        queue.connect(self.service, SCOPE)

        async def ask() -> list[float]:
            took: list[float] = []
            while (begun := self.clock.monotonic()) < until:
                scan = Scan(SCOPE, None, 1_790_000_000 + 1000 * number + self.pages[number])
                await queue.page(scan, None, Priority.USER, lambda: True)
                took.append(self.clock.monotonic() - begun)
                self.pages[number] += 1
                if every:
                    await self.clock.sleep(begun + every - self.clock.monotonic())
            return took

        return asyncio.ensure_future(ask())

    async def end(self, *asking: "asyncio.Task[list[float]]") -> None:
        """Wait no longer."""
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await self.tasks.close()
        self.machine.close()


@pytest.mark.parametrize(
    ("rates", "least"),
    [
        pytest.param([2.0, 1.9], [55, 55], id="nearly as quick"),
        pytest.param([1.0, 2.0], [55, 55], id="half as quick, and first"),
        pytest.param([2.0, 0.5], [85, 28], id="its own rate, and the rest for the other"),
        pytest.param([*[2.0] * 5, 0.1], [*[20] * 5, 6], id="one call in ten seconds"),
    ],
)
async def test_a_slow_process_has_its_turns_beside_quick_ones(
    rates: list[float], least: list[int], tmp_path: Path
) -> None:
    processes = Processes(tmp_path / "pace")
    asking = [processes.asking(rate, until=60.0) for rate in rates]
    await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    await processes.end(*asking)
    assert [max(pages, wanted) for pages, wanted in zip(processes.pages, least, strict=True)] == processes.pages
    assert sum(processes.pages) >= 113, "two a second"
    assert processes.service.refused == 0


@pytest.mark.parametrize("others", [1, 2, 5])
async def test_a_single_page_is_served_within_two_turns_of_those_that_load_all(others: int, tmp_path: Path) -> None:
    processes = Processes(tmp_path / "pace")
    loading = [processes.asking(2.0, until=100.0) for _ in range(others)]
    await processes.clock.sleep(5.0)
    took = await processes.asking(2.0, until=90.0, every=7.3)
    await processes.end(*loading)
    assert len(took) == 12
    assert max(took) <= 1.1
    assert processes.service.refused == 0


@pytest.mark.parametrize("processes", [2, 3, 5])
async def test_processes_that_share_a_pace_are_never_refused_and_take_turns(processes: int, tmp_path: Path) -> None:
    clock, tasks = AutoClock(), Tasks()
    service = FakeCloudTrail(clock, window=2, latency=0.05)
    machine = Machine(tmp_path / "pace", clock)
    loaded: Counter[int] = Counter()
    shares: list[Counter[int]] = []

    async def load(number: int) -> None:
        queue = LookupQueue(clock, ServerClock(clock), tasks, 2.0, machine.files())
        queue.connect(service, SCOPE)
        for page in range(20):
            await queue.page(Scan(SCOPE, None, 1_790_000_000 + 100 * number + page), None, Priority.USER, lambda: True)
            loaded[number] += 1
        shares.append(loaded.copy())

    await asyncio.gather(*map(load, range(processes)))
    await tasks.close()
    machine.close()
    ideal = 20 * processes / 2
    assert service.refused == 0
    assert clock.monotonic() <= 1.06 * ideal + 0.5
    assert min(shares[0][number] for number in range(processes)) >= 12, "no one waits for ever"


def test_without_sharing_a_second_process_is_refused(tmp_path: Path) -> None:
    """What the files are for: two limiters that know nothing of each other send four calls a second."""
    alone = [RateLimiter(2.0), RateLimiter(2.0)]
    assert [limiter.ready_at(SCOPE) for limiter in alone] == [float("-inf")] * 2
    alone[0].send(SCOPE, 100.0)
    assert alone[1].ready_at(SCOPE) == float("-inf")


def test_a_call_of_another_process_counts_like_ones_own(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    now = machine.clock.monotonic()
    assert one.send(SCOPE, now) is not None
    assert other.ready_at(SCOPE) == pytest.approx(now + 0.5 * SPACING / 2)
    assert other.send(SCOPE, now) is None, "the other was quicker"
    assert one.ready_at(SCOPE) == pytest.approx(now + 0.5 * SPACING / 2), "no one else has sent anything"


def test_the_next_turn_belongs_to_who_sent_the_older_call(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    for limiter in (one, other):
        machine.clock.advance(5.0)
        assert limiter.send(SCOPE, machine.clock.monotonic()) is not None
        machine.clock.advance(0.3)
    assert one.send(SCOPE, machine.clock.monotonic()) is not None
    assert other.ready_at(SCOPE) < one.ready_at(SCOPE)
    assert (one.pace(SCOPE).state.others, other.pace(SCOPE).state.others) == (1, 1)
    machine.clock.advance(6.0)
    assert one.send(SCOPE, machine.clock.monotonic()) is not None
    assert one.pace(SCOPE).state.others == 0, "the other has been silent since"


def test_regions_and_accounts_have_files_of_their_own_that_name_neither(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    one.send(SCOPE, machine.clock.monotonic())
    elsewhere = Scope("aws", "222222222222", "eu-west-1")
    assert other.ready_at(elsewhere) == float("-inf")
    other.send(elsewhere, machine.clock.monotonic())
    names = [path.name for path in machine.pace_files()]
    assert len(names) == 4, "two Regions and two accounts"
    assert not any("111111111111" in name or "eu-west-1" in name for name in names)
    assert {path.stat().st_mode & 0o777 for path in machine.pace_files()} == {0o600}
    assert machine.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("later", "in_force"), [(0.0, 1.6), (REMEMBERED_SECONDS - 1, 1.6), (REMEMBERED_SECONDS + 1, 2.0)]
)
def test_what_was_learned_is_remembered_for_ten_minutes(machine: Machine, later: float, in_force: float) -> None:
    refuse(machine.limiter(), machine.clock)
    machine.clock.advance(later)
    started = machine.limiter()
    started.ready_at(SCOPE)
    assert started.pace(SCOPE).state.in_force == pytest.approx(in_force)


def test_a_refusal_lowers_the_pace_of_all_once_and_each_success_raises_it(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    first = one.send(SCOPE, machine.clock.monotonic())
    machine.clock.advance(0.6)
    second = other.send(SCOPE, machine.clock.monotonic())
    assert first is not None
    assert second is not None
    machine.clock.advance(0.1)
    one.refused(SCOPE, first, machine.clock.monotonic())
    other.refused(SCOPE, second, machine.clock.monotonic())
    assert other.pace(SCOPE).state.in_force == pytest.approx(1.6), "both had left before the pace was lowered"
    for limiter in (one, other, one, other):
        machine.clock.advance(5.0)
        call = limiter.send(SCOPE, machine.clock.monotonic())
        assert call is not None
        machine.clock.advance(0.1)
        limiter.passed(SCOPE, call, machine.clock.monotonic())
    assert other.pace(SCOPE).state.in_force == 2.0


def test_a_slower_rate_of_one_process_is_its_own(machine: Machine) -> None:
    slow, quick = machine.limiter(0.5), machine.limiter(2.0)
    slow.send(SCOPE, machine.clock.monotonic())
    quick.ready_at(SCOPE)
    assert quick.pace(SCOPE).state.in_force == 2.0
    machine.clock.advance(10.0)
    refuse(quick, machine.clock)
    slow.ready_at(SCOPE)
    assert slow.pace(SCOPE).state.in_force == 0.5, "1.6 is more than it ever asks for"
    machine.clock.advance(10.0)
    call = slow.send(SCOPE, machine.clock.monotonic())
    assert call is not None
    slow.passed(SCOPE, call, machine.clock.monotonic())
    quick.ready_at(SCOPE)
    assert quick.pace(SCOPE).state.in_force >= 1.6, "what it sends says nothing of how much is allowed"


def test_a_provisional_account_is_shared_with_no_one_until_it_is_learned(machine: Machine) -> None:
    provisional = Scope("aws", "?x", "eu-west-1")
    one, other = machine.limiter(), machine.limiter()
    one.send(provisional, machine.clock.monotonic())
    assert not machine.folder.exists()
    refuse(other, machine.clock)
    one.alias_account(provisional, SCOPE.account)
    assert one.pace(SCOPE).state.in_force == pytest.approx(1.6), "what the others have learned holds"
    assert other.ready_at(SCOPE) > machine.clock.monotonic(), "its call counts for the others"


@pytest.mark.parametrize("hours", [-9.0, 9.0])
def test_seconds_of_before_a_restart_or_a_sleep_of_the_machine_are_not_compared(machine: Machine, hours: float) -> None:
    refuse(machine.limiter(), machine.clock)
    woken = FakeClock(EPOCH + timedelta(hours=hours))
    woken.advance(machine.clock.monotonic())
    files = PaceFiles(machine.folder, woken)
    started = RateLimiter(2.0, files)
    assert started.ready_at(SCOPE) == float("-inf")
    assert started.pace(SCOPE).state.in_force == 2.0
    files.close()


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 4096, b"\0" * 4096])
def test_a_file_that_says_nothing_of_ours_is_written_over(machine: Machine, content: bytes) -> None:
    one, other = machine.limiter(), machine.limiter()
    refuse(one, machine.clock)
    for path in machine.pace_files():
        path.write_bytes(content)
    assert other.ready_at(SCOPE) == float("-inf")
    machine.clock.advance(10.0)
    assert one.send(SCOPE, machine.clock.monotonic()) is not None
    assert other.ready_at(SCOPE) > machine.clock.monotonic()
    assert other.pace(SCOPE).state.in_force == pytest.approx(1.6)


def test_half_a_write_is_not_read(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    refuse(one, machine.clock)
    for path in machine.pace_files():
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    assert other.ready_at(SCOPE) == float("-inf")


def test_a_folder_that_cannot_be_used_leaves_each_process_its_own_pace_and_is_not_tried_at_each_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pace").write_text("a file")
    files = PaceFiles(tmp_path / "pace", FakeClock())
    limiter = RateLimiter(2.0, files)
    monkeypatch.setattr("ctui.store.pace_files._ALONE_SECONDS", 3600.0)
    tried: list[Path] = []

    def trying(path: Path) -> None:
        tried.append(path)
        make_folder(path)

    monkeypatch.setattr("ctui.store.pace_files.make_folder", trying)
    assert limiter.ready_at(SCOPE) == float("-inf")
    assert limiter.send(SCOPE, 100.0) is not None
    assert limiter.ready_at(SCOPE) == pytest.approx(100.0 + 0.5 * SPACING / 2)
    assert len(tried) == 1


def test_what_is_no_file_in_the_place_of_one_leaves_each_process_its_own_pace(machine: Machine) -> None:
    machine.limiter().send(SCOPE, machine.clock.monotonic())
    for path in machine.pace_files():
        path.unlink()
        os.mkfifo(path)
    limiter = machine.limiter()
    assert limiter.send(SCOPE, 100.0) is not None
    assert limiter.ready_at(SCOPE) == pytest.approx(100.0 + 0.5 * SPACING / 2)


def test_what_is_not_ours_in_the_folder_is_left_there(machine: Machine) -> None:
    (machine.folder / "folder").mkdir(parents=True)
    (machine.folder / "old.1").touch()
    for path in machine.pace_files():
        os.utime(path, (0, 0))
    assert machine.limiter().send(SCOPE, machine.clock.monotonic()) is not None
    names = {path.name for path in machine.pace_files()}
    assert "old.1" not in names
    assert "folder" in names
    assert len(names) == 3, "that of the Region, and that of the account"


def test_a_link_in_the_place_of_a_file_is_not_followed(machine: Machine, tmp_path: Path) -> None:
    machine.limiter().send(SCOPE, machine.clock.monotonic())
    (tmp_path / "target").write_text("precious")
    for path in machine.pace_files():
        path.unlink()
        path.symlink_to(tmp_path / "target")
    assert machine.limiter().send(SCOPE, machine.clock.monotonic()) is not None
    assert (tmp_path / "target").read_text() == "precious"


def test_who_is_suspended_with_the_lock_holds_nobody_up(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    one.send(SCOPE, machine.clock.monotonic())
    held = [path.open("r+b") for path in machine.pace_files()]
    assert all(try_lock(file.fileno()) for file in held)
    assert other.send(SCOPE, machine.clock.monotonic() + 1.0) is not None
    for file in held:
        file.close()


def test_a_file_that_was_removed_is_not_used_any_more(machine: Machine) -> None:
    one, other = machine.limiter(), machine.limiter()
    one.send(SCOPE, machine.clock.monotonic())
    for path in machine.pace_files():
        path.unlink()
    machine.clock.advance(10.0)
    one.send(SCOPE, machine.clock.monotonic())
    assert other.ready_at(SCOPE) > machine.clock.monotonic()


_COUNTING = """
import sys
from pathlib import Path
from ctui.core.lookup.pacing.pace import Pace
from ctui.model.clock import SystemClock
from ctui.model.connection import Scope
from ctui.store.pace_files import PaceFiles
files, scope = PaceFiles(Path(sys.argv[1]), SystemClock()), Scope("aws", "111111111111", "eu-west-1")
done = 0
while done < 300:
    with files.hold(scope) as file:
        if file is not None:
            before = file.read()
            pace = (Pace(2.0).share() if before is None else before)
            file.write(type(pace)(pace.calls, 2.0, 0, 4, pace.passed_at_full + 1, pace.cut_at, 0.5, 0, 0.0))
            done += 1
"""


def test_no_two_processes_hold_a_file_at_once(machine: Machine) -> None:
    """Each adds 300 to a number in the file, one by one; no addition is lost."""
    command = [sys.executable, "-c", textwrap.dedent(_COUNTING), str(machine.folder)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    files = PaceFiles(machine.folder, SystemClock())
    with files.hold(SCOPE) as file:
        assert file is not None
        shared = file.read()
    assert shared is not None
    assert shared.passed_at_full == 600
    files.close()
