"""Host headers that mean this machine. Others are refused, so no web page reaches the emulator by DNS rebinding."""

import ipaddress
import re

LOOPBACK_NAMES = frozenset({"localhost", "localhost.", "ip6-localhost"})
_HOST = re.compile(r"(\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[^\[\]:/@]+))(:[0-9]*)?")


def host_of(header: str) -> str:
    """The name or address in a Host header, without port and brackets, in lower case, or "" if it is invalid."""
    found = _HOST.fullmatch(header.strip().lower())
    return found["address"] or found["name"] or "" if found else ""


def is_loopback(host: str) -> bool:
    """True for localhost and for addresses that never leave the machine."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
