"""Profiles of one SSO session share its token: who needs a new one waits for who is getting it, and reads that."""

import threading
from collections import defaultdict
from typing import Any

_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By the name of the SSO session. A refresh token may serve once only, and the new one is in the AWS CLI's cache."""


def renew_in_turn(provider: Any) -> Any:
    """Let botocore's SSO provider of a profile renew the token when no other one of the session does; returns it.

    botocore reads the cache before it asks. There is no public way between; tests/aws/login/test_sso_sessions.py pins
    the private names used here.
    """
    tokens = provider._token_provider
    renew = tokens._refresher

    def renew_alone() -> Any:
        with _TURNS[tokens._sso_config["session_name"]]:
            return renew()

    tokens._refresher = renew_alone
    return provider
