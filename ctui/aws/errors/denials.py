"""Refusals for which the service's own words do not say what to ask for."""

from ctui.errors import AccessDenied, CtuiError

ROLE_REMEDY = (
    "Check that the account has this role, that its trust policy names this login, and that this login may call "
    "sts:AssumeRole; then press r."
)
"""What to do where STS denies a role: it says the same of one that does not exist."""


def regions_denied(first: CtuiError, second: AccessDenied) -> AccessDenied:
    """The error for a login that may list Regions in neither way: why ListRegions failed, then DescribeRegions."""
    return _reworded(
        second,
        second.title,
        f"{first.message} {second.message}",
        "Ask your administrator to allow account:ListRegions or ec2:DescribeRegions, or choose another profile.",
    )


def role_denied(error: AccessDenied, arn: str) -> AccessDenied:
    """The error for a role that may not be assumed."""
    return _reworded(
        error,
        "Role not assumed",
        f"{arn}: {error.service_message or error.message}",
        ROLE_REMEDY,
    )


def _reworded(error: AccessDenied, title: str, message: str, remedy: str) -> AccessDenied:
    return AccessDenied(
        title,
        message,
        remedy,
        code=error.code,
        status=error.status,
        service_message=error.service_message,
        action=error.action,
    )
