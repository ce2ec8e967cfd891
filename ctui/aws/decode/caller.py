"""Answers of sts:GetCallerIdentity: bytes become an Identity."""

from collections.abc import Mapping

from ctui.aws.decode.answers import not_cloudtrail
from ctui.aws.decode.xml_parts import root_of, text_in
from ctui.model.connection import Identity


def read_identity(body: bytes, _headers: Mapping[str, str]) -> Identity:
    """Who we are, according to STS. Raises NotCloudTrail if the answer is not from STS."""
    root = root_of("GetCallerIdentity", body)
    account, arn = text_in(root, "Account"), text_in(root, "Arn")
    if not account or not arn:
        raise not_cloudtrail("GetCallerIdentity returned no account")
    return Identity(account, arn)
