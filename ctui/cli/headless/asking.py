"""Asks the person at the terminal for a secret, such as an MFA code."""

import getpass
import sys
import termios

from ctui.threads import off_loop


async def ask_secret(prompt: str) -> str:
    """What the person types, without showing it. If the wait is cancelled, the terminal shows again what is typed."""
    assert sys.__stdin__ is not None, "there is a terminal to ask at"
    shown = termios.tcgetattr(sys.__stdin__)
    try:
        return await off_loop(lambda: getpass.getpass(f"{prompt} "), "ctui-ask")
    finally:
        termios.tcsetattr(sys.__stdin__, termios.TCSADRAIN, shown)
