"""What lines of the filter mean of a record, by plain Python that was written without a look at ctui's own."""

import json
import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any

from support.real_records import event_of

from ctui.model.event.event import Event


def every_text(value: Any, keys: bool = True) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if keys:
                yield key
            yield from every_text(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from every_text(inner, keys)
    elif isinstance(value, str):
        yield value
    elif value is not None:
        yield json.dumps(value)


def dig(value: Any, *path: str) -> Iterator[str]:
    if isinstance(value, list) and path:
        for inner in value:
            yield from dig(inner, *path)
    elif not path:
        yield from every_text(value, keys=False)
    elif isinstance(value, dict) and path[0] in value:
        yield from dig(value[path[0]], *path[1:])


def caller(record: dict[str, Any], key: str) -> Any:
    return (record.get("userIdentity") or {}).get(key)


def failed(record: dict[str, Any]) -> bool:
    signed_in = (record.get("responseElements") or {}) if isinstance(record.get("responseElements"), dict) else {}
    return bool(record.get("errorCode") or record.get("errorMessage")) or signed_in.get("ConsoleLogin") == "Failure"


def somewhere(word: str) -> Callable[[dict[str, Any]], bool]:
    folded = word.lower()
    return lambda record: any(folded in text.lower() for text in every_text(record))


READINGS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "name:ConsoleLogin": lambda r: r.get("eventName") == "ConsoleLogin",
    "name:Get*,List*": lambda r: str(r.get("eventName")).startswith(("Get", "List")),
    "-name:Describe*": lambda r: not str(r.get("eventName")).startswith("Describe"),
    "source:ec2": lambda r: r.get("eventSource") == "ec2.amazonaws.com",
    "-source:ec2,s3": lambda r: r.get("eventSource") not in ("ec2.amazonaws.com", "s3.amazonaws.com"),
    "region:us-east-1,eu-west-1": lambda r: r.get("awsRegion", "nowhere") in ("us-east-1", "eu-west-1"),
    "ip:1*": lambda r: str(r.get("sourceIPAddress")).startswith("1"),
    "ip:*.amazonaws.com": lambda r: str(r.get("sourceIPAddress")).endswith(".amazonaws.com"),
    "agent:*Boto*,*boto*": lambda r: "oto" in str(r.get("userAgent")) and "boto" in str(r.get("userAgent")).lower(),
    "error:*": failed,
    "is:error": failed,
    "-is:error": lambda r: not failed(r),
    "error:AccessDenied": lambda r: "AccessDenied" in (r.get("errorCode"), r.get("errorMessage")),
    "error:*Denied*": lambda r: any("Denied" in str(r.get(key)) for key in ("errorCode", "errorMessage")),
    "is:root": lambda r: caller(r, "type") == "Root",
    "role:AWSServiceRole*": lambda r: any(
        one.startswith("AWSServiceRole")
        for one in dig(r, "userIdentity", "sessionContext", "sessionIssuer", "userName")
    ),
    "session:i-*": lambda r: ":assumed-role/" in str(caller(r, "arn")) and "/i-" in str(caller(r, "arn")),
    "who:AIDA*": lambda r: any(one.startswith("AIDA") for one in dig(r, "userIdentity")),
    "mfa:yes": lambda r: (
        "true" in dig(r, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated")
        or "Yes" in dig(r, "additionalEventData", "MFAUsed")
    ),
    "is:denied": lambda r: bool(re.search("AccessDenied|Unauthorized|Forbidden", str(r.get("errorCode")))),
    "is:service": lambda r: (
        caller(r, "type") == "AWSService"
        or r.get("eventType") == "AwsServiceEvent"
        or bool(caller(r, "type") is None and caller(r, "invokedBy"))
    ),
    "is:write": lambda r: r.get("readOnly") is False,
    "is:read": lambda r: r.get("readOnly") is True,
    "account:123456789012": lambda r: (r.get("recipientAccountId") or caller(r, "accountId")) == "123456789012",
    "userIdentity.type:AssumedRole": lambda r: caller(r, "type") == "AssumedRole",
    "userIdentity.sessionContext.attributes.mfaAuthenticated:true": lambda r: (
        "true" in dig(r, "userIdentity", "sessionContext", "attributes", "mfaAuthenticated")
    ),
    "requestParameters.bucketName:*": lambda r: any(dig(r, "requestParameters", "bucketName")),
    "requestParameters.instancesSet.items.instanceId:i-*": lambda r: any(
        one.startswith("i-") for one in dig(r, "requestParameters", "instancesSet", "items", "instanceId")
    ),
    "-requestParameters:*": lambda r: not any(dig(r, "requestParameters")),
    "responseElements:*arn*": lambda r: any("arn" in one for one in dig(r, "responseElements")),
    "resources.type:AWS::*": lambda r: any(one.startswith("AWS::") for one in dig(r, "resources", "type")),
    "managementEvent:true": lambda r: r.get("managementEvent") in (True, "true"),
    "eventVersion:1.08": lambda r: r.get("eventVersion") == "1.08",
    "accessdenied": somewhere("accessdenied"),
    '"not authorized"': somewhere("not authorized"),
    "-amazonaws": lambda r: not somewhere("amazonaws")(r),
    "[redacted]": somewhere("[redacted]"),
    "us*east": lambda r: any(re.search("us.*east", text, re.I | re.S) for text in every_text(r)),
    "/i-[0-9a-f]{17}/": lambda r: any(re.search("i-[0-9a-f]{17}", text) for text in every_text(r)),
    "/^arn:aws:iam::[0-9]+:root$/": lambda r: any(re.search("^arn:aws:iam::[0-9]+:root$", t) for t in every_text(r)),
}


def in_networks(*networks: str) -> Callable[[dict[str, Any]], bool | None]:
    """Whether the source address is in one of these; None for what is no address."""

    def reading(record: dict[str, Any]) -> bool | None:
        try:
            address = ip_address(str(record.get("sourceIPAddress")))
        except ValueError:
            return None
        nets = map(ip_network, networks)
        return any(address.version == network.version and address in network for network in nets)

    return reading


def number_at(*path: str) -> Callable[[dict[str, Any]], list[float]]:
    """The numbers at a path."""
    return lambda record: [float(one) for one in dig(record, *path) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", one)]


LEAVES: dict[str, Callable[[dict[str, Any]], bool | None]] = {
    **READINGS,
    "ip:10.0.0.0/8,203.0.113.0/24": in_networks("10.0.0.0/8", "203.0.113.0/24"),
    "ip:0.0.0.0-127.255.255.255": in_networks("0.0.0.0/1"),
    "ip:::/0": in_networks("::/0"),
    "ip:54.0.0.0/8,cloudtrail.amazonaws.com": lambda r: (
        r.get("sourceIPAddress") == "cloudtrail.amazonaws.com" or in_networks("54.0.0.0/8")(r)
    ),
    "error:~accessdenied*": lambda r: any(
        str(r.get(key)).lower().startswith("accessdenied") for key in ("errorCode", "errorMessage")
    ),
    "userIdentity.type:~assumedrole,ROOT": lambda r: str(caller(r, "type")).lower() in ("assumedrole", "root"),
    "requestParameters.maxResults>=100": lambda r: any(
        one >= 100 for one in number_at("requestParameters", "maxResults")(r)
    ),
    "requestParameters.maxResults<100": lambda r: any(
        one < 100 for one in number_at("requestParameters", "maxResults")(r)
    ),
    "userIdentity.sessionContext.attributes.creationDate>2021-01-01": lambda r: any(
        one >= "2021-01-02" for one in dig(r, "userIdentity", "sessionContext", "attributes", "creationDate")
    ),
}
"""Every reading, and those that can be unknown: None where the record says too little."""


def event_around(record: dict[str, Any], text: str) -> Event:
    """The event of a record, as the service would say it."""
    said = record.get("readOnly")
    return event_of(
        text,
        name=record.get("eventName"),
        source=record.get("eventSource"),
        username=caller(record, "userName"),
        read_only=None if said is None else str(said).lower(),
    )
