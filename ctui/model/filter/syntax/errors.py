"""FilterError: why a line cannot be read, and where."""


class FilterError(ValueError):
    """A line is not valid: why, and the index of the character."""

    def __init__(self, message: str, position: int, *, unfinished: bool = False) -> None:
        """`unfinished`: more text at the end of the line can make it valid."""
        super().__init__(message)
        self.position = position
        self.unfinished = unfinished
