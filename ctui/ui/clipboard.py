"""Copying: by the way that can work here, and a sentence that says which way it was.

In tmux the buffer is loaded into tmux, which hands it on to the terminal outside (its own OSC 52 tmux swallows by
default). Over SSH only the terminal at the other end knows the person's clipboard, so OSC 52 goes there. Otherwise
the desktop's clipboard is asked, through pyperclip. Where a way fails the next one is tried; the last is a file.
"""

import asyncio
import base64
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from ctui.errors import CtuiError

OSC52_LIMIT = 74_994
"""Encoded bytes that terminals take in one OSC 52 sequence."""
LIMIT_SECONDS = 2.0
"""How long tmux or the desktop's clipboard may take."""


class Clipboard:
    """Copies text by the terminal, tmux or the desktop, and to a file as the last resort."""

    def __init__(
        self,
        terminal: Callable[[str], None],
        environ: Mapping[str, str] | None = None,
        *,
        folder: Path | None = None,
        limit: float = LIMIT_SECONDS,
    ) -> None:
        """`terminal` sends one text by OSC 52; `environ` is the process's own when None, `folder` the temporary one."""
        self._terminal = terminal
        self._environ = os.environ if environ is None else environ
        self._folder = folder
        self._limit = limit

    async def copy(self, text: str, what: str = "Event record") -> str:
        """Copy, and return a sentence that says which way `what` went; raises CtuiError when every way failed."""
        if self._environ.get("TMUX"):
            if await self._to_tmux(text):
                return f"{what} copied to the tmux buffer and the terminal"
        elif self._over_ssh and len(base64.b64encode(text.encode())) <= OSC52_LIMIT:
            self._terminal(text)
            return f"{what} sent to the terminal"
        if not self._over_ssh and await self._to_desktop(text):
            return f"{what} copied to the clipboard"
        return f"{what} saved to {self._to_file(text)}: no clipboard is available"

    @property
    def _over_ssh(self) -> bool:
        return any(self._environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))

    async def _to_tmux(self, text: str) -> bool:
        program = shutil.which("tmux", path=self._environ.get("PATH"))
        if program is None:
            return False
        try:
            process = await asyncio.create_subprocess_exec(
                program,
                "load-buffer",
                "-w",
                "-",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=dict(self._environ),
            )
        except OSError:
            return False
        try:
            async with asyncio.timeout(self._limit):
                await process.communicate(text.encode())
        except TimeoutError:
            return False
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode == 0

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
            handle, name = tempfile.mkstemp(prefix="ctui-", suffix=".json", dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CtuiError(
                "Not copied",
                f"No clipboard is available and no file could be written: {error}.",
                "Install xclip or wl-clipboard, or run inside tmux.",
            ) from error
        return Path(name)


def _desktop_copy(text: str, written: threading.Event) -> bool:
    """True if a clipboard took the text; `written` is set once it was handed over without an error.

    The clipboard is looked up each time. pyperclip passes over the exit status of xclip and xsel, which fail
    if the display is gone; then nothing can be read back either.
    """
    import pyperclip  # noqa: PLC0415 - it loads libraries of the desktop, and most runs copy nothing

    try:
        copy, paste = pyperclip.determine_clipboard()
        copy(text)
        written.set()
        return bool(paste() != "")
    except (pyperclip.PyperclipException, OSError, ValueError, ImportError):
        return False
