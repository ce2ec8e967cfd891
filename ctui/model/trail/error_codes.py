"""The error codes of the service that ctui knows, one row each: reads, writes and forms all look here.

Add a code: one row in `ERROR_ROWS`. tests/aws/errors/test_error_codes.py sends each code of the table through a read, a
write and a form.

Sources: API reference, "Common Errors" and "Errors" of each action; the service model that botocore ships; for codes of
other front ends (throttling, signatures), what botocore takes as such.
"""

from collections.abc import Iterable
from enum import StrEnum

from ctui.model.rules.rule import Field
from ctui.model.trail.policy import PolicyKind
from ctui.model.values import dataclass


class ErrorKind(StrEnum):
    """What an error code means to the program: which class of ctui.errors it becomes."""

    REFUSED = "refused"
    """A ServiceError that has no class of its own."""
    FAILED = "failed"
    """A ServiceError: the service itself failed."""
    THROTTLED = "throttled"
    ACCESS_DENIED = "access denied"
    BAD_CREDENTIALS = "bad credentials"
    EXPIRED_LOGIN = "expired login"
    INVALID_NEXT_TOKEN = "invalid next token"
    TRAIL_NOT_FOUND = "trail not found"
    NOT_CLOUDTRAIL = "not CloudTrail"
    """The endpoint serves another API."""


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """What ctui knows of an error code, or of several that mean the same."""

    codes: tuple[str, ...]
    title: str = ""
    """A few words; "" if the code itself is the title."""
    remedy: str = ""
    """What to do next. The call that failed fills in {permission}, {key_remedy}, {login_remedy} and {where}."""
    kind: ErrorKind = ErrorKind.REFUSED
    form_remedy: str = ""
    """What to do next while a change is on the screen, where that differs; "" if it does not."""
    field: Field | None = None
    """The form field that the error is about; None if it is about the call as a whole."""
    policies: tuple[PolicyKind, ...] = ()
    """Policies that help, the likeliest first."""
    write_may_have_happened: bool = False
    """False if a change that gets this answer was surely not made, whatever the HTTP status."""
    by_message: tuple[tuple[str, "ErrorRow"], ...] = ()
    """(part of the service's message in lower case, the row that counts in place of this one)."""

    def of(self, message: str) -> "ErrorRow":
        """The row that counts for this message of the service: one of `by_message`, or this one."""
        lower_case = message.casefold()
        return next((other for part, other in self.by_message if part in lower_case), self)

    def form_step(self, remedy: str) -> str:
        """What to do next in a form. `remedy` is that of the error, which has its placeholders filled."""
        return self.form_remedy or (remedy if "{" in self.remedy else self.remedy)


_TOO_MANY_REQUESTS = 429

_CLOCK = ErrorRow(
    ("RequestExpired", "RequestTimeTooSkewed"),
    "Clock skew",
    "This machine's clock differs too much from the service's. Correct it, then press r.",
    ErrorKind.BAD_CREDENTIALS,
)
_ORGANIZATION_ACCOUNT = "Turn it off, or use the management account or the delegated administrator."

ERROR_ROWS: tuple[ErrorRow, ...] = (
    # Any call
    ErrorRow(
        (
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "SlowDown",
        ),
        "Throttled",
        "ctui makes the call again, more slowly.",
        ErrorKind.THROTTLED,
        "Nothing was changed. Wait a few seconds, then try again.",
    ),
    ErrorRow(
        ("AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedOperation", "OptInRequired"),
        "Access denied",
        "Ask your administrator to allow {permission}, or choose another profile.",
        ErrorKind.ACCESS_DENIED,
        "Nothing was changed. Ask your administrator for this permission.",
    ),
    ErrorRow(
        (
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "AuthFailure",
            "InvalidAccessKeyId",
        ),
        "Credentials not accepted",
        "{key_remedy}",
        ErrorKind.BAD_CREDENTIALS,
        by_message=(("signature expired", _CLOCK), ("signature not yet current", _CLOCK)),
    ),
    _CLOCK,
    ErrorRow(
        ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"),
        "Login expired",
        "{login_remedy}",
        ErrorKind.EXPIRED_LOGIN,
    ),
    ErrorRow(
        ("InternalFailure", "InternalError", "InternalServerError", "InternalServerException", "ServiceUnavailable"),
        "The service failed",
        "Press r in a moment to try again; if it stays, check {where}.",
        ErrorKind.FAILED,
        write_may_have_happened=True,
    ),
    ErrorRow(
        ("UnknownOperationException", "UnknownOperation", "InvalidAction"),
        kind=ErrorKind.NOT_CLOUDTRAIL,
        # A proxy that knows the action may have passed a first try on.
        write_may_have_happened=True,
    ),
    # LookupEvents
    ErrorRow(
        ("InvalidNextTokenException",),
        "Page token rejected",
        "Press r to search again.",
        ErrorKind.INVALID_NEXT_TOKEN,
    ),
    # A trail
    ErrorRow(
        ("TrailNotFoundException",),
        "Trail not found",
        "Press r to refresh the trails.",
        ErrorKind.TRAIL_NOT_FOUND,
        "It may have been deleted. Press esc, then r to refresh the trails.",
        Field.NAME,
    ),
    ErrorRow(
        ("TrailAlreadyExistsException",),
        remedy="Choose another name, or edit the existing trail.",
        field=Field.NAME,
    ),
    ErrorRow(
        ("InvalidTrailNameException", "InvalidTrailName", "TrailNotProvidedException"),
        remedy="Use 3 to 128 letters and digits, with single . _ - between them.",
        field=Field.NAME,
    ),
    ErrorRow(
        ("CloudTrailARNInvalidException",),
        remedy="The service does not know this ARN. Press esc, then r to refresh the trails.",
        field=Field.NAME,
    ),
    ErrorRow(
        ("MaximumNumberOfTrailsExceededException",),
        "Trail limit reached",
        "A Region can have 5 trails, including shadow trails of other Regions. Delete one, or use a multi-Region trail"
        " in place of several.",
    ),
    ErrorRow(
        ("InvalidHomeRegionException",),
        "Not the home Region",
        "The trail has another home Region. Press esc, then r to refresh the trails.",
    ),
    ErrorRow(
        ("ConflictException",),
        "Another change in progress",
        "Wait a moment, then try again.",
    ),
    ErrorRow(
        ("InvalidParameterCombinationException",),
        remedy="A multi-Region trail includes global service events: turn both on, or both off.",
        field=Field.GLOBAL_EVENTS,
    ),
    # Its bucket and topic
    ErrorRow(
        ("S3BucketDoesNotExistException",),
        remedy="Create the bucket first, with this policy, or correct its name.",
        field=Field.BUCKET,
        policies=(PolicyKind.BUCKET,),
    ),
    ErrorRow(
        ("InsufficientS3BucketPolicyException",),
        remedy="Add these statements to the bucket policy. Its prefix must match the trail's.",
        field=Field.BUCKET,
        policies=(PolicyKind.BUCKET,),
    ),
    ErrorRow(("InvalidS3BucketNameException",), remedy="Correct the bucket's name.", field=Field.BUCKET),
    ErrorRow(("InvalidS3PrefixException",), remedy="Correct the prefix, or leave it empty.", field=Field.PREFIX),
    ErrorRow(
        ("InvalidSnsTopicNameException",),
        remedy="Correct the topic's name or ARN, or leave it empty.",
        field=Field.TOPIC,
    ),
    ErrorRow(
        ("InsufficientSnsTopicPolicyException",),
        remedy="Check that the topic exists in this Region, and add this statement to its access policy.",
        field=Field.TOPIC,
        policies=(PolicyKind.TOPIC,),
    ),
    # CloudWatch Logs
    ErrorRow(
        ("CloudWatchLogsDeliveryUnavailableException",),
        remedy="Leave log group and role empty: CloudTrail cannot deliver to CloudWatch Logs in this Region.",
        field=Field.LOG_GROUP,
    ),
    ErrorRow(
        ("InvalidCloudWatchLogsLogGroupArnException",),
        remedy="Check that the log group exists in the trail's home Region and that its ARN ends in :*. The role needs"
        " these permissions.",
        field=Field.LOG_GROUP,
        policies=(PolicyKind.ROLE,),
        by_message=(
            (
                "as well as",
                ErrorRow(
                    (), remedy="Name the log group that the role writes to, or leave both empty.", field=Field.LOG_GROUP
                ),
            ),
        ),
    ),
    ErrorRow(
        ("InvalidCloudWatchLogsRoleArnException",),
        remedy="Check that the role exists, trusts CloudTrail, and may write to the log group.",
        field=Field.ROLE,
        policies=(PolicyKind.TRUST, PolicyKind.ROLE),
        by_message=(
            (
                "as well as",
                ErrorRow(
                    (), remedy="Name the role that may write to the log group, or leave both empty.", field=Field.ROLE
                ),
            ),
        ),
    ),
    # Its key
    ErrorRow(
        ("InvalidKmsKeyIdException",),
        remedy="Correct the key ID, alias or ARN, or leave it empty.",
        field=Field.KMS_KEY,
    ),
    ErrorRow(
        ("KmsKeyNotFoundException",),
        remedy="Use an existing key in the bucket's Region, or leave it empty.",
        field=Field.KMS_KEY,
    ),
    ErrorRow(("KmsKeyDisabledException",), remedy="Enable the key, or use another one.", field=Field.KMS_KEY),
    ErrorRow(
        ("KmsException",),
        remedy="Check the key in KMS, or use another one.",
        field=Field.KMS_KEY,
        policies=(PolicyKind.KEY,),
    ),
    ErrorRow(
        ("InsufficientEncryptionPolicyException",),
        remedy="Add these statements to the key policy.",
        field=Field.KMS_KEY,
        policies=(PolicyKind.KEY, PolicyKind.BUCKET),
    ),
    # Its tags
    ErrorRow(
        ("InvalidTagParameterException",),
        remedy="Write tags as key=value, separated by commas.",
        field=Field.TAGS,
    ),
    ErrorRow(("TagsLimitExceededException",), remedy="Remove tags until 50 are left.", field=Field.TAGS),
    # Its organization
    ErrorRow(
        ("OrganizationsNotInUseException",),
        remedy="Turn it off: this account is not in an organization.",
        field=Field.ORGANIZATION,
    ),
    ErrorRow(
        ("NotOrganizationMasterAccountException", "NotOrganizationManagementAccountException"),
        remedy=_ORGANIZATION_ACCOUNT,
        field=Field.ORGANIZATION,
    ),
    ErrorRow(
        ("OrganizationNotInAllFeaturesModeException",),
        remedy="Turn it off, or enable all features of the organization first.",
        field=Field.ORGANIZATION,
    ),
    ErrorRow(
        ("CloudTrailAccessNotEnabledException",),
        remedy="Allow CloudTrail in the organization first: `aws organizations enable-aws-service-access"
        " --service-principal cloudtrail.amazonaws.com`.",
        field=Field.ORGANIZATION,
    ),
    ErrorRow(
        ("InsufficientDependencyServiceAccessPermissionException",),
        remedy="Ask for the permissions in Organizations and IAM that an organization trail needs.",
        field=Field.ORGANIZATION,
    ),
)


def rows_by_code(rows: Iterable[ErrorRow]) -> dict[str, ErrorRow]:
    """Code -> its row. Raises ValueError if a code is in the table twice."""
    by_code: dict[str, ErrorRow] = {}
    for row in rows:
        for code in row.codes:
            if code in by_code:
                raise ValueError(f"{code} is in the table of error codes twice")
            by_code[code] = row
    return by_code


_ROWS = rows_by_code(ERROR_ROWS)


def error_row(code: str, message: str, status: int) -> ErrorRow | None:
    """The row of an error answer, or None if ctui knows neither its code nor what its HTTP status means.

    `message` is the service's: some codes mean different things by it.
    """
    row = _ROWS.get(code)
    if row is None and status == _TOO_MANY_REQUESTS:
        row = _ROWS["Throttling"]
    if row is None and status >= 500:
        row = _ROWS["InternalFailure"]
    return None if row is None else row.of(message)
