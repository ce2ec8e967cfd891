"""Endpoint URLs: usable, on this machine, of AWS's own."""

import pytest

from ctui.model.endpoint import endpoint_problem, is_host_of, is_loopback, origin_of


@pytest.mark.parametrize(
    "url",
    ["http://localhost:4000", "https://cloudtrail.eu-west-1.amazonaws.com", "http://[::1]:80/", "http://x/path"],
)
def test_usable(url: str) -> None:
    assert endpoint_problem(url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "http://"),
        ("localhost:4000", "http://"),
        ("ftp://x", "http://"),
        ("http://", "no host"),
        ("http://:80", "no host"),
        ("http://x:port", "its port"),
        ("http://x:99999", "its port"),
        ("http://[::1", "is not a URL"),
        ("http://user:secret@x", "no user name"),
        ("http://x/?q=1", "query"),
        ("http://x/#f", "fragment"),
        ("http://x y", "spaces"),
        ("http://x\x1b[2J", "control"),
    ],
)
def test_unusable_says_why(url: str, reason: str) -> None:
    assert reason in (endpoint_problem(url) or "")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:4000", True),
        ("http://LOCALHOST", True),
        ("http://trail.localhost:1", True),
        ("http://localhost.:1", True),
        ("http://127.0.0.1:1", True),
        ("http://127.8.8.8:1", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("https://cloudtrail.eu-west-1.amazonaws.com", False),
    ],
)
def test_on_this_machine(url: str, local: bool) -> None:
    assert is_loopback(url) is local


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://cloudtrail.eu-west-1.amazonaws.com", True),
        ("https://amazonaws.com", True),
        ("https://notamazonaws.com", False),
        ("https://amazonaws.com.example.org", False),
    ],
)
def test_hosts_under_a_suffix(url: str, own: bool) -> None:
    assert is_host_of(url, ["amazonaws.com"]) is own


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://LocalHost:4000/", "http://localhost:4000"),
        ("http://[::1]:1/x/", "http://[::1]:1/x"),
        ("https://h", "https://h"),
    ],
)
def test_one_endpoint_has_one_spelling(url: str, origin: str) -> None:
    assert origin_of(url) == origin
