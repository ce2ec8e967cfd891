"""Which Regions are enabled may be asked in two ways; a login may be allowed neither."""

from ctui.errors import AccessDenied, CtuiError


def regions_denied(first: CtuiError, second: AccessDenied) -> AccessDenied:
    """The error for a login that may call neither: why ListRegions, the first, and then DescribeRegions failed."""
    return AccessDenied(
        second.title,
        f"{first.message} {second.message}",
        "Ask your administrator to allow account:ListRegions or ec2:DescribeRegions, or choose another profile.",
        code=second.code,
        status=second.status,
        service_message=second.service_message,
        action=second.action,
    )
