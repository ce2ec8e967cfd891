"""What settings alone say about a login: the account they name, and a digest that recognizes the same settings.

Only a thread imports this module: it reads a botocore session.
"""

import hashlib
import json
import os
import re
from typing import Any

from ctui.aws.login.connect_options import ConnectOptions
from ctui.model.connection import LoginTrace

_ROLE = re.compile(r"arn:(?P<partition>[^:]+):iam::(?P<account>[0-9]{12}):role/.+")
_ACCOUNT = re.compile(r"[0-9]{12}")
_NO_MATTER = frozenset(
    {"region", "output", "cli_pager", "aws_secret_access_key", "aws_session_token", "aws_security_token"}
)
"""Settings of a profile that do not decide the login, and secrets, which are left out of the digest."""
_DECIDE = frozenset(
    {
        "aws_access_key_id",
        "credential_process",
        "login_session",
        "role_arn",
        "sso_account_id",
        "web_identity_token_file",
    }
)
"""Settings of a profile that each name a login. Without them and without such a variable, the login is the machine's:
the same settings lead to another account on another machine."""
_VARIABLES = (
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


def trace_before_login(options: ConnectOptions, core: Any, origin: str) -> LoginTrace:
    """What the settings of a botocore session say about the coming login. Only AWS's own two files are read.

    `origin` is the connection's: a role of another partition says nothing about it.
    """
    if options.access_key:
        return LoginTrace(key_id=options.access_key)
    # With a named profile, botocore ignores keys in the environment.
    if not options.profile and (key := os.environ.get("AWS_ACCESS_KEY_ID")):
        return LoginTrace(key_id=key)
    profile: dict[str, Any] = core.get_scoped_config()
    return LoginTrace(account=_named_account(profile, options, origin), settings=_digest(core.profile, profile))


def _named_account(profile: dict[str, Any], options: ConnectOptions, origin: str) -> str | None:
    """The account of the first provider in botocore's chain: a role, a role by web identity, SSO. None if unknown."""
    environment = {} if options.profile else os.environ
    role = profile.get("role_arn")
    by_token = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE") or "web_identity_token_file" in profile
    if by_token and (not role or "web_identity_token_file" in profile):
        role = environment.get("AWS_ROLE_ARN", role)
    if role:
        arn = _ROLE.fullmatch(str(role))
        if arn is None or ("/" not in origin and arn["partition"] != origin):
            return None
        return arn["account"]
    account = str(profile.get("sso_account_id", ""))
    return account if _ACCOUNT.fullmatch(account) else None


def _digest(name: str | None, profile: dict[str, Any]) -> str:
    settings = {key: value for key, value in profile.items() if key not in _NO_MATTER}
    environment = {key: os.environ[key] for key in _VARIABLES if key in os.environ}
    if not environment and not _DECIDE & settings.keys():
        return ""
    text = json.dumps([name, settings, environment], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
