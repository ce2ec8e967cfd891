"""Every exception that botocore, aiohttp, ssl and the system can raise has words of its own: a new one fails here."""

import inspect
import json
import re
import socket
import ssl
import string
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from aiohttp import client_exceptions
from aiohttp.client_reqrep import ConnectionKey
from botocore import exceptions as theirs
from botocore import parsers

from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.service_errors import error_of
from ctui.aws.errors.transport_errors import TRANSPORT_ERRORS
from ctui.errors import ConnectionProblem

AT = ErrorContext(profile="prod", region="eu-west-1", action="LookupEvents")
ANSWERED = (theirs.ClientError, theirs.EventStreamError)
"""The service's own errors: faults.py tells them by their code."""


def classes(module: object) -> list[type[Exception]]:
    """The exceptions a module has, warnings excepted."""
    return [
        each
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Exception) and not issubclass(each, Warning) and each not in ANSWERED
    ]


def kinds(of: type[Exception]) -> list[type[Exception]]:
    """A class of Python's own and all that it derives."""
    return [
        of,
        *(each for kind in of.__subclasses__() if kind.__module__ in ("builtins", "socket") for each in kinds(kind)),
    ]


EVERY = sorted(
    {
        *classes(theirs),
        *classes(parsers),
        *classes(client_exceptions),
        *classes(ssl),
        *kinds(OSError),
        socket.gaierror,
        socket.herror,
        TimeoutError,
        json.JSONDecodeError,
        UnicodeDecodeError,
        ElementTree.ParseError,
    },
    key=lambda each: (each.__module__, each.__name__),
)
FOREIGN = frozenset(("error", "error_msg", "msg", "reason", "message", "report"))
HOSTILE = "b'\\x00' {'a': 1} ValueError: boom <class 'x'>"


def made(kind: type[Exception]) -> Exception:
    """An instance as it may come, its parts full of what a person must not read."""
    if issubclass(kind, theirs.WaiterError):
        return kind("x", HOSTILE, {})
    if issubclass(kind, theirs.BotoCoreError):
        names = [name for _, name, _, _ in string.Formatter().parse(str(getattr(kind, "fmt", ""))) if name]
        # What InvalidConfigError says is botocore's sentence for a person, and is repeated.
        said = "Settings contradict each other." if issubclass(kind, theirs.InvalidConfigError) else HOSTILE
        # Names and values are the person's own, and may be repeated; another exception's words may not.
        return kind(**{name: said if name in FOREIGN else "x" for name in names})
    if issubclass(kind, parsers.NoInitialResponseError):
        return kind()
    if issubclass(kind, theirs.MissingServiceIdError):
        return theirs.MissingServiceIdError(service_name="x")  # type: ignore[no-any-return]
    if issubclass(kind, client_exceptions.ClientConnectorCertificateError):
        return kind(_key(), ssl.SSLCertVerificationError(1, HOSTILE))
    if issubclass(kind, client_exceptions.UnixClientConnectorError):
        return kind("/x", _key(), OSError(111, "Connection refused"))
    if issubclass(kind, client_exceptions.ClientConnectorError):
        return kind(_key(), OSError(111, "Connection refused"))
    if issubclass(kind, client_exceptions.ClientResponseError):
        return kind(SimpleNamespace(real_url=HOSTILE), ())  # type: ignore[arg-type]
    if issubclass(kind, client_exceptions.ServerFingerprintMismatch):
        return kind(b"a", b"b", HOSTILE, 1)
    if issubclass(kind, json.JSONDecodeError):
        return kind(HOSTILE, "x", 0)
    if issubclass(kind, UnicodeDecodeError):
        return kind("utf-8", b"\xff", 0, 1, HOSTILE)
    if issubclass(kind, OSError):
        return kind(13, "Permission denied", "/etc/x")
    return kind(HOSTILE)


def _key() -> ConnectionKey:
    values: dict[str, Any] = dict.fromkeys(ConnectionKey.__annotations__)
    return ConnectionKey(**values | {"host": "h", "port": 1, "ssl": True})


def is_in_words(text: str) -> bool:
    """True where it names no class, and repeats no exception's text and no value of Python's."""
    return not re.search(
        r"\w(Error|Exception|Warning|Mismatch)\b|Traceback|Errno|<class|b'|\{|\bNone\b|boom|\bself\b", text
    )


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_each_exception_has_words_of_its_own(kind: type[Exception]) -> None:
    assert kind in TRANSPORT_ERRORS, f"{kind.__name__} has no words: give it a row in ctui.aws"
    fault = error_of(made(kind), AT)
    assert isinstance(fault, ConnectionProblem)
    for words in (fault.title, fault.message, fault.remedy):
        assert words.strip()
        assert is_in_words(words), words
    assert fault.title != "Unexpected error"


WRAPPED: list[tuple[Exception, str]] = [
    (theirs.EndpointConnectionError(endpoint_url="u", error=ConnectionRefusedError(111, "x")), "Not reachable"),
    (theirs.EndpointConnectionError(endpoint_url="u", error=socket.gaierror(-2, "x")), "Host not found"),
    (
        theirs.EndpointConnectionError(
            endpoint_url="u", error=client_exceptions.ClientConnectorDNSError(_key(), OSError(-2, "x"))
        ),
        "Host not found",
    ),
    (
        theirs.EndpointConnectionError(endpoint_url="u", error=client_exceptions.ClientOSError(104, "x")),
        "Connection lost",
    ),
    (
        theirs.SSLError(endpoint_url="u", error=made(client_exceptions.ClientConnectorCertificateError)),
        "Certificate not trusted",
    ),
    (
        theirs.SSLError(endpoint_url="u", error=Exception(ssl.SSLCertVerificationError(1, "x"))),
        "Certificate not trusted",
    ),
    (theirs.SSLError(endpoint_url="u", error=ssl.SSLError(1, "WRONG_VERSION_NUMBER")), "TLS failed"),
    (
        theirs.ConnectTimeoutError(endpoint_url="u", error=client_exceptions.ServerTimeoutError()),
        "Connection timed out",
    ),
    (theirs.HTTPClientError(error="bad status line"), "Not a CloudTrail API"),
    (theirs.HTTPClientError(error=KeyError("a bug")), "Unexpected error"),
]


@pytest.mark.parametrize(("error", "title"), WRAPPED, ids=[title for _, title in WRAPPED])
def test_a_wrapped_exception_is_told_by_what_it_was_made_from(error: Exception, title: str) -> None:
    assert error_of(error, AT).title == title


def test_a_class_that_no_table_knows_is_told_as_its_nearest_one() -> None:
    class Newer(theirs.SSOError):  # type: ignore[misc]
        """As a new release of botocore may bring it."""

    assert error_of(Newer(), AT).title == "SSO gave no credentials"
