"""Answers of STS: who we are, and the key of a role."""

from collections.abc import Mapping
from datetime import datetime

from ctui.aws.decode.answers import not_cloudtrail
from ctui.aws.decode.members import instant_of
from ctui.aws.decode.xml_parts import root_of, text_in
from ctui.model.connection import Identity
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RoleKey:
    """The key of an assumed role."""

    access_key: str
    secret_key: str
    token: str
    expires: datetime


def read_identity(body: bytes, _headers: Mapping[str, str]) -> Identity:
    """Who we are, according to STS. Raises NotCloudTrail if the answer is not from STS."""
    root = root_of("GetCallerIdentity", body)
    account, arn = text_in(root, "Account"), text_in(root, "Arn")
    if not account or not arn:
        raise not_cloudtrail("GetCallerIdentity returned no account")
    return Identity(account, arn)


def read_role_key(body: bytes, _headers: Mapping[str, str]) -> RoleKey:
    """The key in an answer of AssumeRole. Raises NotCloudTrail if it has none."""
    root = root_of("AssumeRole", body)
    key, secret, token, until = (
        text_in(root, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")
    )
    expires = instant_of(until)
    if not (key and secret and token) or expires is None:
        raise not_cloudtrail("AssumeRole returned no key")
    return RoleKey(key, secret, token, expires)
