"""The other services than CloudTrail, a file each: who a caller is, credentials, sign-ins, accounts and Regions."""

from ctui.emulator.services import oidc, portal, sts
from ctui.emulator.services.service import Service
from ctui.emulator.wire.signature import SignedRequest, is_signed_for

CLOUDTRAIL = "cloudtrail"
_SERVICES = (portal.SERVICE, oidc.SERVICE, sts.SERVICE)


def service_of(request: SignedRequest) -> Service | None:
    """The service that a request is for, or None for CloudTrail, whose every request says so in its signature."""
    if is_signed_for(request, CLOUDTRAIL):
        return None
    return next((service for service in _SERVICES if service.takes(request)), None)
