"""Errors on the way to a service and back: files, names, connections, TLS, proxies, damaged answers."""

import json
import socket
import ssl
from xml.etree import ElementTree

import aiohttp
from aiohttp import client_exceptions as http
from botocore import exceptions as theirs
from botocore import parsers

from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.transport_row import Table, TransportRow
from ctui.errors import ConnectionProblem, EndpointUnreachable, NotCloudTrail

_NETWORK = "Check network, VPN and proxy, then press r."
_AGAIN = "Press r to try again."
_ENDPOINT = "Check --endpoint-url (or AWS_ENDPOINT_URL and the profile's endpoint_url) and any proxy, then press r."


def _unreachable(title: str, message: str, remedy: str = _NETWORK) -> TransportRow:
    """A row for a service that cannot be reached. {where} in the message is the service."""
    return TransportRow(EndpointUnreachable, title, lambda _, context: message.format(where=context.where), remedy)


def _not_cloudtrail(title: str, message: str, remedy: str = _ENDPOINT) -> TransportRow:
    """A row for an answer that is not from CloudTrail. {where} in the message is the service."""
    return TransportRow(NotCloudTrail, title, lambda _, context: message.format(where=context.where), remedy)


def _not_reached_remedy(_: BaseException, context: ErrorContext) -> str:
    if context.endpoint:
        return "Check that it is running and that the port is right, then press r."
    return "Check the Region name, network, VPN and proxy, then press r."


def _silent(_: BaseException, context: ErrorContext) -> str:
    return f"{context.where} accepted {context.action or 'the call'}, but did not answer."


def _untrusted(error: BaseException, context: ErrorContext) -> str:
    certificate = getattr(error, "certificate_error", error)
    why = getattr(certificate, "verify_message", "")
    return f"The certificate of {context.where} is not trusted{f': {why}' if why else ''}."


def _file(error: BaseException, _: ErrorContext) -> str:
    assert isinstance(error, OSError)
    why = (error.strerror or "it cannot be used").lower()
    return f"{error.filename}: {why}." if error.filename else f"The system refused: {why}."


_NOT_REACHED = TransportRow(
    EndpointUnreachable, "Not reachable", lambda _, context: f"No connection to {context.where}.", _not_reached_remedy
)
_HOST_UNKNOWN = TransportRow(
    EndpointUnreachable,
    "Host not found",
    lambda _, context: f"DNS has no address for the host of {context.where}.",
    lambda _, context: (
        "Check the host in the endpoint URL, and DNS, then press r."
        if context.endpoint
        else "Check the Region name, and DNS, then press r."
    ),
)
_NOT_TAKEN = _unreachable("Connection timed out", "{where} did not accept the connection in time.")
_SILENT = TransportRow(
    EndpointUnreachable,
    "No answer in time",
    _silent,
    "Press r to try again. If it happens again, check network, VPN and proxy.",
)
_CUT = _unreachable("Connection lost", "{where} closed the connection before the answer was complete.", _AGAIN)
_UNTRUSTED = TransportRow(
    EndpointUnreachable,
    "Certificate not trusted",
    _untrusted,
    "If a proxy inspects TLS, set AWS_CA_BUNDLE to its certificate. If the network needs a login, open any page in "
    "a browser.",
)
_TLS = _unreachable(
    "TLS failed",
    "The TLS handshake with {where} failed.",
    "Check https:// or http://, and any proxy. If a proxy inspects TLS, set AWS_CA_BUNDLE to its certificate.",
)
_PROXY = _unreachable(
    "Proxy not reachable",
    "The proxy for {where} did not accept the connection.",
    "Check HTTPS_PROXY and HTTP_PROXY, or add the host to NO_PROXY, then press r.",
)
_NO_ENDPOINT = _unreachable(
    "No endpoint",
    "AWS has no endpoint for {where} with these settings.",
    "Check the Region and the FIPS and dual-stack settings of the profile, then press r.",
)
_NOT_HTTP = _not_cloudtrail("Not a CloudTrail API", "{where} answered with something that is not HTTP.")
_NO_URL = _not_cloudtrail("Endpoint URL not usable", "The URL of {where} cannot be called.")
_REDIRECT = _not_cloudtrail("Redirected", "{where} redirects the call to another address, which CloudTrail never does.")
_NOT_THE_API = _not_cloudtrail("Not a CloudTrail API", "{where} did not answer as CloudTrail does.")
UNREADABLE = TransportRow(
    ConnectionProblem,
    "Answer not readable",
    lambda _, context: f"An answer from {context.where} could not be read.",
    lambda _, context: f"Check whether `{context.command('aws sts get-caller-identity')}` works, then press r.",
)
_DAMAGED = _unreachable("Answer damaged", "The answer from {where} does not match its checksum.", _AGAIN)
_FILE = TransportRow(
    ConnectionProblem, "File not usable", _file, "Correct the file, or the setting that names it; then press r."
)
_SYSTEM = TransportRow(ConnectionProblem, "Refused by the system", _file, _AGAIN)

NETWORK_ERRORS: Table = {
    theirs.ProxyConnectionError: _PROXY,
    theirs.InvalidProxiesConfigError: _unreachable(
        "Proxy settings not usable",
        "The proxy certificates named in the configuration cannot be loaded.",
        "Correct proxy_ca_bundle and proxy_client_cert, then press r.",
    ),
    theirs.SSLError: _TLS,
    theirs.ConnectTimeoutError: _NOT_TAKEN,
    theirs.ReadTimeoutError: _SILENT,
    theirs.ConnectionClosedError: _CUT,
    theirs.ResponseStreamingError: _CUT,
    theirs.IncompleteReadError: _CUT,
    theirs.EndpointConnectionError: _NOT_REACHED,
    theirs.ConnectionError: _NOT_REACHED,
    theirs.CapacityNotAvailableError: _unreachable(
        "Too many failures", "Calls to {where} failed so often that the AWS library has paused them.", _AGAIN
    ),
    theirs.EndpointProviderError: _NO_ENDPOINT,
    theirs.EndpointResolutionError: _NO_ENDPOINT,
    theirs.UnknownEndpointResolutionBuiltInName: _NO_ENDPOINT,
    theirs.BaseEndpointResolverError: _NO_ENDPOINT,
    theirs.UnknownEndpointError: _NO_ENDPOINT,
    theirs.UnknownFIPSEndpointError: _NO_ENDPOINT,
    theirs.EndpointVariantError: _NO_ENDPOINT,
    theirs.ServiceNotInRegionError: _NO_ENDPOINT,
    theirs.InvalidEndpointConfigurationError: _NO_ENDPOINT,
    theirs.InvalidHostLabelError: _NO_ENDPOINT,
    theirs.ChecksumError: _DAMAGED,
    theirs.FlexibleChecksumError: _DAMAGED,
    theirs.AwsChunkedWrapperError: _DAMAGED,
    theirs.HTTPClientError: _NOT_HTTP,
    parsers.ResponseParserError: _NOT_THE_API,
    parsers.XMLParseError: _NOT_THE_API,
    parsers.NoInitialResponseError: _NOT_THE_API,
    http.ClientError: _NOT_REACHED,
    http.ClientConnectionError: _NOT_REACHED,
    http.ClientOSError: _NOT_REACHED,
    http.ClientConnectorError: _NOT_REACHED,
    http.UnixClientConnectorError: _NOT_REACHED,
    http.ClientConnectorDNSError: _HOST_UNKNOWN,
    http.ClientProxyConnectionError: _PROXY,
    http.ClientHttpProxyError: _unreachable(
        "Proxy refused",
        "The proxy does not allow calls to {where}.",
        "Check HTTPS_PROXY and its login, or add the host to NO_PROXY, then press r.",
    ),
    http.ClientSSLError: _TLS,
    http.ClientConnectorSSLError: _TLS,
    http.ClientConnectorCertificateError: _UNTRUSTED,
    http.ServerFingerprintMismatch: _UNTRUSTED,
    http.ServerConnectionError: _CUT,
    http.ServerDisconnectedError: _CUT,
    http.ClientConnectionResetError: _CUT,
    http.ClientPayloadError: _CUT,
    http.UploadAbortedError: _CUT,
    http.ServerTimeoutError: _SILENT,
    http.SocketTimeoutError: _SILENT,
    http.ConnectionTimeoutError: _NOT_TAKEN,
    http.ClientResponseError: _NOT_HTTP,
    http.ContentTypeError: _NOT_THE_API,
    http.WSServerHandshakeError: _NOT_HTTP,
    http.WSMessageTypeError: _NOT_HTTP,
    http.TooManyRedirects: _REDIRECT,
    http.RedirectClientError: _REDIRECT,
    http.InvalidUrlRedirectClientError: _REDIRECT,
    http.NonHttpUrlRedirectClientError: _REDIRECT,
    http.InvalidURL: _NO_URL,
    http.InvalidUrlClientError: _NO_URL,
    http.NonHttpUrlClientError: _NO_URL,
    aiohttp.http_exceptions.BadStatusLine: _NOT_HTTP,
    aiohttp.http_exceptions.HttpProcessingError: _NOT_HTTP,
    ssl.SSLError: _TLS,
    ssl.SSLCertVerificationError: _UNTRUSTED,
    ssl.SSLEOFError: _CUT,
    ssl.SSLZeroReturnError: _CUT,
    ssl.SSLSyscallError: _TLS,
    ssl.SSLWantReadError: _TLS,
    ssl.SSLWantWriteError: _TLS,
    socket.gaierror: _HOST_UNKNOWN,
    socket.herror: _HOST_UNKNOWN,
    TimeoutError: _SILENT,
    ConnectionError: _NOT_REACHED,
    ConnectionRefusedError: _NOT_REACHED,
    ConnectionResetError: _CUT,
    ConnectionAbortedError: _CUT,
    BrokenPipeError: _CUT,
    FileNotFoundError: _FILE,
    FileExistsError: _FILE,
    PermissionError: _FILE,
    IsADirectoryError: _FILE,
    NotADirectoryError: _FILE,
    OSError: _SYSTEM,
    BlockingIOError: _SYSTEM,
    ChildProcessError: _SYSTEM,
    InterruptedError: _SYSTEM,
    ProcessLookupError: _SYSTEM,
    json.JSONDecodeError: UNREADABLE,
    UnicodeDecodeError: UNREADABLE,
    UnicodeEncodeError: UNREADABLE,
    ElementTree.ParseError: UNREADABLE,
    RecursionError: UNREADABLE,
}
