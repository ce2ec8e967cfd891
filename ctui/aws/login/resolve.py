"""Profile, Region, endpoint and credentials, resolved as the AWS CLI would, and the gateway made from them.

Only a thread imports this module: it loads boto3, botocore and aiobotocore.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import botocore.session
from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError, NoRegionError, UnknownRegionError
from botocore.utils import validate_region_name

from ctui import __version__
from ctui.aws.client import AwsGateway
from ctui.aws.errors.error_context import ErrorContext, Login
from ctui.aws.errors.service_errors import error_of
from ctui.aws.errors.transport_row import brief
from ctui.aws.login.calls import LoginCalls
from ctui.aws.login.configuration import bundle_problem, explained_by_configuration
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_chain import FixedProvider, Helpers, OffLoopCredentials, frozen, prepare_logins
from ctui.aws.login.credential_process import CredentialPrograms
from ctui.aws.login.trace import trace_before_login
from ctui.aws.transport import TracedSession
from ctui.errors import CtuiError, EndpointUnreachable
from ctui.model.connection import Connection
from ctui.model.endpoint import endpoint_problem, is_host_of, is_loopback, origin_of

# The CLI reads AWS_REGION before AWS_DEFAULT_REGION; botocore on its own knows only the second.
_REGION_AS_THE_CLI = {"region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None)}
_NOT_FROM_A_PROFILE = frozenset({"env", "explicit", "iam-role", "container-role", "ec2-credentials-file"})
_WRITTEN_DOWN = frozenset({"env", "explicit", "shared-credentials-file", "config-file", "boto-config"})
"""Logins that are a key somebody wrote down, and beside it perhaps an account that it need not belong to."""
_RENEWAL_SHARE = 0.75
"""Of the seconds that a call may take: what the renewal of its key may."""
_LIBRARIES = ("boto3", "botocore", "aiobotocore", "urllib3")


def open_gateway(
    options: ConnectOptions,
    ask: Callable[[str], str] | None,
    programs: CredentialPrograms,
    resolved: Callable[[Connection], None],
) -> AwsGateway:
    """A gateway with a login that has succeeded. Blocks; raises our errors only.

    `ask` puts an MFA prompt to a person, on this thread; None: nobody can be asked. `programs` runs what a profile
    names as its credential_process. `resolved` hears on this thread what is known before the login, and again once the
    key is known.
    """
    _keep_libraries_off_the_screen()
    context = _error_context(options)
    if options.isolated:
        try:
            return _isolated(options, resolved)
        except Exception as error:
            raise error_of(error, context) from error
    core = botocore.session.Session(session_vars=_REGION_AS_THE_CLI)
    calls = LoginCalls(programs.waits)

    def explain(error: Exception) -> CtuiError:
        return explained_by_configuration(error, core) or error_of(error, calls.error_context(error, context))

    try:
        return _resolved(core, options, Helpers(ask, programs, calls), explain, resolved)
    except Exception as error:
        raise explain(error) from error


def _resolved(
    core: Any,
    options: ConnectOptions,
    helpers: Helpers,
    explain: Callable[[Exception], CtuiError],
    resolved: Callable[[Connection], None],
) -> AwsGateway:
    session = boto3.Session(botocore_session=core, profile_name=options.profile, region_name=options.region)
    region = session.region_name
    if not region:
        raise NoRegionError
    validate_region_name(region)
    endpoint = _checked(options.endpoint_url or _configured_endpoint(core, "cloudtrail"))
    partition, suffixes = _partition(core, region)
    aws_host = endpoint is None or is_host_of(endpoint, suffixes)
    connection = Connection(
        profile=_named_profile(core),
        region=region,
        endpoint=endpoint,
        origin=partition if endpoint is None or aws_host else origin_of(endpoint),
    )
    connection = replace(connection, login=trace_before_login(options, core, connection.origin))
    resolved(connection)
    # STS lives where CloudTrail does, unless that is a host of AWS's, or the configuration says where STS is.
    sts_endpoint = options.endpoint_url or _configured_endpoint(core, "sts") or endpoint
    if sts_endpoint and sts_endpoint == endpoint and aws_host:
        sts_endpoint = None
    # Without usable certificates every call fails, each in other words; plain HTTP needs none.
    needs_certificates = any(not (url or "https:").startswith("http:") for url in (endpoint, sts_endpoint))
    if needs_certificates and (problem := bundle_problem(core)):
        raise problem
    credentials, login, now = _credentials(options, session, core, helpers)
    if credentials.method in _NOT_FROM_A_PROFILE:
        connection = replace(connection, profile=None)
    connection = _with_key(connection, now.access_key)
    if connection.login.account is None and (account := _account_told(core, credentials, now)):
        connection = replace(connection, login=replace(connection.login, account=account))
    resolved(connection)

    aio = AioSession(session_vars=_REGION_AS_THE_CLI, profile=options.profile)
    # A renewal ends before the call that waits for it: else that call is said to be what failed.
    held = OffLoopCredentials(credentials, explain, options.patience * _RENEWAL_SHARE)
    aio.register_component("credential_provider", FixedProvider(held))
    # One loader for both sessions: AWS's list of endpoints alone takes 50 ms to read.
    aio.register_component("data_loader", core.get_component("data_loader"))
    return _gateway(aio, connection, sts_endpoint, options, login)


def _account_told(core: Any, credentials: Credentials, now: ReadOnlyCredentials) -> str | None:
    """The account that whoever gave the key told with it; None where that stands in a file, which proves nothing."""
    # Where a program tells no account, botocore takes the one that is written beside its name.
    written = credentials.method in _WRITTEN_DOWN or now.account_id == core.get_scoped_config().get("aws_account_id")
    return None if written else now.account_id


def _with_key(connection: Connection, key_id: str) -> Connection:
    return replace(connection, login=replace(connection.login, key_id=key_id))


def _isolated(options: ConnectOptions, resolved: Callable[[Connection], None]) -> AwsGateway:
    if not (options.region and options.endpoint_url and options.access_key and options.secret_key):
        raise ValueError("an isolated connection needs Region, endpoint and key")
    endpoint = options.endpoint_url
    # Every variable loses its environment, so that no AWS_* setting, good or bad, has a say; no file is read.
    variables = {
        name: (None, None, default, convert)
        for name, (_file, _environment, default, convert) in AioSession.SESSION_VARIABLES.items()
    }
    for file in ("config_file", "credentials_file"):
        variables[file] = (None, None, os.devnull, None)
    aio = AioSession(session_vars=variables)
    key = Credentials(options.access_key, options.secret_key)
    aio.register_component("credential_provider", FixedProvider(OffLoopCredentials(key)))
    connection = _with_key(
        Connection(options.profile, options.region, endpoint, origin_of(endpoint)), options.access_key
    )
    resolved(connection)
    return _gateway(aio, connection, endpoint, options, Login())


def _gateway(
    aio: AioSession, connection: Connection, sts_endpoint: str | None, options: ConnectOptions, login: Login
) -> AwsGateway:
    def config_for(endpoint: str | None) -> AioConfig:
        # Proxies given here win over the environment's: a call to this machine goes through none.
        proxies: dict[str, Any] = {"proxies": {}} if endpoint and is_loopback(endpoint) else {}
        return AioConfig(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=options.connect_timeout,
            read_timeout=options.read_timeout,
            user_agent_extra=f"ctui/{__version__}",
            http_session_cls=TracedSession,
            **proxies,
        )

    def open_client(service: str, region: str) -> Any:
        endpoint = sts_endpoint if service == "sts" else connection.endpoint
        # Plain HTTP needs no certificates, and a broken AWS_CA_BUNDLE must not matter to it.
        verify = False if endpoint and endpoint.startswith("http:") else None
        return aio.create_client(
            service, region_name=region, endpoint_url=endpoint, verify=verify, config=config_for(endpoint)
        )

    gateway = AwsGateway(connection, open_client, options.patience, login)
    gateway.prepare()
    return gateway


def _credentials(
    options: ConnectOptions, session: Any, core: Any, helpers: Helpers
) -> tuple[Credentials, Login, ReadOnlyCredentials]:
    """The credentials, what kind of login they are, and what they are now."""
    if options.access_key and options.secret_key:
        given = Credentials(options.access_key, options.secret_key, method="explicit")
        return given, Login(), given.get_frozen_credentials()
    prepare_logins(core, helpers)
    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    # Roles and SSO log in at the first use: here, in the thread, where a person can be asked.
    now = frozen(credentials)
    return credentials, Login(str(credentials.method), bool(now.token)), now


def _named_profile(core: Any) -> str | None:
    name: str | None = core.profile
    return name or ("default" if "default" in core.available_profiles else None)


def _partition(core: Any, region: str) -> tuple[str, list[str]]:
    """(the Region's partition, the DNS suffixes of AWS's own hosts in every partition)."""
    resolver_data = core.get_component("data_loader").load_data("partitions")
    suffixes = [
        entry["outputs"][key]
        for entry in resolver_data["partitions"]
        for key in ("dnsSuffix", "dualStackDnsSuffix")
        if entry["outputs"].get(key)
    ]
    try:
        return str(core.get_partition_for_region(region)), suffixes
    except UnknownRegionError:
        return "aws", suffixes


def _configured_endpoint(core: Any, service: str) -> str | None:
    """AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's services section or its endpoint_url, in this order.

    botocore keeps its own reader private; tests/aws/login/test_resolve.py holds what is relied on here.
    """
    if core.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    provider = ConfiguredEndpointProvider(
        full_config=core.full_config, scoped_config=core.get_scoped_config(), client_name=service
    )
    url: str | None = provider.provide()
    return url


def _checked(endpoint: str | None) -> str | None:
    if endpoint is not None and (why := endpoint_problem(endpoint)):
        raise EndpointUnreachable(
            "Endpoint URL not usable",
            f"{brief(endpoint)}: {why}.",
            "Correct --endpoint-url, AWS_ENDPOINT_URL or the profile's endpoint_url.",
        )
    return endpoint


def _error_context(options: ConnectOptions) -> ErrorContext:
    profile = options.profile or (
        None if options.isolated else os.environ.get("AWS_DEFAULT_PROFILE") or os.environ.get("AWS_PROFILE")
    )
    return ErrorContext(profile, options.region, options.endpoint_url)


def _keep_libraries_off_the_screen() -> None:
    # Without any handler logging writes warnings, tracebacks of failed refreshes among them, to stderr: our screen.
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
