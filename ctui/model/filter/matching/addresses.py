"""Ranges of IP addresses: networks as `10.0.0.0/8`, and `10.0.0.1-10.0.0.9`.

An IPv4 address that is written inside IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 address.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_LOOKS_LIKE_ADDRESS = re.compile(r"(?=[^.:]*[.:])[0-9a-fA-F:.]{2,45}")
"""45 characters are the longest address, IPv4 inside IPv6."""


def address_of(text: str) -> Address | None:
    """The address that a text is, or None if it is another text, such as the name of a service."""
    if _LOOKS_LIKE_ADDRESS.fullmatch(text) is None:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@dataclass(frozen=True)
class AddressRange:
    """A network or a range of addresses. Two of them are equal if they are written alike."""

    text: str
    """As typed, such as `10.0.0.0/8` or `10.0.0.1-10.0.0.9`."""

    def __contains__(self, address: Address) -> bool:
        """True if the address is in the range; one of the other version is not."""
        return address.version == self.first.version and int(self.first) <= int(address) <= int(self.last)

    @property
    def first(self) -> Address:
        """The lowest address."""
        return self._ends[0]

    @property
    def last(self) -> Address:
        """The highest address."""
        return self._ends[1]

    @cached_property
    def _ends(self) -> tuple[Address, Address]:
        return _ends_of(self.text)


def parse_range(text: str) -> AddressRange | None:
    """The range that a text means, or None if it looks like no range.

    A network may be written with one of its addresses: `10.1.2.3/8` is `10.0.0.0/8`. A slash is in no
    address and in no name of a service. Raises ValueError with a message for a person if it looks like a range and is
    none.
    """
    if "/" not in text:
        start, mark, end = text.partition("-")
        partial = start.isdecimal() or _LOOKS_LIKE_ADDRESS.fullmatch(start) is not None
        if not mark or not (address_of(start) is not None or (partial and end[:1].isalnum())):
            return None
    _ends_of(text)
    return AddressRange(text)


def _ends_of(text: str) -> tuple[Address, Address]:
    if "/" in text:
        return _network(text)
    start, _, end = text.partition("-")
    first, last = _end(start), _end(end)
    if first.version != last.version:
        raise ValueError(f"{start} and {end} are not of one version")
    if int(first) > int(last):
        raise ValueError(f"the range is the wrong way round: write {end}-{start}")
    return first, last


def _network(text: str) -> tuple[Address, Address]:
    start, _, size = text.partition("/")
    _end(start)
    try:
        network: IPv4Network | IPv6Network = ip_network(text, strict=False)
    except ValueError:
        most = 128 if ":" in start else 32
        raise ValueError(f"/{size} is no size of a network: write {start}/0 to {start}/{most}") from None
    first, last = address_of(str(network[0])), address_of(str(network[-1]))
    if first is None or last is None or first.version != last.version:
        return network[0], network[-1]
    return first, last


def _end(text: str) -> Address:
    if (address := address_of(text)) is None:
        raise ValueError(f"{text!r} is no whole address: write 10.0.0.0/8 or 10.0.0.1-10.0.0.9")
    return address
