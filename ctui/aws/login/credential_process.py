"""credential_process: a program that prints a key. It has a time limit and ends with ctui; its errors get a text."""

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
from datetime import UTC, datetime

from ctui.errors import ConnectionProblem, ExpiredLogin
from ctui.model.values import dataclass
from ctui.model.waiting import Waiting

LIMIT = 60.0
"""Seconds that a program may take, as in AWS's Go SDK. A login that needs more typing is done before ctui starts."""
_MOST_BYTES = 256 * 1024
"""Bytes of its output that are kept. A key has a few thousand."""
_QUOTED = 300
"""Characters of the end of its error output that an error repeats."""
_NAMED = 120
"""Characters of its command line that messages show."""
_PAUSE = 0.2
"""Seconds without output after which the output of an ended program is complete."""
_FORM = "It must print one JSON object with Version 1, AccessKeyId and SecretAccessKey, and nothing else."


@dataclass(frozen=True, slots=True)
class FinishedProgram:
    """A program that has succeeded, as botocore expects it of subprocess.Popen."""

    answer: bytes
    returncode: int = 0

    def communicate(self) -> tuple[bytes, bytes]:
        """Its output, and an empty error output."""
        return self.answer, b""


class CredentialPrograms:
    """Runs credential_process commands on the thread that logs in; `end` stops those that run.

    A program gets neither our keys nor our terminal: its standard input is empty.
    """

    def __init__(self, waits: Callable[[Waiting | None], None], limit: float = LIMIT) -> None:
        """`waits` is called on the login's thread with what it waits for, and with None when the wait is over."""
        self.waits = waits
        self._limit = limit
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._ended = False

    def run(self, command: Sequence[str], **_: object) -> FinishedProgram:
        """Run the program until it ends. Stands in for subprocess.Popen; its other options are ignored.

        Raises ConnectionProblem or ExpiredLogin if it cannot start, takes too long, fails, or prints no key.
        """
        name = shlex.join(command)
        name = name if len(name) <= _NAMED else f"{name[:_NAMED]} …"
        process = self._start(command, name)
        self.waits(Waiting(f"running credential_process: {name}", self._limit, may_need_you=True))
        try:
            output, errors = self._read(process, name)
        finally:
            self.waits(None)
            self._drop(process)
        if process.returncode != 0:
            raise _failed(name, process.returncode, errors)
        check_answer(output, name, datetime.now(UTC))
        return FinishedProgram(output)

    def end(self) -> None:
        """Stop every running program and what it has started. No other program is started from now on."""
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
                    # Without our terminal it cannot write to the screen, and a signal reaches all that it starts.
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
        """(standard output, standard error), when it has ended."""
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
                    # A process that it left running keeps the output open, but prints nothing for us.
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


def check_answer(output: bytes, name: str, now: datetime) -> None:
    """Check the key that a program printed. Raises ConnectionProblem or ExpiredLogin, and never repeats the output."""

    def bad_key(why: str) -> ConnectionProblem:
        return ConnectionProblem("credential_process gave no key", f"`{name}` {why}.", f"{_FORM} Then press r.")

    try:
        answer = json.loads(output)
    except (ValueError, RecursionError):
        raise bad_key("printed nothing" if not output.strip() else "printed something that is not JSON") from None
    if not isinstance(answer, dict):
        raise bad_key("printed JSON that is not an object")
    if answer.get("Version") != 1 or isinstance(answer.get("Version"), bool):
        raise bad_key("printed a Version other than 1")
    for member in ("AccessKeyId", "SecretAccessKey"):
        if not (isinstance(answer.get(member), str) and answer[member]):
            raise bad_key(f"printed no {member}")
    for member in ("SessionToken", "AccountId", "Expiration"):
        if not isinstance(answer.get(member, ""), str | None):
            raise bad_key(f"printed a {member} that is not text")
    if not answer.get("Expiration"):
        return
    try:
        expires = datetime.fromisoformat(answer["Expiration"])
    except ValueError:
        raise bad_key("printed an Expiration that is not a time such as 2030-01-01T00:00:00Z") from None
    if expires.tzinfo is None:
        raise bad_key("printed an Expiration without a time zone")
    if expires <= now:
        raise ExpiredLogin(
            "credential_process gave an expired key",
            f"The key from `{name}` expired at {expires.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.",
            "Log in again where that program gets its key, then press r. Also check this machine's clock.",
        )


def _failed(name: str, code: int, errors: bytes) -> ExpiredLogin:
    how = f"was killed by signal {-code}" if code < 0 else f"exited with code {code}"
    text = " ".join(errors.decode("utf-8", "replace").split())
    quoted = f": {text[-_QUOTED:]}" if text else " and printed no error"
    return ExpiredLogin(
        "credential_process failed",
        f"`{name}` {how}{quoted}",
        "Run it in another terminal, log in there if needed, then press r.",
    )
