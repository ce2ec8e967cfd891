"""The errors of ctui. Each has a title, a message that says what happened, and a remedy that says what to do next.

CtuiError
├── SettingsError              a flag, variable or settings file is wrong
├── StoreError                 the event store cannot be opened, read or written
├── FilesError                 log files, or their index, cannot be read
├── ExportError                a file of events cannot be written
├── ClocksDiffer               the service's Date header and this machine's clock are too far apart
├── InternalError                      a bug in ctui
├── ConnectionProblem          no call could be made
│   ├── NotConnected           none was to be made
│   ├── NoRegion
│   ├── NoCredentials
│   ├── ExpiredLogin
│   │   └── LoginNeeded        the login is made in a browser; has the command that makes it again
│   ├── UnknownProfile
│   ├── EndpointUnreachable    refused, unresolvable, timed out, bad TLS
│   └── NotCloudTrail          something answered, but it does not speak this API
│       └── NoEventHistory     it speaks the API, but has no LookupEvents
├── IncompleteAnswer           the service answered with success, and left out what was requested
├── OutcomeUnknown                 a change was sent, and it is not known whether it was made
└── ServiceError               the service answered with an error; has its code, status and message
    ├── Throttled
    ├── AccessDenied
    ├── BadCredentials         unknown key, wrong signature, clock too far off
    ├── InvalidNextToken
    └── TrailNotFound
"""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctui.model.login_command import LoginAgain

_SHORT = 300
"""Characters of an exception's text that a message repeats."""


class CtuiError(Exception):
    """An error that is shown: `title` is a few words, `message` says what happened, `remedy` what to do next."""

    def __init__(self, title: str, message: str, remedy: str = "") -> None:
        super().__init__(title, message, remedy)
        self.title = title
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        # One line: a name with a line break in it must not look like a line of ours.
        return " ".join(part for part in (f"{self.title}: {self.message}", self.remedy) if part).replace("\n", "␊")


class SettingsError(CtuiError):
    """A flag, an environment variable or a settings file has a value that cannot be used."""


class StoreError(CtuiError):
    """The event store cannot be opened, read or written."""


class FilesError(CtuiError):
    """Log files cannot be read, or their index cannot be read or written."""


class RecordFar(FilesError):
    """A record is far inside a large log file: it takes long to read it, so that is done in the background."""


class ExportError(CtuiError):
    """A file of events cannot be written where a person wants it."""


class ClocksDiffer(CtuiError):
    """The Date header of an answer is farther from this machine's clock than a signed call allows."""

    @classmethod
    def of(cls, ahead: timedelta) -> "ClocksDiffer":
        """The error for a service whose clock is that far ahead of ours; negative if it is behind."""
        hours, minutes = divmod(round(abs(ahead).total_seconds() / 60), 60)
        length = " ".join(f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min")) if number)
        side = "ahead of" if ahead > timedelta(0) else "behind"
        return cls(
            "Clocks differ",
            f"The service's answers are dated {length} {side} this machine's clock. Searches run to the later of the "
            "two, and only time before the earlier counts as complete.",
            "Correct this machine's clock. If it is right, a proxy writes the Date header.",
        )


class InternalError(CtuiError):
    """An unexpected exception: a bug in ctui."""

    @classmethod
    def of(cls, error: BaseException, remedy: str = "Press r to try again.") -> "InternalError":
        """The error for an unexpected exception, in one line. A group of one exception counts as that exception."""
        while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        words = " ".join(f"{type(error).__name__}: {error}".split())
        return cls("Internal error", words.removesuffix(":")[:_SHORT], remedy)


class ConnectionProblem(CtuiError):
    """No call could be made. The application stays usable and can try again."""


class NotConnected(ConnectionProblem):
    """No connection was to be made."""


class NoRegion(ConnectionProblem):
    """No Region was named by flag, environment or profile."""


class NoCredentials(ConnectionProblem):
    """The AWS credential chain found nothing."""


class ExpiredLogin(ConnectionProblem):
    """A login (SSO, assumed role, session token) has expired or cannot be renewed."""


class LoginNeeded(ExpiredLogin):
    """A login that is made in a browser (`aws sso login`, `aws login`) is missing or has expired.

    `again` says how it is made again; None if the settings do not say which login it is.
    """

    def __init__(self, title: str, message: str, remedy: str = "", again: "LoginAgain | None" = None) -> None:
        super().__init__(title, message, remedy)
        self.again = again


class UnknownProfile(ConnectionProblem):
    """The named profile is in none of the AWS configuration files."""


class EndpointUnreachable(ConnectionProblem):
    """Nothing answered: refused, unresolvable, timed out, or TLS failed."""


class NotCloudTrail(ConnectionProblem):
    """Something answered, but it is not the CloudTrail API."""


class IncompleteAnswer(CtuiError):
    """The service answered with success, and left out what was requested. The answer proves nothing.

    The same call can be made again, with the same token.
    """


class NoEventHistory(NotCloudTrail):
    """The endpoint supports other actions of CloudTrail, but not LookupEvents. Trying again soon does not help."""


class OutcomeUnknown(CtuiError):
    """A change was sent, and no answer says whether it was made: none came, it is unreadable, or the service failed."""


class ServiceError(CtuiError):
    """The service answered with an error. `code` and `service_message` are the service's own, `status` is HTTP's."""

    def __init__(
        self,
        title: str,
        message: str,
        remedy: str = "",
        *,
        code: str,
        status: int,
        service_message: str = "",
        action: str = "",
    ) -> None:
        super().__init__(title, message, remedy)
        self.code = code
        self.status = status
        self.service_message = service_message
        self.action = action


class Throttled(ServiceError):
    """Too many calls. The same call can be made again later."""


class AccessDenied(ServiceError):
    """The identity may not do this."""


class BadCredentials(ServiceError):
    """The service does not know the access key, or rejects the signature."""


class InvalidNextToken(ServiceError):
    """The service rejects the page token."""


class TrailNotFound(ServiceError):
    """No trail has that name or ARN."""
