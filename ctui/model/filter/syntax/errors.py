"""FilterError: why a line cannot be read, and where."""


class FilterError(ValueError):
    """A line is not valid: why, and the index of the character."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position
