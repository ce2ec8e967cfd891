"""What was being done when something failed, as the words of an error need it."""

import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """What the credentials in use are."""

    method: str = ""
    """Which provider of the chain gave them, in botocore's words ("env", "sso", …)."""
    session_token: bool = False
    """They last for a while only."""


_RENEWALS = {
    # What another shell exports is never seen here: r alone would not help.
    "env": "Export a fresh key with its AWS_SESSION_TOKEN, and start ctui again from that shell.",
    "shared-credentials-file": "Put a fresh key with its session token into ~/.aws/credentials, then press r.",
    "config-file": "Put a fresh key with its session token into ~/.aws/config, then press r.",
}


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """What was being done, for the words of an error."""

    profile: str | None = None
    region: str | None = None
    endpoint: str | None = None
    action: str = ""
    """The API action, "" while connecting."""
    login: Login = Login()
    place: str = ""
    """Who was called, where a login itself called another service than CloudTrail."""

    @property
    def where(self) -> str:
        """Who was called: the endpoint, or the service in its Region."""
        return self.place or self.endpoint or f"CloudTrail in {self.region or 'AWS'}"

    @property
    def credentials(self) -> str:
        """The profile where one is in use, for a sentence about its key."""
        return f'profile "{self.profile}"' if self.profile else "these credentials"

    @property
    def login_remedy(self) -> str:
        """What to do when a login is over."""
        if renewal := _RENEWALS.get(self.login.method):
            return renewal
        if self.login.method == "login":
            return f"Log in again with `{self.command('aws login')}`, then press r."
        return f"Log in again, for example with `{self.command('aws sso login')}`, then press r."

    @property
    def permission(self) -> str:
        """The IAM action that the call needs, such as cloudtrail:LookupEvents, or "it"."""
        service = "sts" if self.action == "GetCallerIdentity" else "cloudtrail"
        return f"{service}:{self.action}" if self.action else "it"

    @property
    def key_remedy(self) -> str:
        """What to do when the service does not accept the key."""
        if not self.login.session_token:
            region = f", and that {self.region} is enabled for the account" if self.region else ""
            return f"Check the access key of {self.credentials}{region}, then press r."
        # A Region that is not enabled, or that takes no tokens of STS's global endpoint, answers with the same words.
        region = (
            f" Or {self.region} is not enabled for the account, or does not accept this kind of token."
            if self.region
            else ""
        )
        return f"The session token may have expired, or belong to another key. {self.login_remedy}{region}"

    def command(self, words: str) -> str:
        """A command line to paste, with the profile where one is in use."""
        return f"{words} --profile {shlex.quote(self.profile)}" if self.profile else words
