"""What services answer to a login, action by action: the same code means something else there than to a lookup.

Sources: "Errors" of AssumeRole and AssumeRoleWithWebIdentity in the API reference of STS, of GetRoleCredentials in that
of the portal of IAM Identity Center; the wordings that tell cases of one code apart are of answers in public logs.
"""

from collections.abc import Mapping
from typing import Final

from ctui.aws.errors.denials import ROLE_REMEDY
from ctui.model.trail.error_codes import ErrorKind, ErrorRow

_THROTTLED: Final = ErrorRow(
    ("Throttling", "ThrottlingException", "TooManyRequestsException"),
    "Throttled",
    "Press r in a moment to try again.",
    ErrorKind.THROTTLED,
)
_REGION_OFF: Final = ErrorRow(
    ("RegionDisabledException",),
    "STS is off in this Region",
    "Choose another Region with --region, or ask an administrator to activate STS there (account settings of IAM).",
)
_CODE: Final = ErrorRow(
    (), "MFA code not accepted", "Press r, and enter the code that the device shows then: each is good once."
)
_DEVICE: Final = ErrorRow(
    (),
    "MFA device not accepted",
    "Check mfa_serial of the profile in ~/.aws/config: the device must be of the user of source_profile. Press r then.",
)
_TOO_LONG: Final = ErrorRow(
    (), "Session too long", "Lower duration_seconds of the profile in ~/.aws/config, then press r."
)
_ASSUME_ROLE: Final = (
    ErrorRow(
        ("AccessDenied", "AccessDeniedException"),
        "Role not assumed",
        ROLE_REMEDY,
        ErrorKind.ACCESS_DENIED,
        by_message=(
            ("invalid mfa one time pass code", _CODE),
            ("unable to validate mfa code", _DEVICE),
            ("must provide both mfa serial number", _DEVICE),
        ),
    ),
    ErrorRow(
        ("ValidationError",),
        "Role settings not valid",
        "Correct the settings of the role in ~/.aws/config (role_arn, role_session_name, external_id), then press r.",
        by_message=(
            ("'tokencode'", _CODE),
            ("'serialnumber'", _DEVICE),
            ("durationseconds", _TOO_LONG),
        ),
    ),
    ErrorRow(
        ("InvalidClientTokenId",),
        "Key not known to STS",
        "Check the key that assumes the role, of source_profile or of your login, and that it is of the Region's "
        "partition. If it is temporary, it may have expired. Then press r.",
        ErrorKind.BAD_CREDENTIALS,
    ),
    ErrorRow(
        ("ExpiredToken", "ExpiredTokenException"),
        "Key of the role's source expired",
        "Log in again where the key comes from that assumes the role, such as source_profile; then press r.",
        ErrorKind.EXPIRED_LOGIN,
    ),
    _REGION_OFF,
    _THROTTLED,
)
_WEB_TOKEN: Final = "Check that what writes the file of the web identity token still does, then press r."
_ASSUME_BY_TOKEN: Final = (
    ErrorRow(
        ("AccessDenied", "AccessDeniedException"),
        "Role not assumed",
        "Check that the trust policy of the role names this identity provider, audience and subject; then press r.",
        ErrorKind.ACCESS_DENIED,
    ),
    ErrorRow(("ExpiredTokenException",), "Web identity token expired", _WEB_TOKEN, ErrorKind.EXPIRED_LOGIN),
    ErrorRow(("InvalidIdentityToken",), "Web identity token not accepted", _WEB_TOKEN),
    ErrorRow(
        ("IDPRejectedClaim",),
        "Identity refused by its provider",
        "Log in at the identity provider again, so that it writes a fresh token, then press r.",
    ),
    ErrorRow(
        ("IDPCommunicationError",),
        "Identity provider not reached",
        "STS could not ask the identity provider. Press r in a moment to try again.",
        ErrorKind.FAILED,
    ),
    _REGION_OFF,
    _THROTTLED,
)
_GET_ROLE_CREDENTIALS: Final = (
    ErrorRow(
        ("ForbiddenException", "ResourceNotFoundException"),
        "No such access through SSO",
        "Check sso_account_id and sso_role_name of the profile in ~/.aws/config, and that IAM Identity Center assigns "
        "that permission set to you; then press r.",
        ErrorKind.ACCESS_DENIED,
    ),
    ErrorRow(
        ("InvalidRequestException",),
        "Not accepted by SSO",
        "Check sso_region, sso_account_id and sso_role_name of the profile in ~/.aws/config, then press r.",
    ),
    _THROTTLED,
)

LOGIN_REFUSALS: Final[Mapping[str, tuple[ErrorRow, ...]]] = {
    "AssumeRole": _ASSUME_ROLE,
    "AssumeRoleWithWebIdentity": _ASSUME_BY_TOKEN,
    "GetRoleCredentials": _GET_ROLE_CREDENTIALS,
}
"""Rows by the action of a login. A code that is in none of them means what it means to any call."""


def login_row(action: str, code: str, message: str) -> ErrorRow | None:
    """The row of an error answer to a login, or None. `message` is the service's."""
    row = next((row for row in LOGIN_REFUSALS.get(action, ()) if code in row.codes), None)
    return None if row is None else row.of(message)
