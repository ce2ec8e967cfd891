"""Resolves profile, Region, endpoint and credentials as the AWS CLI does: the login that gateways are made from.

Only a thread imports this module: it loads botocore and aiobotocore.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.session
from aiobotocore.session import AioSession
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import NoCredentialsError, NoRegionError, UnknownRegionError
from botocore.utils import validate_region_name

from ctui.aws.errors.error_context import CredentialKind, ErrorContext
from ctui.aws.errors.service_errors import error_of
from ctui.aws.errors.transport_row import brief
from ctui.aws.login.again import login_again
from ctui.aws.login.calls import LoginCalls
from ctui.aws.login.configuration import bundle_problem, explained_by_configuration, partition_problem
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_chain import LoginHelpers, OffLoopCredentials, frozen, prepare_logins
from ctui.aws.login.credential_process import CredentialPrograms
from ctui.aws.login.lean import read_less
from ctui.aws.login.login import Login
from ctui.aws.login.trace import trace_before_login
from ctui.errors import CtuiError, EndpointUnreachable
from ctui.model.connection import Connection
from ctui.model.endpoint import endpoint_problem, is_host_of, origin_of

# The CLI reads AWS_REGION before AWS_DEFAULT_REGION; botocore on its own knows only the second.
_REGION_AS_THE_CLI = {"region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None)}
_NOT_FROM_A_PROFILE = frozenset({"env", "explicit", "iam-role", "container-role", "ec2-credentials-file"})
_WRITTEN_DOWN = frozenset({"env", "explicit", "shared-credentials-file", "config-file", "boto-config"})
"""Logins with a key from a file or a variable. An account that is written there may be another one's."""
_RENEWAL_SHARE = 0.75
"""The share of a call's seconds that renewing its key may take."""
_BESIDE_CLOUDTRAIL = ("sts", "account", "ec2", "organizations")
"""Services that a gateway asks who it is, which Regions there are, and what accounts are called."""
_LIBRARIES = ("botocore", "aiobotocore", "urllib3")


def log_in(
    options: ConnectOptions,
    ask: Callable[[str], str] | None,
    programs: CredentialPrograms,
    resolved: Callable[[Connection], None],
) -> Login:
    """A login that has succeeded. Blocks; raises our errors only.

    `ask` asks the person for an MFA code, on this thread; None if there is no way to ask. `programs` runs the
    credential_process of a profile. `resolved` is called on this thread with what is known before the login, and again
    when the key is known.
    """
    _keep_libraries_off_the_screen()
    context = _error_context(options)
    if options.isolated:
        try:
            return _isolated(options, lambda error: error_of(error, context), resolved)
        except Exception as error:
            raise error_of(error, context) from error
    core = botocore.session.Session(session_vars=_REGION_AS_THE_CLI)
    calls = LoginCalls(programs.waits)

    def explain(error: Exception) -> CtuiError:
        return explained_by_configuration(error, core) or error_of(error, calls.error_context(error, context))

    try:
        for variable, value in (("profile", options.profile), ("region", options.region)):
            if value is not None:
                core.set_config_variable(variable, value)
        context = replace(context, again=login_again(core))
        return _resolved(core, options, LoginHelpers(ask, programs, calls), explain, resolved)
    except Exception as error:
        raise explain(error) from error


def _resolved(
    core: Any,
    options: ConnectOptions,
    helpers: LoginHelpers,
    explain: Callable[[Exception], CtuiError],
    resolved: Callable[[Connection], None],
) -> Login:
    read_less(core)
    region = core.get_config_variable("region")
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
    endpoints: dict[str, str | None] = {"cloudtrail": endpoint}
    for service in _BESIDE_CLOUDTRAIL:
        # They are where CloudTrail is, unless that is a host of AWS, or the configuration says where they are.
        url = options.endpoint_url or _configured_endpoint(core, service) or endpoint
        endpoints[service] = None if url == endpoint and aws_host else url
    # Without usable certificates every call fails, each with another error. Plain HTTP needs none.
    needs_certificates = any(not (endpoints[each] or "https:").startswith("http:") for each in ("cloudtrail", "sts"))
    if needs_certificates and (problem := bundle_problem(core)):
        raise problem
    if aws_host and _by_profile(options) and (problem := partition_problem(core, partition)):
        raise problem
    credentials, login, now = _credentials(options, core, helpers)
    if credentials.method in _NOT_FROM_A_PROFILE:
        connection = replace(connection, profile=None)
    connection = _with_key(connection, now.access_key)
    if connection.login.account is None and (account := _account_from_provider(core, credentials, now)):
        connection = replace(connection, login=replace(connection.login, account=account))
    resolved(connection)

    def make_session() -> AioSession:
        aio = AioSession(session_vars=_REGION_AS_THE_CLI, profile=options.profile)
        # One loader for all sessions: what it has read it keeps.
        aio.register_component("data_loader", core.get_component("data_loader"))
        return aio

    # A renewal must end before the call that waits for it, else the call seems to be what failed.
    refreshable = OffLoopCredentials(credentials, explain, options.patience * _RENEWAL_SHARE)
    return Login(
        connection,
        login,
        refreshable,
        options,
        make_session,
        endpoints,
        partition,
        _known_regions(core, region),
        explain,
    )


def _account_from_provider(core: Any, credentials: Credentials, now: ReadOnlyCredentials) -> str | None:
    """The account that came with the key, or None if it comes from a file, which proves nothing."""
    # If a credential_process prints no account, botocore takes the aws_account_id of the profile.
    written = credentials.method in _WRITTEN_DOWN or now.account_id == core.get_scoped_config().get("aws_account_id")
    return None if written else now.account_id


def _with_key(connection: Connection, key_id: str) -> Connection:
    return replace(connection, login=replace(connection.login, key_id=key_id))


def _isolated(
    options: ConnectOptions, explain: Callable[[Exception], CtuiError], resolved: Callable[[Connection], None]
) -> Login:
    if not (options.region and options.endpoint_url and options.access_key and options.secret_key):
        raise ValueError("an isolated connection needs Region, endpoint and key")
    endpoint = options.endpoint_url
    # Every variable loses its environment, so that AWS_* settings have no effect. No file is read.
    variables = {
        name: (None, None, default, convert)
        for name, (_file, _environment, default, convert) in AioSession.SESSION_VARIABLES.items()
    }
    for file in ("config_file", "credentials_file"):
        variables[file] = (None, None, os.devnull, None)
    first = AioSession(session_vars=variables)
    read_less(first)

    def make_session() -> AioSession:
        aio = AioSession(session_vars=variables)
        aio.register_component("data_loader", first.get_component("data_loader"))
        return aio

    connection = _with_key(
        Connection(options.profile, options.region, endpoint, origin_of(endpoint)), options.access_key
    )
    resolved(connection)
    return Login(
        connection,
        CredentialKind(),
        OffLoopCredentials(Credentials(options.access_key, options.secret_key)),
        options,
        make_session,
        dict.fromkeys(("cloudtrail", *_BESIDE_CLOUDTRAIL), endpoint),
        _partition(first, options.region)[0],
        known_regions=(options.region,),
        explain=explain,
    )


def _credentials(
    options: ConnectOptions, core: Any, helpers: LoginHelpers
) -> tuple[Credentials, CredentialKind, ReadOnlyCredentials]:
    """(credentials, their kind, key and token as they are now)."""
    if options.access_key and options.secret_key:
        credentials = Credentials(options.access_key, options.secret_key, method="explicit")
        return credentials, CredentialKind(), credentials.get_frozen_credentials()
    prepare_logins(core, helpers)
    credentials = core.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    # Roles and SSO log in at the first use: here, in the thread, where the person can be asked.
    now = frozen(credentials)
    return credentials, CredentialKind(str(credentials.method), bool(now.token)), now


def _by_profile(options: ConnectOptions) -> bool:
    """Whether the settings of a profile decide who logs in: without a named one, keys of the environment do."""
    return not options.access_key and bool(options.profile or not os.environ.get("AWS_ACCESS_KEY_ID"))


def _named_profile(core: Any) -> str | None:
    name: str | None = core.profile
    return name or ("default" if "default" in core.available_profiles else None)


def _partition(core: Any, region: str) -> tuple[str, list[str]]:
    """(the Region's partition, the DNS suffixes of AWS's hosts in all partitions)."""
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


def _known_regions(core: Any, region: str) -> tuple[str, ...]:
    """The Regions of this Region's partition where CloudTrail is, by botocore's list, and this one."""
    partition, _ = _partition(core, region)
    return tuple(sorted({region, *core.get_available_regions("cloudtrail", partition)}))


def _configured_endpoint(core: Any, service: str) -> str | None:
    """AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's services section or its endpoint_url, in this order.

    botocore's own reader is private; tests/aws/login/test_resolve.py pins what is used here.
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
    # Without a handler, logging writes warnings and tracebacks of failed refreshes to stderr: our screen.
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
