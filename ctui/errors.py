"""What can go wrong, in words for people. Each error carries a title, what happened, and what to do next.

CtuiError
├── SettingsError              a flag, variable or settings file is wrong
├── StoreError                 the event store cannot be opened, read or written
├── ClocksDiffer               the service's Date header and this machine's clock are too far apart
├── InternalError                      a bug of ctui's own, which ended what was being done
├── ConnectionProblem          no call could be made
│   ├── NoRegion
│   ├── NoCredentials
│   ├── ExpiredLogin
│   ├── UnknownProfile
│   ├── EndpointUnreachable    refused, unresolvable, timed out, bad TLS
│   └── NotCloudTrail          something answered, but it does not speak this API
│       └── NoEventHistory     it speaks the API, but has no LookupEvents
├── IncompleteAnswer           the service answered, and left out what was asked for
├── OutcomeUnknown                 a change was sent and no answer came: it may or may not have happened
└── ServiceError               the service answered with an error; has code, status and the service's own words
    ├── Throttled
    ├── AccessDenied
    ├── BadCredentials         unknown key, wrong signature, clock too far off
    ├── InvalidNextToken
    └── TrailNotFound
"""

from datetime import timedelta

_SHORT = 300
"""Characters of an exception's words that are told."""


class CtuiError(Exception):
    """An error for people: `title` names it in a few words, `message` says what happened, `remedy` what to do next."""

    def __init__(self, title: str, message: str, remedy: str = "") -> None:
        super().__init__(title, message, remedy)
        self.title = title
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        # One line, whatever a name in it holds: no name may pass for a line of ours.
        return " ".join(part for part in (f"{self.title}: {self.message}", self.remedy) if part).replace("\n", "␊")


class SettingsError(CtuiError):
    """A flag, an environment variable or a settings file holds something that cannot be used."""


class StoreError(CtuiError):
    """The event store cannot be opened, read or written."""


class ClocksDiffer(CtuiError):
    """The Date header of an answer is farther from this machine's clock than a signed call allows."""

    @classmethod
    def of(cls, ahead: timedelta) -> "ClocksDiffer":
        """The service's clock is so far ahead of ours, or behind where it is negative."""
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
    """Something that nobody had foreseen ended what was being done: a bug of ctui's own."""

    @classmethod
    def of(cls, error: BaseException, remedy: str = "Press r to try again.") -> "InternalError":
        """The fault that an exception is, in a line. Of a group that holds one exception, that one counts."""
        while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        words = " ".join(f"{type(error).__name__}: {error}".split())
        return cls("Internal error", words.removesuffix(":")[:_SHORT], remedy)


class ConnectionProblem(CtuiError):
    """No call could be made at all; the application stays usable and can try again."""


class NoRegion(ConnectionProblem):
    """No Region was named by flag, environment or profile."""


class NoCredentials(ConnectionProblem):
    """The AWS credential chain found nothing."""


class ExpiredLogin(ConnectionProblem):
    """A login (SSO, assumed role, session token) has run out or cannot be renewed."""


class UnknownProfile(ConnectionProblem):
    """The named profile is in none of the AWS configuration files."""


class EndpointUnreachable(ConnectionProblem):
    """Nothing answered: refused, unresolvable, timed out, or TLS failed."""


class NotCloudTrail(ConnectionProblem):
    """Something answered, but not in this API's words."""


class IncompleteAnswer(CtuiError):
    """The service answered that all is well, and left out what was asked for: nothing is known by it.

    The same call can be made again, with the same token.
    """


class NoEventHistory(NotCloudTrail):
    """It answers other actions in this API's words, but has no LookupEvents; asking again soon is of no use."""


class OutcomeUnknown(CtuiError):
    """A change was sent, and no answer came that says what became of it: it may or may not have happened."""


class ServiceError(CtuiError):
    """The service refused a call. `code` and `service_message` are its own words, `status` its HTTP status."""

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
    """Too many calls for now; the same call can be made again."""


class AccessDenied(ServiceError):
    """The identity may not do this."""


class BadCredentials(ServiceError):
    """The service knows no such key, or the signature does not hold."""


class InvalidNextToken(ServiceError):
    """A page token the service no longer takes."""


class TrailNotFound(ServiceError):
    """No trail by that name or ARN."""
