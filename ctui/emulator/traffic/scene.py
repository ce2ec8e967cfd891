"""A scene: the calls of one actor within one hour, as event records."""

from collections.abc import Mapping
from typing import Any

from ctui.emulator.records.recorded import READING_NAMES
from ctui.emulator.traffic.cast import Actor, SampleAccount, stamp

HOUR = 3600
DAY = 86400
GLOBAL = frozenset({"iam", "signin", "organizations", "cloudfront", "route53"})
"""Services whose events are recorded in us-east-1. So are those of STS, unless a Regional endpoint was called."""
_READING = (*READING_NAMES, "AssumeRole", "Decrypt", "GenerateDataKey", "StartQueryExecution")
_HOSTS = {"iam": "iam.amazonaws.com", "signin": "us-east-1.signin.aws.amazon.com"}
_TLS = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"}

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"

Denied = tuple[str, str]
"""(errorCode, errorMessage)."""


class Scene:
    """Collects the records of one actor and hour. IDs and random numbers follow from the seed and the scene's name."""

    def __init__(self, sample: SampleAccount, name: str, hour: int) -> None:
        self.sample = sample
        self.hour = hour
        self.start = hour * HOUR
        """Epoch second of the start of the hour."""
        self.dice = sample.dice(name, hour)
        self.records: list[tuple[int, dict[str, Any]]] = []
        """(epoch second, record) in the order of recording."""

    def call(
        self,
        second: int,
        actor: Actor,
        action: str,
        request: Mapping[str, Any] | None = None,
        response: Mapping[str, Any] | None = None,
        *,
        region: str = "us-east-1",
        error: Denied | None = None,
        kind: str = "AwsApiCall",
        shared: str | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Record a call of `action`, such as "ec2:RunInstances". Global services are recorded in us-east-1."""
        service, _, name = action.partition(":")
        where = "us-east-1" if service in GLOBAL else region
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": actor.identity,
            "eventTime": stamp(second),
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "awsRegion": where,
            "sourceIPAddress": actor.ip,
            "userAgent": actor.agent,
        }
        if error:
            record["errorCode"], record["errorMessage"] = error
        record["requestParameters"] = request
        record["responseElements"] = None if error else response
        if more:
            record.update(more)
        record["requestID"] = self.dice.uuid()
        record["eventID"] = self.dice.uuid()
        record["readOnly"] = name.startswith(_READING)
        record["eventType"] = kind
        record["managementEvent"] = True
        record["recipientAccountId"] = self.sample.account
        if shared:
            record["sharedEventID"] = shared
        record["eventCategory"] = "Management"
        if not actor.ip.endswith(".amazonaws.com"):
            host = _HOSTS.get(service, f"{service}.{where}.amazonaws.com")
            record["tlsDetails"] = {**_TLS, "clientProvidedHostHeader": host}
            if actor.console and kind == "AwsApiCall":
                record["sessionCredentialFromConsole"] = "true"
        self.records.append((second, record))

    def sign_in(self, second: int, actor: Actor, *, mfa: bool, failed: bool = False, user: str | None = None) -> None:
        """Record a ConsoleLogin, as AWS Sign-In does."""
        details = {
            "LoginTo": "https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true",
            "MobileVersion": "No",
            "MFAUsed": "Yes" if mfa else "No",
        }
        identity = dict(actor.identity)
        identity.pop("sessionContext", None)
        # At sign-in there are no credentials yet.
        identity.pop("accessKeyId", None)
        if failed:
            identity = {"type": "IAMUser", "accountId": self.sample.account, "accessKeyId": "", "userName": user or ""}
        self.call(
            second,
            Actor(identity, actor.ip, actor.agent),
            "signin:ConsoleLogin",
            None,
            {"ConsoleLogin": "Success"},
            kind="AwsConsoleSignIn",
            more={"additionalEventData": details},
        )
        if failed:
            record = self.records[-1][1]
            record["errorMessage"] = "Failed authentication"
            record["responseElements"] = {"ConsoleLogin": "Failure"}

    def some_second(self) -> int:
        """A second of this hour."""
        return self.start + self.dice.randrange(HOUR)


def denied(actor: Actor, action: str, resource: str) -> Denied:
    """The error of a call that no policy allows, as the service writes it."""
    return (
        "AccessDenied",
        f"User: {actor.arn} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action",
    )


UNAUTHORIZED: Denied = (
    "Client.UnauthorizedOperation",
    "You are not authorized to perform this operation. Encoded authorization failure message: 4NrCH1dN0tR3al",
)
"""EC2's error for a call that is not allowed."""
