"""What `is:new` compares: which user or role acted, and the network, agent, Region and service it was seen with.

All of it is read from the values that the store's index has of an event, so that no record has to be read.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import ip_network
from typing import Final, NamedTuple

from ctui.model.event.identity import arn_parts
from ctui.model.event.names import AMAZON
from ctui.model.event.origin import agent_family
from ctui.model.event.record_view import RecordView
from ctui.model.filter.matching.addresses import address_of

_UNIQUE_IDS: Final = ("AROA", "AIDA")
"""What the unique ID of a role and of a user begins with (IAM user guide, "IAM identifiers", unique ID prefixes)."""
_BITS: Final = {4: 24, 6: 48}
"""How many bits of an address name its network: what one site has, as a rule."""
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"((?:{_OCTET}\.){{3}}){_OCTET}")
"""An IPv4 address in its usual form: nearly all are, and a log has a hundred thousand different ones."""


class SeenWith(StrEnum):
    """What a user or role is seen with."""

    NETWORK = "network"
    AGENT = "agent"
    REGION = "Region"
    SERVICE = "service"


Seen = tuple[str, str, str, str]
"""A network, an agent's family, a Region and a service, in the order of `SeenWith`; "" for what is not known."""


class FirstTimes(NamedTuple):
    """Of what an event is the first sighting, in what the store holds of its account."""

    seen_with: tuple[tuple[SeenWith, str], ...]
    """What the caller was not seen with before, and its value."""
    caller_is_new: bool
    """True if the caller was not seen at all before."""
    seconds: int
    """How long before the event the store's oldest event of the account is."""


def principal_of(names: Sequence[str]) -> str:
    """The user or role that acted, from every name of who acted (`names.names_of`); "" for a service and for no one.

    It is the identity and not its session: `123456789012:role/Admin` in whatever session. A caller of whom only the
    unique ID is known, as one from another account, is that ID, and one without either is its first name.
    """
    for name in names:
        if name.startswith("arn:") and (identity := _identity(name)):
            return identity
    for name in names:
        if name.startswith(_UNIQUE_IDS) and ":" not in name:
            return name
    return "" if not names or any(name.endswith(AMAZON) for name in names) else names[0]


def network_of(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 address; "" for what is no address, as the name of a service."""
    if (usual := _IPV4.fullmatch(address)) is not None:
        return f"{usual[1]}0/{_BITS[4]}"
    read = address_of(address)
    if read is None:
        return ""
    return str(ip_network((read, _BITS[read.version]), strict=False))


def seen_in(view: RecordView) -> tuple[str, Seen]:
    """Who acted in an event, and with what."""
    address, agent, region = (view.record.get(key) for key in ("sourceIPAddress", "userAgent", "awsRegion"))
    return principal_of(view.names()), (
        network_of(address) if isinstance(address, str) else "",
        agent_family(agent) if isinstance(agent, str) else "",
        region if isinstance(region, str) and region else view.region,
        view.event.source or "",
    )


def _identity(arn: str) -> str:
    account, parts = arn.split(":")[4:5], arn_parts(arn)
    if not account or not parts:
        return ""
    if parts[0] == "assumed-role" and len(parts) > 1:
        return f"{account[0]}:role/{parts[1]}"
    if parts[0] in ("role", "user") and len(parts) > 1:
        return f"{account[0]}:{parts[0]}/{parts[-1]}"
    return f"{account[0]}:root" if parts == ["root"] else ""
