"""credential_process: a program of the person's own that prints a key. It gets a limit and an end, and words."""

import contextlib
import json
import os
import selectors
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ctui.errors import ConnectionProblem, ExpiredLogin
from ctui.model.waiting import Waiting

LIMIT = 60.0
"""Seconds a program may take: AWS's Go SDK gives it as long. Who has to type more than that logs in beforehand."""
_MOST_BYTES = 256 * 1024
"""Bytes of its output that are kept; a key has a few thousand."""
_QUOTED = 300
"""Characters of its last words that an error repeats."""
_NAMED = 120
"""Characters of its command line that name it."""
_PAUSE = 0.2
"""Seconds of silence after which a program that has ended has said all."""
_FORM = "It must print one JSON object with Version 1, AccessKeyId and SecretAccessKey, and nothing else."


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that has ended well, as botocore expects it of subprocess.Popen."""

    answer: bytes
    returncode: int = 0

    def communicate(self) -> tuple[bytes, bytes]:
        """Its answer, and nothing on standard error."""
        return self.answer, b""


class CredentialPrograms:
    """Runs credential_process commands, one call at a time, in whatever thread logs in; `end` ends those that run.

    A program gets neither our keys nor our terminal: its standard input is at its end from the start.
    """

    def __init__(self, waits: Callable[[Waiting | None], None], limit: float = LIMIT) -> None:
        """`waits` hears, in the thread of the login, what is waited for, and None when that is over."""
        self.waits = waits
        self._limit = limit
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._ended = False

    def run(self, command: Sequence[str], **_: object) -> Finished:
        """Run the program until it has answered. In place of subprocess.Popen, whose further options are ours.

        Raises ConnectionProblem or ExpiredLogin where it cannot be started, takes too long, fails, or prints no key.
        """
        name = shlex.join(command)
        name = name if len(name) <= _NAMED else f"{name[:_NAMED]} …"
        process = self._start(command, name)
        self.waits(Waiting(f"running credential_process: {name}", self._limit, may_need_you=True))
        try:
            said, complaint = self._read(process, name)
        finally:
            self.waits(None)
            self._drop(process)
        if process.returncode != 0:
            raise _failed(name, process.returncode, complaint)
        check_answer(said, name, datetime.now(UTC))
        return Finished(said)

    def end(self) -> None:
        """End every program that runs, with what it has started; none is started from now on."""
        with self._lock:
            self._ended = True
            for process in self._running:
                _kill(process)

    def _start(self, command: Sequence[str], name: str) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._ended:
                raise ConnectionProblem("Login canceled", "ctui has stopped connecting.")
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    # Without our terminal it cannot write to the screen, and a signal reaches all it starts.
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                reason = (error.strerror or "") if isinstance(error, OSError) else ""
                raise ConnectionProblem(
                    "credential_process not started",
                    f"`{name}` cannot be run: {reason.lower() or 'its command line is not usable'}.",
                    "Correct credential_process in ~/.aws/config, then press r.",
                ) from error
            self._running.add(process)
            return process

    def _read(self, process: "subprocess.Popen[bytes]", name: str) -> tuple[bytes, bytes]:
        """What it printed on standard output and on standard error, once it has ended."""
        assert process.stdout is not None
        assert process.stderr is not None
        kept = {process.stdout: b"", process.stderr: b""}
        deadline = time.monotonic() + self._limit
        with selectors.DefaultSelector() as selector, process.stdout, process.stderr:
            for stream in kept:
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise self._too_slow(name)
                ready = selector.select(min(left, _PAUSE))
                if not ready and process.poll() is not None:
                    # What it has left running holds its output open, and has nothing to say.
                    break
                for key, _ in ready:
                    stream = process.stdout if key.fileobj is process.stdout else process.stderr
                    chunk = os.read(stream.fileno(), 65536)
                    if not chunk:
                        selector.unregister(stream)
                    kept[stream] = (kept[stream] + chunk)[-_MOST_BYTES:]
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired as error:
                raise self._too_slow(name) from error
        return kept[process.stdout], kept[process.stderr]

    def _too_slow(self, name: str) -> ConnectionProblem:
        return ExpiredLogin(
            "credential_process timed out",
            f"`{name}` did not finish within {self._limit:.0f} s and was stopped.",
            "Run it in another terminal, where it can ask you for input, then press r.",
        )

    def _drop(self, process: "subprocess.Popen[bytes]") -> None:
        with self._lock:
            self._running.discard(process)
            if process.returncode is None:
                _kill(process)
        process.wait()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def check_answer(said: bytes, name: str, now: datetime) -> None:
    """Raise what is wrong with the key that a program has printed; what it printed is never repeated."""

    def nonsense(why: str) -> ConnectionProblem:
        return ConnectionProblem("credential_process gave no key", f"`{name}` {why}.", f"{_FORM} Then press r.")

    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        raise nonsense("printed nothing" if not said.strip() else "printed something that is not JSON") from None
    if not isinstance(answer, dict):
        raise nonsense("printed JSON that is not an object")
    if answer.get("Version") != 1 or isinstance(answer.get("Version"), bool):
        raise nonsense("printed a Version other than 1")
    for member in ("AccessKeyId", "SecretAccessKey"):
        if not (isinstance(answer.get(member), str) and answer[member]):
            raise nonsense(f"printed no {member}")
    for member in ("SessionToken", "AccountId", "Expiration"):
        if not isinstance(answer.get(member, ""), str | None):
            raise nonsense(f"printed a {member} that is not text")
    if not answer.get("Expiration"):
        return
    try:
        runs_out = datetime.fromisoformat(answer["Expiration"])
    except ValueError:
        raise nonsense("printed an Expiration that is not a time such as 2030-01-01T00:00:00Z") from None
    if runs_out.tzinfo is None:
        raise nonsense("printed an Expiration without a time zone")
    if runs_out <= now:
        raise ExpiredLogin(
            "credential_process gave an expired key",
            f"The key from `{name}` expired at {runs_out.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.",
            "Log in again where that program gets its key, then press r. Also check this machine's clock.",
        )


def _failed(name: str, code: int, complaint: bytes) -> ExpiredLogin:
    how = f"was killed by signal {-code}" if code < 0 else f"exited with code {code}"
    said = " ".join(complaint.decode("utf-8", "replace").split())
    quoted = f": {said[-_QUOTED:]}" if said else " and printed no error"
    return ExpiredLogin(
        "credential_process failed",
        f"`{name}` {how}{quoted}",
        "Run it in another terminal, log in there if needed, then press r.",
    )
