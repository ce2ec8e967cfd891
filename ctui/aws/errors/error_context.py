"""What ctui was doing when something failed, for the text of an error."""

import shlex

from ctui.aws.decode.readers import ANSWER_READERS
from ctui.model.login_command import LoginAgain
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """The kind of credentials in use."""

    method: str = ""
    """The provider of the chain that returned them, as botocore names it ("env", "sso", …)."""
    session_token: bool = False
    """True if they are temporary."""


_RENEWALS = {
    # r alone does not help: ctui does not see what another shell exports.
    "env": "Export a fresh key with its AWS_SESSION_TOKEN, and start ctui again from that shell.",
    "shared-credentials-file": "Put a fresh key with its session token into ~/.aws/credentials, then press r.",
    "config-file": "Put a fresh key with its session token into ~/.aws/config, then press r.",
}


_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")
"""How the Regions begin to which no key of the usual partition leads."""
_NAMES = {"account": "AWS Account Management", "ec2": "EC2", "organizations": "AWS Organizations", "sts": "STS"}
"""Services, as IAM calls them, and as messages do."""


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """What ctui was doing: the call, where it went, and as whom."""

    profile: str | None = None
    region: str | None = None
    endpoint: str | None = None
    action: str = ""
    """The API action, or "" while connecting."""
    login: CredentialKind = CredentialKind()
    service: str = ""
    """The service that a login called, if that is not CloudTrail; else ""."""
    again: LoginAgain | None = None
    """How the login is made again, if that is done in a browser."""

    @property
    def where(self) -> str:
        """What was called: the endpoint, or the service in its Region."""
        return self.service or self.endpoint or f"{_NAMES.get(self._asked, 'CloudTrail')} in {self.region or 'AWS'}"

    @property
    def credentials(self) -> str:
        """The credentials, for a sentence about the key: the profile, if one is in use."""
        return f'profile "{self.profile}"' if self.profile else "these credentials"

    @property
    def login_remedy(self) -> str:
        """What to do when a login has expired."""
        if renewal := _RENEWALS.get(self.login.method):
            return renewal
        if self.login.method == "login":
            return f"Log in again with `{self.command('aws login')}`, then press r."
        return f"Log in again, for example with `{self.command('aws sso login')}`, then press r."

    @property
    def permission(self) -> str:
        """The IAM action that the call needs, such as cloudtrail:LookupEvents, or "it"."""
        return f"{self._asked}:{self.action}" if self.action else "it"

    @property
    def key_remedy(self) -> str:
        """What to do when the service does not accept the key."""
        if not self.login.session_token:
            region = f", and that {self.region} is enabled for the account" if self.region else ""
            if self.region and self.region.startswith(_OTHER_PARTITIONS):
                region = f", and that it is of the partition of {self.region}: a key works in one partition only"
            return f"Check the access key of {self.credentials}{region}, then press r."
        # A Region that is not enabled, or that takes no tokens of STS's global endpoint, answers with the same words.
        region = (
            f" Or {self.region} is not enabled for the account, or does not accept this kind of token."
            if self.region
            else ""
        )
        return f"The session token may have expired, or belong to another key. {self.login_remedy}{region}"

    @property
    def _asked(self) -> str:
        """The service that the call goes to, as IAM calls it."""
        reader = ANSWER_READERS.get(self.action)
        return reader.service if reader is not None else "cloudtrail"

    def command(self, words: str) -> str:
        """A command line to paste, with --profile if a profile is in use."""
        return f"{words} --profile {shlex.quote(self.profile)}" if self.profile else words
