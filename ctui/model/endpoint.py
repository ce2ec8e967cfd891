"""Endpoint URLs: whether one is valid, is on this machine, or is an AWS host."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit


def endpoint_problem(url: str) -> str | None:
    """Why this text is not a valid endpoint URL, or None if it is."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return "it has spaces or control characters"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "it is not a URL"
    try:
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return "its port must be a number from 0 to 65535"
    if parts.scheme not in ("http", "https"):
        return "it must start with http:// or https://"
    if not host:
        return "it has no host"
    if parts.query or parts.fragment or parts.username is not None:
        return "it can have a host, a port and a path, but no user name, query or fragment"
    return None


def is_loopback(url: str) -> bool:
    """True if the URL's host is this machine: localhost, *.localhost, 127.0.0.0/8 or ::1."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_host_of(url: str, suffixes: Iterable[str]) -> bool:
    """True if the URL's host is under one of the DNS suffixes, such as "amazonaws.com"."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in suffixes)


def origin_of(endpoint: str) -> str:
    """The endpoint as part of an event's identity: scheme, host, port and path, normalized, without a final slash."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port is not None else ""
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
