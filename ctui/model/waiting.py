"""What a login waits for, such as a program that asks for a password in its own window."""

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """A program or service that a login has started or called and that has not answered yet."""

    what: str
    """What is waited for, such as "running credential_process: aws-vault export prod"."""
    limit: float | None = None
    """Seconds until ctui stops waiting, or None if the program has its own time limit."""
    may_need_you: bool = False
    """True if it may need input from the person, perhaps in another window."""
