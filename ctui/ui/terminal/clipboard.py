"""Copying: by every way that can work here, and a sentence that says which way it was.

In tmux the buffer is loaded into tmux, which hands it on to the terminal outside if that is known to take it (an OSC 52
sequence of ours tmux swallows by default). On the person's own machine the desktop's clipboard is asked too, through
pyperclip. Over SSH, and in GNU screen where there is no desktop, OSC 52 goes to the terminal at the other end, which
does not say whether it takes it: that is sent, and not copied. The last way is a file.
"""

import asyncio
import base64
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from ctui.errors import CtuiError
from ctui.render.text.spans import count

OSC52_LIMIT = 74_994
"""Encoded bytes that terminals take in one OSC 52 sequence."""
LIMIT_SECONDS = 2.0
"""How long tmux or the desktop's clipboard may take."""
SCREEN_PIECE = 240
"""Bytes that GNU screen passes on in one piece: its buffer has 768, before 4.1 256 (MAXSTR in its window.h)."""
_FEATURES = ("display-message", "-p", "#{client_termfeatures}")
"""What tmux knows of the terminal outside; "clipboard" is among it if tmux hands buffers on to it (tmux(1), 3.2)."""


class Clipboard:
    """Copies text by tmux, the desktop or the terminal, and to a file as the last resort."""

    def __init__(
        self,
        terminal: Callable[[str], None],
        environ: Mapping[str, str] | None = None,
        *,
        folder: Path | None = None,
        limit: float = LIMIT_SECONDS,
    ) -> None:
        """`terminal` writes a control sequence; `environ` is the process's own when None, `folder` the temporary
        one."""
        self._terminal = terminal
        self._environ = os.environ if environ is None else environ
        self._folder = folder
        self._limit = limit

    async def copy(self, text: str, what: str) -> str:
        """Copy, and return a sentence that says which way `what` went; raises CtuiError when every way failed."""
        fits = len(text.encode()) <= OSC52_LIMIT // 4 * 3
        sequence = osc52(text) if fits else ""
        in_tmux, in_screen = bool(self._environ.get("TMUX")), bool(self._environ.get("STY"))
        ways: list[str] = []
        sent = False
        if in_tmux:
            taken, sent = await self._to_tmux(text, sequence)
            ways += ["tmux buffer"] if taken else []
        if not self._over_ssh and await self._to_desktop(text):
            return f"{what} → {' and '.join([*ways, 'clipboard'])}"
        if ways:
            return f"{what} → {ways[0]}{', sent to the terminal' if sent else ''}"
        lacks = "no clipboard is available"
        if not in_tmux and (self._over_ssh or in_screen):
            if fits:
                self._terminal(through_screen(sequence) if in_screen else sequence)
                return f"{what} sent to the terminal{' through GNU screen' if in_screen else ''}"
            lacks = f"{count(len(text))} characters are too many for the terminal"
        return f"{what} saved to {self._to_file(text)}: {lacks}"

    @property
    def _over_ssh(self) -> bool:
        return over_ssh(self._environ)

    async def _to_tmux(self, text: str, sequence: str) -> tuple[bool, bool]:
        """(whether tmux's buffer has it, whether it was sent to the terminal outside; not without a `sequence`)."""
        if sequence:
            features = await self._run_tmux(text, "load-buffer", "-w", "-", ";", *_FEATURES)
            if features is not None:
                return True, "clipboard" in features.split(",")
        if await self._run_tmux(text, "load-buffer", "-") is None:
            return False, False
        if sequence:
            # Before 3.2 tmux hands no buffer on; what it is asked to pass through it then passes always.
            self._terminal(through_tmux(sequence))
        return True, bool(sequence)

    async def _run_tmux(self, text: str, *words: str) -> str | None:
        """Run tmux with the text as its input: what it prints, or None if it fails or hangs."""
        program = shutil.which("tmux", path=self._environ.get("PATH"))
        if program is None:
            return None
        try:
            process = await asyncio.create_subprocess_exec(
                program,
                *words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=dict(self._environ),
            )
        except OSError:
            return None
        try:
            async with asyncio.timeout(self._limit):
                printed, _ = await process.communicate(text.encode())
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return printed.decode(errors="replace").strip() if process.returncode == 0 else None

    async def _to_desktop(self, text: str) -> bool:
        """Through pyperclip, in a thread of its own: a clipboard program that hangs must not keep ctui from ending."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        written = threading.Event()

        def resolve(worked: bool) -> None:
            if not done.done():
                done.set_result(worked)

        def work() -> None:
            worked = _desktop_copy(text, written)
            # The loop may have ended while the clipboard's program hung.
            if not loop.is_closed():
                loop.call_soon_threadsafe(resolve, worked)

        threading.Thread(target=work, name="clipboard", daemon=True).start()
        try:
            async with asyncio.timeout(self._limit):
                return await done
        except TimeoutError:
            # Where only reading back is slow (PowerShell under WSL takes a second), the text has been taken.
            return written.is_set()

    def _to_file(self, text: str) -> Path:
        try:
            # mkstemp makes the file 0600, and never follows a link that was put there.
            handle, name = tempfile.mkstemp(prefix="ctui-", suffix=".txt", dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CtuiError(
                "Not copied",
                f"No clipboard is available and no file could be written: {error}.",
                "Install xclip or wl-clipboard, or run inside tmux.",
            ) from error
        return Path(name)


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether the desktop of this machine is not the one that the person sits at."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def osc52(text: str) -> str:
    """The sequence that asks a terminal to put a text into its clipboard (xterm's control sequences, OSC)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode('ascii')}\x07"


def through_screen(sequence: str) -> str:
    """A sequence for the terminal outside of GNU screen, which passes on what it gets as DCS, a piece at a time."""
    pieces = (sequence[at : at + SCREEN_PIECE] for at in range(0, len(sequence), SCREEN_PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def through_tmux(sequence: str) -> str:
    """A sequence for the terminal outside of tmux (tmux's FAQ: passthrough escape sequence)."""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"


def _desktop_copy(text: str, written: threading.Event) -> bool:
    """True if a clipboard took the text; `written` is set once it was handed over without an error.

    The clipboard is looked up each time. pyperclip passes over the exit status of xclip and xsel, which fail
    if the display is gone; then nothing can be read back either.
    """
    import pyperclip  # noqa: PLC0415 - it loads libraries of the desktop, and most runs copy nothing

    # What a clipboard program says, such as that its display is gone, would stand on our screen.
    quiet = partial(subprocess.Popen, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    vars(pyperclip)["subprocess"] = SimpleNamespace(**{**vars(subprocess), "Popen": quiet})
    try:
        copy, paste = pyperclip.determine_clipboard()
        copy(text)
        written.set()
        return bool(paste() != "")
    except (pyperclip.PyperclipException, OSError, ValueError, ImportError):
        return False
