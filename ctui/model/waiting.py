"""What a login waits for, such as a program that asks for a password in a window of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something outside ctui that has been started or asked, and has not answered yet."""

    what: str
    """What it is, as "running credential_process: aws-vault export prod"."""
    limit: float | None = None
    """Seconds after which it is given up; None: it sets its own limits."""
    may_need_you: bool = False
    """It may ask something of the person, and be it in another window."""
