"""Answers of sts:GetCallerIdentity, which speaks XML: bytes become an Identity or an error code."""

from xml.etree import ElementTree

from ctui.aws.decode.answers import not_cloudtrail
from ctui.model.connection import Identity

EMPTY_ANSWER = b"<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"
"""Given to botocore in place of an answer that we have read."""

_NO_XML = (ElementTree.ParseError, ValueError, LookupError)
"""What parsing raises: the last two for an unknown or multi-byte encoding."""


def read_identity(body: bytes) -> Identity:
    """Who we are, according to STS. Raises NotCloudTrail if the answer is not from STS."""
    try:
        root = ElementTree.fromstring(body)
    except _NO_XML as error:
        raise not_cloudtrail("GetCallerIdentity did not return XML") from error
    account, arn = (root.findtext(f".//{{*}}{name}", "").strip() for name in ("Account", "Arn"))
    if not account or not arn:
        raise not_cloudtrail("GetCallerIdentity returned no account")
    return Identity(account, arn)


def read_identity_error(body: bytes) -> tuple[str, str] | None:
    """(code, message) of an error answer, or None if it has no code as STS writes it."""
    try:
        root = ElementTree.fromstring(body)
    except _NO_XML:
        return None
    code = root.findtext(".//{*}Error/{*}Code")
    return (code, root.findtext(".//{*}Error/{*}Message") or "") if code else None
