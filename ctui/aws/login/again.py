"""How a login is made again that is made in a browser: the command for it, and where the CLI stores what comes of it.

Only a thread imports this module: it reads a botocore session.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.utils import generate_login_cache_key, get_login_token_cache_directory

from ctui.model.login_command import AWS_LOGIN, SSO_LOGIN, BrowserLogin, LoginAgain, LoginCommand

_SSO_CACHE = Path("~/.aws/sso/cache")
"""Where the AWS CLI keeps tokens of IAM Identity Center. botocore reads them there, too."""
_SSO_SETTINGS = ("sso_session", "sso_start_url")
_SESSION = "login_session"
_Stamp = tuple[int, int, int]


def login_again(core: Any) -> LoginAgain | None:
    """How the login of a botocore session's profile is made again; None if it is not made in a browser.

    Call it before the login begins: a token that is stored after that is a new one.
    """
    profiles: Mapping[str, Mapping[str, Any]] = core.full_config.get("profiles", {})
    name = _browser_profile(core.profile or "default", profiles)
    if name is None:
        return None
    profile = profiles[name]
    way: BrowserLogin = AWS_LOGIN if _SESSION in profile else SSO_LOGIN
    token = _login_token(profile) if way is AWS_LOGIN else _sso_token(profile)
    before = _stamp(token)
    named = core.profile is not None or name != "default"
    return LoginAgain(LoginCommand(way, name if named else None), str(token), lambda: _stamp(token) != before)


def _browser_profile(name: str, profiles: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The profile that the credentials come from in the end, if they come from a login in a browser: a role has them
    from its source profile."""
    seen: set[str] = set()
    while name in profiles and name not in seen:
        seen.add(name)
        profile = profiles[name]
        if "role_arn" not in profile:
            return name if any(each in profile for each in (*_SSO_SETTINGS, _SESSION)) else None
        name = str(profile.get("source_profile", ""))
    return None


def _sso_token(profile: Mapping[str, Any]) -> Path:
    """The file is called after the SHA-1 of the SSO session's name, or of the start URL where there is no session.
    AWS SDKs and Tools Reference Guide, "Understanding IAM Identity Center authentication"."""
    called = str(profile.get("sso_session") or profile.get("sso_start_url", ""))
    name = hashlib.sha1(called.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return _SSO_CACHE.expanduser() / f"{name}.json"


def _login_token(profile: Mapping[str, Any]) -> Path:
    return Path(get_login_token_cache_directory()) / f"{generate_login_cache_key(str(profile[_SESSION]))}.json"


def _stamp(file: Path) -> _Stamp | None:
    """What changes when the file is written or replaced; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
