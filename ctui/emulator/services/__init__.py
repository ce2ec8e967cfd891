"""The other services than CloudTrail, a file each: who a caller is, credentials, sign-ins, accounts and Regions."""

from ctui.emulator.services import account_management, ec2, oidc, organizations, portal, sts
from ctui.emulator.services.service import Service
from ctui.emulator.wire.signature import SignedRequest, is_signed_for

CLOUDTRAIL = "cloudtrail"
# EC2 and STS have the same protocol: what is not signed for EC2 is for STS.
SERVICES = (
    organizations.SERVICE,
    account_management.SERVICE,
    portal.SERVICE,
    oidc.SERVICE,
    ec2.SERVICE,
    sts.SERVICE,
)
"""All of them, in the order in which they are asked whether a request is theirs."""


def service_of(request: SignedRequest) -> Service | None:
    """The service that a request is for, or None for CloudTrail, whose every request says so in its signature."""
    if is_signed_for(request, CLOUDTRAIL):
        return None
    return next((service for service in SERVICES if service.takes(request)), None)
