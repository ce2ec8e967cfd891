"""An error of another service than CloudTrail, as it stands on the wire. `errors/table.py` has those of CloudTrail."""

from ctui.emulator.errors.error_row import Wire


class ServiceError(Exception):
    """A call to another service is refused with this code, HTTP status and message."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(code, status, message)
        self.wire = Wire(code, status, message)
