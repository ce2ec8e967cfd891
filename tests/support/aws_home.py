"""The folder `.aws` in the home of a test."""

from pathlib import Path

import botocore.credentials
import botocore.tokens
import pytest


def write_config(home: Path, text: str) -> None:
    """Let the config file be this."""
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(text)


def tokens_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where tokens of sign-ins are, for botocore too: it looks up the home folder when it is imported."""
    folder = home / ".aws" / "sso" / "cache"
    for each in (botocore.credentials.SSOProvider, botocore.tokens.SSOTokenProvider):
        monkeypatch.setattr(each, "_SSO_TOKEN_CACHE_DIR", str(folder))
    return folder
